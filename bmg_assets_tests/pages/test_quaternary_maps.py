"""What is on the drawn maps of four elements, asked of the figures themselves."""

from typing import Any

import numpy as np
import pytest

from bmg_assets.pages.quaternary_figures import maps_of_many
from bmg_assets.pages.quaternary_maps import LETTERS_OF_LINE, corners_centre
from bmg_assets.pages.simplex_places import net_corners
from bmg_assets.pages.system_facts import SystemFacts

TOP_MM = 5.0


@pytest.fixture
def figures(quaternary_facts: SystemFacts, drawn: list[Any]) -> dict[str, Any]:
    return dict(zip((one.name for one in maps_of_many(quaternary_facts)), drawn, strict=True))


def words_of(figure: Any) -> set[str]:
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_slices_show_the_amounts_of_the_top_region_on_one_scale(figures: dict[str, Any], quaternary_facts) -> None:
    titles = {words for words in words_of(figures["slices"]) if words.endswith("at.%")}
    assert titles == {"Ni 10 at.%", "Ni 20 at.%"}
    surfaces = [axes.collections[0] for axes in figures["slices"].axes[:2]]
    assert [surface.get_clim() for surface in surfaces] == [(0, TOP_MM)] * 2
    at_ten = quaternary_facts.tables.transfer[[point[2] == 10 for point in quaternary_facts.tables.transfer["at_pct"]]]
    assert surfaces[0].get_array().max() == at_ten["dmax_mm"].max() == 4.8
    assert "known and own alloys" in figures["slices"].texts[1].get_text().replace("\n", " ")


def test_each_projection_leaves_one_element_out_and_holds_the_best_composition(figures: dict[str, Any]) -> None:
    panels = figures["surrogate_map"].axes[:4]
    for axes, element in zip(panels, ["Zr", "Al", "Ni", "Cu"], strict=True):
        words = {text.get_text() for text in axes.texts}
        assert words == {"Zr", "Al", "Ni", "Cu"} - {element} | {f"best of all amounts of {element}"}
        assert axes.collections[0].get_array().max() == 4.8


def test_faces_lie_side_by_side_and_show_alloys_without_the_element_that_they_lack(figures: dict[str, Any]) -> None:
    axes = figures["faces"].axes[0]
    assert [text.get_text() for text in axes.texts].count("Cu") == 3
    known = [one for one in axes.collections if "literature" in str(one.get_label())]
    offsets = np.array([offset for one in known for offset in one.get_offsets()])
    # Zr50Cu50 lies on the faces without Al and without Ni, each time in the middle of the edge of Zr and Cu.
    halves = [(net_corners(face)[0] + net_corners(face)[2]) / 2 for face in (1, 2)]
    assert np.sort(offsets, axis=0).tolist() == np.sort(halves, axis=0).round(12).tolist()
    assert corners_centre().tolist() == pytest.approx(net_corners(3).mean(axis=0).tolist())


def test_the_tetrahedron_holds_the_top_region_and_what_is_cast_next(figures: dict[str, Any], quaternary_facts) -> None:
    axes = figures["tetrahedron"].axes[0]
    assert {text.get_text() for text in axes.texts} == {"Zr", "Al", "Ni", "Cu"}
    labels = [text.get_text() for text in figures["tetrahedron"].legends[0].get_texts()]
    assert labels[0] == "top 20 % of the map"
    assert "cast next" in labels
    assert len(axes.collections[0].get_offsets()) == quaternary_facts.tables.transfer["top_share"].sum()


def test_the_other_map_says_whose_it_is_and_has_the_scale_of_all_iterations(figures: dict[str, Any]) -> None:
    said = figures["map"].texts[1].get_text()
    assert max(map(len, said.split("\n"))) <= LETTERS_OF_LINE
    assert said.replace("\n", " ").startswith("predicted by the paper's models; 2 known alloys and 1 own alloys")
    assert figures["map"].axes[0].collections[0].get_clim() == (0, 5)
