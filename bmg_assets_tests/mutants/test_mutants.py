"""What is mutated exists, and each mutant is another module that can be compiled."""

import pytest

from bmg_assets_tests.mutants import mutations
from bmg_assets_tests.mutants.mutations import mutants_of
from bmg_assets_tests.mutants.named import NAMED
from bmg_assets_tests.mutants.targets import PROJECT, TARGETS, noticing_tests, source_of


@pytest.mark.parametrize("target", TARGETS)
def test_every_module_has_mutants_and_tests_that_must_notice(target: str) -> None:
    mutant = next(mutants_of(target, seed=0))
    assert mutant.source != source_of(target)
    compile(mutant.source, target, "exec")
    assert mutant.diff.startswith("@@")
    assert all((PROJECT / tests).exists() for tests in noticing_tests(target))


def test_the_same_seed_draws_the_same_mutants() -> None:
    one, same, other = ([m.what for m in mutants_of("proposals/improvement.py", seed)] for seed in (1, 1, 2))
    assert one == same != other
    assert sorted(one) == sorted(other)


def test_named_faults_are_written_into_their_modules() -> None:
    assert all(mutant.source != source_of(mutant.target) for mutant in NAMED)


@pytest.mark.parametrize(
    ("target", "operator", "passage"),
    [
        ("casts/ladder.py", "ReplaceBinaryOperator_BitOr_BitAnd", "float | None"),
        ("melt/estimates.py", "ReplaceTrueWithFalse", "@dataclass(frozen=True)"),
    ],
)
def test_annotations_and_decorators_are_left_alone(
    target: str, operator: str, passage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutations, "OPERATORS", (operator,))
    assert passage in source_of(target)
    assert all(passage not in mutant.diff for mutant in mutants_of(target, seed=0))
