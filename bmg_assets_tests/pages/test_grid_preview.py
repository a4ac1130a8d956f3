"""A picture for the Dagster UI, whatever the number of elements."""

import io

import PIL.Image
import pytest

from bmg_assets.pages.drawing import PREVIEW_WIDTH_PX
from bmg_assets.pages.grid_preview import preview_of_grid
from bmg_assets_tests.pages.conftest import many_facts

MOST_BYTES = 100_000


@pytest.mark.parametrize("key", ["Zr-Al-Cu", "Zr-Al-Ni-Cu", "Zr-Al-Ni-Ag-Cu"])
def test_any_system_has_a_small_picture(key: str, candidates) -> None:
    facts = many_facts(key, candidates)
    png = preview_of_grid(facts.system, facts.tables.transfer, "predicted critical casting diameter", "12 alloys")
    image = PIL.Image.open(io.BytesIO(png))
    assert image.width == PREVIEW_WIDTH_PX
    assert len(png) < MOST_BYTES
    assert len(image.convert("RGB").getcolors(2**24)) > 200, "there are colours on it"
