"""What the page of a property's map and its figures are made from."""

from dataclasses import dataclass

import pandas as pd

from bmg_assets.pages.system_facts import formula_led_by
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property


@dataclass(frozen=True)
class PropertyFacts:
    """What the page and its figures are made from."""

    system: TargetSystem
    prop: Property
    grid: pd.DataFrame
    """The table `property_maps`."""
    alloys: pd.DataFrame
    """The table `property_alloys`."""
    scores: pd.Series
    """The row of the table `property_scores`."""
    reports: pd.DataFrame
    """The rows of the table `property_reports` that are of this property."""

    @property
    def lowest(self) -> pd.Series:
        """The point with the lowest prediction."""
        return self.grid.iloc[int(self.grid["value"].argmin())]

    @property
    def highest(self) -> pd.Series:
        """The point with the highest prediction."""
        return self.grid.iloc[int(self.grid["value"].argmax())]

    @property
    def training(self) -> str:
        """Identity of the training set, for figures."""
        left_out = "" if self.scores["sub_dataset"] == NOTHING_LEFT_OUT else f", {self.sub_dataset_in_words()}"
        return (
            f"{self.scores['n_training']} alloys with a known value{left_out}, {self.scores['n_of_system']} of this "
            f"system; training set {self.scores['training_fingerprint']}"
        )

    def sub_dataset_in_words(self) -> str:
        """Which of the alloys were trained on."""
        number = self.scores["sub_dataset"]
        return "nothing left out" if number == NOTHING_LEFT_OUT else f"sub-dataset ({number})"

    def formula(self, point: pd.Series) -> str:
        """A point's composition with its elements in the order of the system."""
        return formula_in_order(self.system.elements, point["at_pct"])

    def alloys_in_diagram(self) -> pd.DataFrame:
        """Known alloys of the system's elements or some of them, and nothing else."""
        return self.alloys[[self.system.element_set.issuperset(one) for one in self.alloys["elements"]]]

    def formulas_of_known(self) -> dict[str, str]:
        """Each known alloy, by its key, with the system's elements first."""
        alloys = zip(self.alloys["composition"], self.alloys["elements"], self.alloys["at_pct"], strict=True)
        return {
            key: formula_led_by(self.system, dict(zip(elements, at_pct, strict=True)))
            for key, elements, at_pct in alloys
        }
