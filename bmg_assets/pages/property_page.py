"""The page of a property's map in a system: its facts, arranged for the template `property`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.interactive_map import InteractiveMap
from bmg_assets.pages.provenance import sources_of
from bmg_assets.pages.rendering import NO_LINKS, Links, Picture, grid_as_csv, render
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.pages.system_page import CATEGORIES
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property, Scale
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

NEAREST_SHOWN = 20
BASELINES = {
    "rmse_mean": "the mean of the other alloys",
    "rmse_melting_points": "a straight line in the mean melting point of the elements",
    "rmse_fractions": "a sum over the elements, each times its fraction",
}


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
    values: pd.DataFrame
    """The rows of the table `property_values` that are of this property."""

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
        """Which alloys the models were trained on."""
        number = self.scores["sub_dataset"]
        return "nothing left out" if number == NOTHING_LEFT_OUT else f"sub-dataset ({number})"

    @property
    def scale_unit(self) -> str:
        """Unit of numbers on the property's scale."""
        return f"log10 of {self.prop.unit}" if self.prop.scale is Scale.LOG else self.prop.unit

    def amount(self, value: float) -> str:
        """A value with its unit: three digits, more where it has them before the decimal point."""
        if self.prop.scale is Scale.LOG:
            return f"{two_digits(value)} {self.prop.unit}"
        return f"{value:.3g} {self.prop.unit}" if abs(value) < 100 else f"{value:.0f} {self.prop.unit}"

    def error(self, size: float) -> str:
        """An error or a difference on the property's scale, with its unit."""
        if self.prop.scale is Scale.LOG:
            return f"{size:.2g} decades (a factor of {two_digits(10**size)})"
        return self.amount(size)

    def uncertainty(self) -> str:
        """Half the width of the intervals, in the middle of all points."""
        ends = (self.prop.scale.to_scale(self.grid[name].to_numpy()) for name in ("interval_high", "interval_low"))
        half = float(np.median(np.subtract(*ends))) / 2
        is_log = self.prop.scale is Scale.LOG
        return f"a factor of {two_digits(10**half)} up or down" if is_log else f"± {self.amount(half)}"

    def as_cells(self, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        """The frame with these values as a table shows them: over decades, a fixed number of decimals says nothing."""
        if self.prop.scale is not Scale.LOG:
            return frame
        return frame.assign(**{name: frame[name].map(two_digits, na_action="ignore") for name in columns})

    def conflicts(self) -> pd.DataFrame:
        """Alloys whose reports contradict each other, those of the diagram first and then the furthest apart."""
        found = self.values[self.values["conflict"] != "none"]
        inside = [self.system.element_set.issuperset(one) for one in found["elements"]]
        return found.assign(inside=inside).sort_values(["inside", "spread"], ascending=False, kind="stable")

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
            key: formula_led_by(self.system.elements, dict(zip(elements, at_pct, strict=True)))
            for key, elements, at_pct in alloys
        }


def two_digits(value: float) -> str:
    """A number with two digits, like 0.74, 130 or 5e+07."""
    return f"{float(f'{value:.2g}'):g}"


def render_property(
    facts: PropertyFacts,
    pictures: Mapping[str, Picture],
    map_to_point_at: InteractiveMap | None,
    libraries: Mapping[str, str],
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        pictures: see `draw_property`.
        map_to_point_at: see `property_map`; None for a system that has no ternary diagram.
        libraries: version of each library that has a part in the numbers.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    letter, _, index = facts.prop.symbol.partition("_")
    trained_on = facts.alloys.loc[facts.alloys["is_trained"], "category"].value_counts()
    return render(
        "property",
        links=links,
        facts=facts,
        system=facts.system,
        prop=facts.prop,
        scores=facts.scores,
        symbol=(letter, index),
        pictures=pictures,
        map=map_to_point_at,
        libraries=libraries,
        made_at=made_at,
        quartiles=facts.grid["value"].quantile([0.25, 0.75]).tolist(),
        csv=grid_as_csv(facts.system.elements, facts.grid, 5),
        nearest=facts.as_cells(_nearest(facts), ("value", "predicted", "predicted_without_system")),
        most=NEAREST_SHOWN,
        models=_models(facts),
        sources=sources_of(facts.reports, {}),
        refused=facts.reports[facts.reports["status"] == "refused"],
        copied=int((facts.reports["status"] == "copied").sum()),
        conflicts=facts.as_cells(_in_words(facts.conflicts()), ("value", "smallest", "largest")),
        trained_on=", ".join(f"{count} {name}" for name, count in trained_on.items()),
        categories=CATEGORIES,
    )


def _nearest(facts: PropertyFacts) -> pd.DataFrame:
    """Known alloys, those with the fewest atoms of other elements first."""
    amounts = amounts_of(facts.system, facts.alloys)
    reported = facts.values.groupby("composition")["reported"].agg(lambda lines: "; ".join(chain(*lines)))
    return facts.alloys.assign(
        foreign=np.clip(100 - amounts.sum(axis=1), 0, 100),
        formula=facts.alloys["composition"].map(facts.formulas_of_known()),
        n_shared=(amounts > 0).sum(axis=1),
        reference=facts.alloys["composition"].map(reported).mask(facts.alloys["category"] == "lab", "own cast"),
    ).sort_values(["foreign", "n_shared", "composition"], ascending=[True, False, True], kind="stable")


def _in_words(conflicts: pd.DataFrame) -> pd.DataFrame:
    return conflicts.assign(reported=conflicts["reported"].map("; ".join))


def _models(facts: PropertyFacts) -> pd.DataFrame:
    """Weight and error of each sub-model, of the fusion and of what needs no such models."""
    scores = facts.scores
    rows: list[dict[str, Any]] = [
        {"model": model.title, "weight": scores[f"weight_{name}"], "rmse": scores[f"rmse_{name}"]}
        for name, model in SUB_MODELS.items()
    ]
    rows.append({"model": "fusion", "weight": None, "rmse": scores["rmse_fusion"]})
    rows += [{"model": words, "weight": None, "rmse": scores[name]} for name, words in BASELINES.items()]
    return pd.DataFrame(rows)
