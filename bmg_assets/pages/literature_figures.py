"""The paper's Fig. 1 and Fig. S2 on the literature as it is now."""

from bmg_assets.pages.drawing import CLASS_COLOURS, CLASS_TITLES, new_figure, saved
from bmg_assets.science.literature.profile import Correlations, LiteratureProfile

ELEMENTS_SHOWN = 30
SYSTEMS_SHOWN = 15


def draw_profile(profile: LiteratureProfile) -> dict[str, bytes]:
    """Classes, D_max, numbers of elements, elements and largest systems; files by ending."""
    figure = new_figure(12, 8)
    grid = figure.add_gridspec(2, 3)
    figure.suptitle(f"The literature: {profile.n_alloys} alloys")

    classes = figure.add_subplot(grid[0, 0])
    names = [name for name in CLASS_TITLES if name in profile.by_class]
    counts = [profile.by_class[name] for name in names]
    bars = classes.bar([CLASS_TITLES[n] for n in names], counts, color=[CLASS_COLOURS[n] for n in names])
    classes.bar_label(bars)
    classes.set(title="(a) class", ylabel="alloys")

    diameters = figure.add_subplot(grid[0, 1])
    diameters.hist(
        profile.bulk_dmax_mm, bins=list(range(int(profile.bulk_dmax_mm.max(initial=1)) + 2)), color="#0072b2"
    )
    diameters.set(title="(b) bulk glasses", xlabel="$D_{max}$ (mm)", ylabel="alloys", yscale="log")

    numbers = figure.add_subplot(grid[0, 2])
    numbers.bar(list(profile.by_n_elements), list(profile.by_n_elements.values()), color="#56b4e9")
    numbers.set(title="(c) number of elements", xlabel="elements", ylabel="alloys")

    elements = figure.add_subplot(grid[1, :2])
    shown = list(profile.by_element.items())[:ELEMENTS_SHOWN]
    elements.bar([name for name, _ in shown], [count for _, count in shown], color="#009e73")
    elements.set(title=f"(d) the {len(shown)} most frequent elements", ylabel="alloys")

    systems = figure.add_subplot(grid[1, 2])
    largest = list(profile.by_system.items())[:SYSTEMS_SHOWN][::-1]
    systems.barh([name for name, _ in largest], [count for _, count in largest], color="#cc79a7")
    systems.set(title=f"(e) the {len(largest)} largest systems", xlabel="alloys")
    return saved(figure)


def draw_correlations(correlations: Correlations) -> dict[str, bytes]:
    """Heat map of the Pearson coefficients; files by ending."""
    figure = new_figure(11, 10)
    axes = figure.add_subplot()
    image = axes.imshow(correlations.r, cmap="RdBu_r", vmin=-1, vmax=1)
    names = [name.removeprefix("PymatgenData ") for name in correlations.names]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_title(f"Correlation of the {len(names)} descriptors ({correlations.n_pairs_above} pairs with |r| ≥ 0.8)")
    figure.colorbar(image, label="Pearson r", shrink=0.7)
    return saved(figure)
