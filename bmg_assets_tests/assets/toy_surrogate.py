"""A surrogate that a newcomer adds: this one file, and its line in the catalogue, which a program has at its end.

As a program it runs the benchmark and a whole system with that surrogate. It does so in a process of its own, since a
catalogue is read when the other modules are imported.

python -m bmg_assets_tests.assets.toy_surrogate FOLDER SYSTEM, where FOLDER holds a deployment with its literature.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior, Surrogate
from bmg_assets.science.surrogates.catalogue import SURROGATES

PENALTY = 0.01


@dataclass(frozen=True)
class FittedRidge:
    """Coefficients of the mole fractions and of their pairs."""

    coefficients: FloatArray

    def predict(self, compositions: Compositions) -> Posterior:
        dmax_mm = np.maximum(_terms(compositions) @ self.coefficients, 0)
        return Posterior(dmax_mm, dmax_mm)

    def condition_on(self, alloys: Alloys) -> "FittedRidge":
        return _fitted(alloys)


class Ridge(Surrogate):
    """A quadratic polynomial of the mole fractions."""

    name = "ridge"
    title = "ridge: a polynomial of the amounts"
    makes_maps = True

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedRidge:
        return _fitted(alloys)


def _terms(compositions: Compositions) -> FloatArray:
    x = compositions.fractions
    return np.hstack([x, (x[:, :, np.newaxis] * x[:, np.newaxis, :]).reshape(len(x), -1)])


def _fitted(alloys: Alloys) -> FittedRidge:
    terms = _terms(alloys.compositions)
    gram = terms.T @ terms + PENALTY * np.eye(terms.shape[1])
    return FittedRidge(np.linalg.solve(gram, terms.T @ alloys.dmax_mm))


def run(folder: Path, system: str) -> None:
    """Evaluate the surrogate, then run the system with candidates by its map."""
    import dagster as dg

    from bmg_assets.automation.jobs import EVIDENCE_JOB
    from bmg_assets_tests.deployment import QUICK, Deployment, configured, sentence_of

    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment(folder, instance, folder / "data")
        instance.add_dynamic_partitions("target_system", [system])
        benchmark = {"contest": "quick", "strategies": [Ridge.name, "nearest"]}
        by_ridge = {"config": {"strategy": Ridge.name}}
        runs = (
            lambda: deployment.run(EVIDENCE_JOB, run_config=configured(strategy_benchmark=benchmark)),
            lambda: deployment.run_system(
                system, run_config={"ops": QUICK["ops"] | {"transfer_grid": by_ridge, "candidates": by_ridge}}
            ),
        )
        for start in runs:
            result = start()
            if not result.success:
                sys.exit(sentence_of(result))


if __name__ == "__main__":
    SURROGATES[Ridge.name] = Ridge()  # its line in the catalogue
    run(Path(sys.argv[1]), sys.argv[2])
