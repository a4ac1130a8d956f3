"""What is known and predicted of one alloy: by stored maps, by the surrogate, by the literature and the laboratory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.actions.fitted_surrogate import fitted_to_all
from bmg_assets.actions.known_casts import KnownCasts, known_casts
from bmg_assets.actions.literature_at_hand import LiteratureAtHand
from bmg_assets.science.alloys.systems import FEWEST_ELEMENTS, SEPARATOR, TargetSystem
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.proposals.comparison import ComparedAlloy, KnownAlloy, Prediction, PropertyEstimate
from bmg_assets.studies.mapped_properties import MappedProperty, error_at, mapped_properties

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.intake.inbox import LabInbox
    from bmg_assets.science.alloys.compositions import ParsedFormula
    from bmg_assets.settings import Settings
    from bmg_assets.store.store import Store

NEAREST_SHOWN = 3
GLASS_TRANSITION = "glass_transition_temperature"
SAME_AT_PCT = 1e-4
"""Compositions that differ by less are the same."""


@dataclass(frozen=True)
class AlloyFacts:
    """Everything that alloys are looked up in, read when it is needed."""

    store: "Store"
    inbox: "LabInbox"
    settings: "Settings"
    say: Callable[[str], None]
    maps: "dict[tuple[str, str], pd.DataFrame]" = field(default_factory=dict)
    mapped: dict[frozenset[str], dict[str, MappedProperty]] = field(default_factory=dict)

    @cached_property
    def literature(self) -> LiteratureAtHand:
        """The tables of the literature."""
        return LiteratureAtHand(self.store)

    @cached_property
    def declared(self) -> dict[str, Property]:
        """The properties by name."""
        from bmg_assets.settings import Locations
        from bmg_assets.sources.properties import FILE, read_properties

        return dict(read_properties(Locations.from_environment().literature / FILE))

    @cached_property
    def own(self) -> "pd.DataFrame":
        """The own alloys of all systems."""
        return self.store.read_all("lab_results")

    @cached_property
    def reported(self) -> "pd.DataFrame":
        """See `reported_alloys`."""
        from bmg_assets.science.literature.nearest_reported import reported_alloys

        return reported_alloys(self.own, self.literature.table("alloys"))

    @cached_property
    def casts(self) -> KnownCasts:
        """What the laboratory has reported."""
        return known_casts(self.inbox)

    @cached_property
    def registered(self) -> dict[frozenset[str], str]:
        """Keys of the systems that have a map, by their elements."""
        keys = {*self.store.partitions_of("transfer_grid"), *self.store.partitions_of("prediction_grid")}
        return {frozenset(key.split(SEPARATOR)): key for key in sorted(keys)}

    def of(self, read: "ParsedFormula") -> ComparedAlloy:
        """All that there is to tell of an alloy.

        Raises:
            NothingKnownError, UnknownElementError: nothing can be predicted.
            BmgError: a table cannot be read.
        """
        from bmg_assets.science.alloys.compositions import chemical_system
        from bmg_assets.science.alloys.density import estimated_density_g_cm3

        elements = read.elements_as_written
        key = self.registered.get(frozenset(elements))
        predictions, notes = self._predictions(read, key)
        properties, about_properties = self._properties(read)
        limits, price = self._practice(read)
        return ComparedAlloy(
            formula=read.in_order,
            composition=read.composition,
            amounts={element: read.amounts[element] for element in elements},
            system=key or chemical_system(elements),
            predictions=tuple(predictions),
            own_cast=self._own_cast(read.composition),
            price_per_kg=price,
            density_g_cm3=estimated_density_g_cm3(read.amounts),
            properties=properties,
            notes=(*(f"{note[:1].upper()}{note[1:]}." for note in read.doubts), *limits, *notes, *about_properties),
            **self._neighbours(read),
            **_melt(read),
        )

    def _predictions(self, read: "ParsedFormula", key: str | None) -> tuple[list[Prediction], list[str]]:
        """Of each model that can predict the alloy, and why another cannot."""
        from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED

        found: list[Prediction] = []
        for name, predictions_at in (("transfer_grid", _of_transfer), ("prediction_grid", _of_papers)):
            point = _point(self._map(name, key), read.composition)
            found += [] if point is None else predictions_at(point)
        if not any(one.by == RECOMMENDED.name for one in found):
            elements = read.elements_as_written
            amounts = [read.amounts[element] for element in elements]
            literature = self.literature.table("alloys")
            fitted = fitted_to_all(self.own, literature, elements, self.settings.seed, self.say)
            found.insert(0, fitted.predict(elements, amounts, self.settings.coverage))
        if any(one.by == PAPER.name for one in found):
            return found, []
        return found, [_why_no_paper(read, key)]

    def _neighbours(self, read: "ParsedFormula") -> dict[str, Any]:
        """The alloy itself as reported, and the alloys around it."""
        from bmg_assets.science.alloys.distances import exchanged_at_pct
        from bmg_assets.science.alloys.labels import BULK_FROM_MM, GlassClass
        from bmg_assets.science.literature.known_alloys import amounts_of

        if self.reported.empty:
            return {}
        elements = read.elements_as_written
        point = np.array([[read.amounts[element] for element in elements]])
        distance = exchanged_at_pct(point, amounts_of(TargetSystem(elements), self.reported))[0]
        by_distance = np.argsort(distance, kind="stable")
        is_itself = distance[by_distance] < SAME_AT_PCT
        itself, others = by_distance[is_itself], by_distance[~is_itself]
        is_bulk = (self.reported["glass_class"] == GlassClass.BULK.value) & ~(self.reported["dmax_mm"] < BULK_FROM_MM)
        bulk = others[is_bulk.to_numpy()[others]]
        return {
            "known": self._known(elements, itself[0], distance) if len(itself) else None,
            "nearest": tuple(self._known(elements, row, distance) for row in others[:NEAREST_SHOWN]),
            "nearest_bulk": self._known(elements, bulk[0], distance) if len(bulk) else None,
        }

    def _known(self, elements: Sequence[str], row: int, distance: Any) -> KnownAlloy:
        import pandas as pd

        from bmg_assets.pages.sentences import formula_led_by

        alloy = self.reported.iloc[row]
        return KnownAlloy(
            formula=formula_led_by(elements, dict(zip(alloy["elements"], alloy["at_pct"], strict=True))),
            glass_class=_class_in_words(str(alloy["glass_class"]), alloy["dmax_mm"]),
            dmax_mm=None if pd.isna(alloy["dmax_mm"]) else float(alloy["dmax_mm"]),
            who=str(alloy["who"]),
            distance_at_pct=float(distance[row]),
        )

    def _own_cast(self, composition: str) -> str:
        from bmg_assets.science.casts.ladder import LadderState, label_of

        casts = self.casts.of_composition(composition)
        if not casts:
            return ""
        label = label_of(casts)
        samples = ", ".join(label.sample_ids)
        if label.dmax_mm is None:
            state = "in quarantine" if label.state is LadderState.QUARANTINE else "without a label yet"
            return f"{state} ({samples})"
        below = "" if label.high_mm is None else f", below {label.high_mm:g} mm"
        return f"D_max {label.dmax_mm:g} mm{below} ({samples})"

    def _practice(self, read: "ParsedFormula") -> tuple[list[str], float | None]:
        """What the laboratory's limits say of the alloy, and its price."""
        from bmg_assets.settings import Locations

        practice, elements = Locations.from_environment().casting_practice(), read.elements_as_written
        system, point = TargetSystem(elements), np.array([[read.amounts[element] for element in elements]])
        price = float(practice.alloy_prices_per_kg(point, system)[0])
        refused = [element for element in elements if element in practice.not_cast]
        said = [f"The laboratory does not cast {' or '.join(refused)}."] if refused else []
        if not practice.allows(point, system)[0]:
            said.append(f"It lies outside of the laboratory's limits ({'; '.join(practice.in_words(system))}).")
        return said, None if np.isnan(price) else price

    def _properties(self, read: "ParsedFormula") -> tuple[dict[str, PropertyEstimate], list[str]]:
        """Properties as they were measured of the alloy, else as mapped, and which temperatures have no map."""
        mapped = self._mapped(read.elements_as_written)
        found = {
            name: estimate
            for name, one in mapped.items()
            if (estimate := _mapped_at(one, read.composition)) is not None
        }
        notes = [one.older_in_words for one in mapped.values() if one.older_in_words]
        measured = self._measured(read.composition)
        if GLASS_TRANSITION not in {*mapped, *measured} and len(read.amounts) >= FEWEST_ELEMENTS:
            key = SEPARATOR.join(read.elements_as_written)
            notes.append(f"T_g is not mapped in {key}: `bmg property T_g {key}` does it in minutes.")
        return {**found, **measured}, notes

    def _mapped(self, elements: Sequence[str]) -> dict[str, MappedProperty]:
        key = frozenset(elements)
        if key not in self.mapped:
            self.mapped[key] = mapped_properties(self.store, self.declared, elements, self.literature.property_values)
        return self.mapped[key]

    def _measured(self, composition: str) -> dict[str, PropertyEstimate]:
        values = self.literature.property_values()
        if values is None:
            return {}
        rows = values[(values["composition"] == composition) & values["property"].isin(self.declared)]
        return {
            row["property"]: PropertyEstimate(
                self.declared[row["property"]].symbol, row["unit"], row["value"], row["smallest"], row["largest"]
            )
            for row in rows.to_dict("records")
        }

    def _map(self, name: str, key: str | None) -> "pd.DataFrame | None":
        """A stored map of a system; None where there is none."""
        if key is None or not self.store.has_table(name, key):
            return None
        if (name, key) not in self.maps:
            self.maps[name, key] = self.store.read_table(name, key)
        return self.maps[name, key]


def _point(grid: "pd.DataFrame | None", composition: str) -> Mapping[Any, Any] | None:
    """The row of a map at a composition; None where it is no point of it."""
    rows = None if grid is None else grid[grid["composition"] == composition]
    return None if rows is None or rows.empty else rows.iloc[0].to_dict()


def _of_transfer(point: Mapping[Any, Any]) -> list[Prediction]:
    """What the map of the surrogate in use says; nothing where its scores have no meaning in mm."""
    from bmg_assets.science.surrogates.catalogue import SURROGATES

    strategy = str(point["strategy"])
    low = _number(point["interval_low_mm"])
    if low is None and SURROGATES[strategy].has_calibrated_spread:
        return []
    return [
        Prediction(
            by=strategy,
            dmax_mm=float(point["dmax_mm"]),
            low_mm=low,
            high_mm=_number(point["interval_high_mm"]),
            probability_bulk=_number(point["probability_bulk"]),
            is_trusted=bool(point["is_trusted"]),
            explained=_number(point["explained"]),
            is_of_map=True,
        )
    ]


def _of_papers(point: Mapping[Any, Any]) -> list[Prediction]:
    """What the paper's models say, fused and each by itself."""
    from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
    from bmg_assets.science.surrogates.catalogue import PAPER

    fused = Prediction(
        by=PAPER.name,
        dmax_mm=float(point["dmax_mm"]),
        low_mm=_number(point["interval_low_mm"]),
        high_mm=_number(point["interval_high_mm"]),
        probability_bulk=_number(point["probability_bulk"]),
        is_of_map=True,
    )
    return [fused, *(Prediction(name, float(point[f"{name}_mm"]), is_of_map=True) for name in SUB_MODELS)]


def _why_no_paper(read: "ParsedFormula", key: str | None) -> str:
    """Why the paper's models predict nothing of an alloy, and what would change that."""
    from bmg_assets.science.surrogates.possible import possible_for

    wanted = SEPARATOR.join(read.elements_as_written)
    if key is not None:
        return f"The paper's models predict the points of their map alone, and {read.in_order} is none of {key}'s."
    possible = possible_for(read.elements_as_written)
    if not possible.trains_sub_models:
        return f"The paper's models predict nothing of it. {' '.join(possible.sentences)}"
    return (
        f"The paper's models predict nothing of it before {wanted} is trained: `bmg add {wanted}`, `bmg run {wanted}`."
    )


def _mapped_at(one: MappedProperty, composition: str) -> PropertyEstimate | None:
    rows = one.grid[one.grid["composition"] == composition]
    if rows.empty:
        return None
    point = rows.iloc[0]
    value = float(point["value"])
    low, high = float(point["interval_low"]), float(point["interval_high"])
    return PropertyEstimate(one.prop.symbol, one.prop.unit, value, low, high, error_at(one, value))


def _melt(read: "ParsedFormula") -> dict[str, Any]:
    """The estimates of the melt; none where an element has no data."""
    from bmg_assets.science.melt.elements import melt_elements
    from bmg_assets.science.melt.estimates import ESTIMATES, estimate_melts
    from bmg_assets.science.surrogates.possible import WITHOUT_MELTING_POINT

    symbols = tuple(sorted(read.amounts))
    if not WITHOUT_MELTING_POINT.isdisjoint(symbols):
        return {}
    fractions = np.array([[read.amounts[symbol] / 100 for symbol in symbols]])
    found = dict(zip(ESTIMATES, estimate_melts(fractions, melt_elements(symbols)).by_itself[0].tolist(), strict=True))
    return {
        "liquidus_kelvin": found["liquidus"],
        "reduced_liquidus": found["reduced liquidus"],
        "above_lowest": found["reduced liquidus above the lowest of the system"],
    }


def _class_in_words(glass_class: str, dmax_mm: float) -> str:
    """The class; a mean below 1 mm tells of a bulk glass that others did not get."""
    from bmg_assets.pages.drawing import CLASS_TITLES
    from bmg_assets.science.alloys.labels import BULK_FROM_MM, GlassClass

    is_doubtful = glass_class == GlassClass.BULK and dmax_mm < BULK_FROM_MM
    return f"{CLASS_TITLES[glass_class]} by some reports" if is_doubtful else CLASS_TITLES[glass_class]


def _number(value: Any) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
