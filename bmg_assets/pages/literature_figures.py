"""What the literature is made of and where it is blind: the paper's Fig. 1 and Fig. S2 on the literature as it is now,
its growth over the years, and which elements are in one alloy.
"""

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.pages.drawing import CLASS_COLOURS, CLASS_TITLES, KIND_COLOURS, in_words, new_figure, saved
from bmg_assets.science.literature.blind_spots import BlindSpots
from bmg_assets.science.literature.profile import Correlations, LiteratureProfile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ELEMENTS_SHOWN = 30
SYSTEMS_SHOWN = 15
PAIRED_ELEMENTS = 48
"""Elements of the figure of pairs; more would be too small to read."""
DIAMETER_EDGES_MM = (0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200)
"""People cast in steps; finer bins would show these steps."""
LABELLED_DIAMETERS_MM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
HEADROOM = 1.15
"""Room for the number at the end of a bar."""


def draw_profile(profile: LiteratureProfile) -> dict[str, bytes]:
    """Kinds, D_max, numbers of elements, elements and largest systems; files by ending."""
    figure = new_figure(13, 9)
    grid = figure.add_gridspec(2, 3)
    figure.suptitle(f"The literature: {profile.n_alloys:,} alloys")
    _draw_kinds(figure.add_subplot(grid[0, 0]), profile.by_kind)
    _draw_diameters(figure.add_subplot(grid[0, 1]), profile)

    numbers = figure.add_subplot(grid[0, 2])
    _stack(numbers, profile.by_n_elements)
    numbers.set(title="(c) number of elements", xlabel="elements", ylabel="alloys", xticks=profile.by_n_elements.index)
    numbers.legend(fontsize=8)

    elements = figure.add_subplot(grid[1, :2])
    shown = profile.by_element.head(ELEMENTS_SHOWN)
    _stack(elements, shown)
    elements.set(title=f"(d) the {len(shown)} most frequent elements", ylabel="alloys")
    elements.tick_params(axis="x", labelsize=8)

    systems = figure.add_subplot(grid[1, 2])
    largest = list(profile.by_system.items())[:SYSTEMS_SHOWN][::-1]
    systems.barh([name for name, _ in largest], [count for _, count in largest], color="#009e73")
    systems.set(title=f"(e) the {len(largest)} largest systems", xlabel="alloys")
    systems.tick_params(axis="y", labelsize=8)
    return saved(figure)


def draw_years(profile: LiteratureProfile) -> dict[str, bytes]:
    """Reports per year by kind; files by ending.

    Args:
        profile: with one year at least.
    """
    figure = new_figure(11, 4.5)
    axes = figure.add_subplot()
    years = profile.by_year
    base = np.zeros(len(years))
    for kind in map(str, years):
        axes.bar(years.index, years[kind], bottom=base, color=KIND_COLOURS[kind], label=in_words(kind), width=1.0)
        base += years[kind].to_numpy()
    axes.set(title="Reports by year of publication", ylabel="reports that count", ylim=(0, 1.05 * base.max()))
    axes.margins(x=0.01)
    figure.legend(loc="outside right upper", fontsize=9)
    return saved(figure)


def draw_pairs(blind: BlindSpots) -> dict[str, bytes]:
    """How many alloys hold both of two elements, the frequent elements first; files by ending."""
    from matplotlib.colors import LogNorm

    figure = new_figure(11, 10.5, layout="compressed")
    axes = figure.add_subplot()
    names = blind.elements[:PAIRED_ELEMENTS]
    counts = blind.together[: len(names), : len(names)]
    colours = LogNorm(1, max(10, counts.max(initial=1)))
    image = axes.imshow(np.ma.masked_equal(counts, 0), cmap="viridis_r", norm=colours)
    axes.set_xticks(range(len(names)), names, fontsize=8, rotation=90)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.xaxis.set_ticks_position("top")
    axes.set_title(f"Alloys that hold both of two elements, of the {len(names)} most frequent ones; white: none")
    figure.colorbar(image, label="alloys", shrink=0.7, format="%g")
    return saved(figure)


def draw_correlations(correlations: Correlations) -> dict[str, bytes]:
    """Heat map of the Pearson coefficients; files by ending."""
    figure = new_figure(11, 10, layout="compressed")
    axes = figure.add_subplot()
    image = axes.imshow(correlations.r, cmap="RdBu_r", vmin=-1, vmax=1)
    names = [name.removeprefix("PymatgenData ") for name in correlations.names]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_title(f"Correlation of the {len(names)} descriptors ({correlations.n_pairs_above} pairs with |r| ≥ 0.8)")
    figure.colorbar(image, label="Pearson r", shrink=0.7)
    return saved(figure)


def _draw_kinds(axes: "Axes", by_kind: dict[str, int]) -> None:
    names = list(by_kind)[::-1]
    bars = axes.barh([in_words(name) for name in names], list(by_kind.values())[::-1])
    for bar, name in zip(bars, names, strict=True):
        bar.set_color(KIND_COLOURS[name])
    axes.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=8)
    axes.set(title="(a) kind", xlabel="alloys", xlim=(0, HEADROOM * max(by_kind.values(), default=1)))
    axes.tick_params(axis="y", labelsize=8)


def _draw_diameters(axes: "Axes", profile: LiteratureProfile) -> None:
    """A logarithmic scale needs a diameter: without one, there is a sentence instead."""
    axes.set(title="(b) bulk glasses with a diameter", xlabel="largest reported $D_{max}$ (mm)", ylabel="alloys")
    diameters = profile.bulk_dmax_mm[profile.bulk_dmax_mm > 0]
    if not len(diameters):
        axes.text(0.5, 0.5, "none", transform=axes.transAxes, ha="center")
        return
    low = max(edge for edge in DIAMETER_EDGES_MM if edge <= max(min(diameters.min(), 1), DIAMETER_EDGES_MM[0]))
    high = min((edge for edge in DIAMETER_EDGES_MM if edge > diameters.max()), default=DIAMETER_EDGES_MM[-1])
    edges = [edge for edge in DIAMETER_EDGES_MM if low <= edge <= high]
    axes.hist(diameters, bins=edges, color=CLASS_COLOURS["bulk"], edgecolor="white")
    axes.set_xscale("log")
    shown = [size for size in LABELLED_DIAMETERS_MM if low <= size <= high]
    axes.set_xticks(shown, [f"{size:g}" for size in shown])
    axes.set_xticks([], minor=True)


def _stack(axes: "Axes", counts: "pd.DataFrame") -> None:
    """A bar per row, of a part per class."""
    base = np.zeros(len(counts))
    for name in map(str, counts):
        axes.bar(counts.index, counts[name], bottom=base, color=CLASS_COLOURS[name], label=CLASS_TITLES[name])
        base += counts[name].to_numpy()
