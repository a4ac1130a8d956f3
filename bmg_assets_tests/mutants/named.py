"""Faults with a name: each once passed all tests. `make mutants` writes them into the science every time."""

from bmg_assets_tests.mutants.mutations import Mutant
from bmg_assets_tests.mutants.targets import source_of


def _fault(target: str, what: str, right: str, wrong: str) -> Mutant:
    """A mutant with one passage changed, which has to stand in the module exactly once."""
    source = source_of(target)
    if source.count(right) != 1:
        raise ValueError(
            f"Found {source.count(right)} times `{right}` in {target}, expected once; "
            f"write the fault '{what}' of bmg_assets_tests/mutants/named.py as the module is today."
        )
    return Mutant(target, what, source.replace(right, wrong))


NAMED: tuple[Mutant, ...] = (
    _fault(
        "surrogates/regimes.py",
        "relatedness at three shared elements instead of two",
        ".sum(axis=1) >= 2)",
        ".sum(axis=1) >= 3)",
    ),
    _fault("surrogates/transfer.py", "family of metals and metalloids exchanged", ") == all_metal", ") != all_metal"),
    _fault("surrogates/transfer.py", "weight of being a glass negated", "GLASS_WEIGHT = 0.3", "GLASS_WEIGHT = -0.3"),
    _fault(
        "surrogates/transfer.py",
        "noise of own casts and of the literature exchanged",
        "np.where(alloys.is_own, OWN_NOISE, NOISE)",
        "np.where(alloys.is_own, NOISE, OWN_NOISE)",
    ),
    _fault(
        "surrogates/kernels.py",
        "offset of many elements whatever the second alloy has",
        "np.flatnonzero(b.has_many_elements)",
        "np.arange(len(b.systems))",
    ),
    _fault(
        "surrogates/kernels.py",
        "length of compositions ten times as long",
        "COMPOSITION_LENGTH = 0.3",
        "COMPOSITION_LENGTH = 3",
    ),
    _fault("melt/estimates.py", "skewness of radii squared", "np.cbrt((x * mismatch**3)", "np.cbrt((x * mismatch**2)"),
    _fault(
        "melt/estimates.py", "repulsion with the sign of attraction", "np.maximum(pairs, 0)", "np.minimum(pairs, 0)"
    ),
    _fault("melt/estimates.py", "melt above its liquidus called undercooled", "UNDERCOOLED = 0.6", "UNDERCOOLED = 1.6"),
    _fault(
        "proposals/refinement.py",
        "regions of another step than the grid's",
        "label_regions(points, marked, step,",
        "label_regions(points, marked, 2 * step,",
    ),
    _fault(
        "models/prediction.py",
        "regions of another step than the grid's",
        "label_regions(grid.points, marked, grid.step_at_pct)",
        "label_regions(grid.points, marked, 2 * grid.step_at_pct)",
    ),
    _fault(
        "proposals/surrogate_map.py",
        "chance of better without a floor",
        "max(best_known, BULK_FROM_MM)",
        "best_known",
    ),
    _fault("models/calibration.py", "conformal quantile without the next system", "(len(counts) + 1)", "len(counts)"),
    _fault("proposals/acquisition.py", "one point around the first instead of six", "AROUND = 6", "AROUND = 1"),
    _fault(
        "models/tuning.py",
        "racing margins ten times as wide",
        "(0.03, 0.02, 0.015, 0.01)",
        "(0.3, 0.2, 0.15, 0.1)",
    ),
    _fault("models/tuning.py", "racing margins narrower", "(0.03, 0.02, 0.015, 0.01)", "(0.01, 0.01, 0.005, 0.001)"),
)
