"""Modules of the science that are mutated, and for each the tests that have to notice."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
SCIENCE = Path("bmg_assets") / "science"
TESTS = Path("bmg_assets_tests") / "science"

GOLDEN = "surrogates/test_golden_numbers.py"
"""What the surrogates are made of is held by their numbers too."""
TARGETS: dict[str, tuple[str, ...]] = {
    "surrogates/baselines.py": ("surrogates",),
    "surrogates/kernels.py": ("surrogates",),
    "surrogates/pruned.py": ("surrogates",),
    "surrogates/transfer.py": ("surrogates",),
    "surrogates/regimes.py": ("surrogates/test_regimes.py", "surrogates/test_transfer.py"),
    "models/interval_sites.py": ("models/test_interval_sites.py",),
    "models/extended_process.py": ("models/test_extended_process.py",),
    "surrogates/weighted.py": ("surrogates",),
    "melt/elements.py": ("melt", GOLDEN),
    "melt/estimates.py": ("melt", GOLDEN),
    "melt/liquidus.py": ("melt", GOLDEN),
    "models/calibration.py": ("models/test_calibration.py", GOLDEN),
    "models/gaussian_process.py": ("models/test_gaussian_process.py", GOLDEN),
    "models/uncertainty.py": ("models/test_uncertainty.py",),
    "models/fusion.py": ("models/test_fusion.py",),
    "models/pipeline.py": ("models/test_pipeline.py", "surrogates/test_pruned.py", GOLDEN),
    "models/prediction.py": ("models/test_prediction.py",),
    "models/tuning.py": ("models/test_tuning.py",),
    "proposals/acquisition.py": ("proposals/test_acquisition.py",),
    "proposals/batch.py": ("proposals/test_batch.py",),
    "proposals/agreement.py": ("proposals/test_agreement.py",),
    "proposals/candidates.py": ("proposals/test_candidates.py", "proposals/test_side_by_side.py"),
    "proposals/side_by_side.py": ("proposals/test_side_by_side.py",),
    "literature/nearest_reported.py": ("literature/test_nearest_reported.py",),
    "proposals/improvement.py": ("proposals/test_improvement.py",),
    "proposals/stopping.py": ("proposals/test_stopping.py",),
    "proposals/surrogate_map.py": ("proposals/test_surrogate_map.py",),
    "casts/ladder.py": ("casts/test_ladder.py",),
    "literature/pruning.py": ("literature/test_pruning.py",),
    "alloys/regions.py": ("alloys/test_regions.py",),
}
"""Files and folders of the tests, below TESTS, by the module, below SCIENCE."""


def module_path(target: str) -> Path:
    """The file of a target, from the root of the project."""
    return SCIENCE / target


def module_name(target: str) -> str:
    """The name under which a target is imported."""
    return ".".join(module_path(target).with_suffix("").parts)


def source_of(target: str) -> str:
    """The code of a target."""
    return (PROJECT / module_path(target)).read_text(encoding="utf-8")


def noticing_tests(target: str) -> tuple[str, ...]:
    """Files and folders of the tests of a target, from the root of the project."""
    return tuple(str(TESTS / tests) for tests in TARGETS[target])
