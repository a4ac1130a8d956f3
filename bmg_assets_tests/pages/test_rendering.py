"""The building blocks of pages: everything escaped, numbers readable, nothing fetched."""

import base64
import io
import re
from configparser import ConfigParser
from datetime import datetime
from typing import Any

import matplotlib.image
import numpy as np
import pandas as pd
import PIL.Image
import pytest
from jinja2 import UndefinedError

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.overview_page import render_overview
from bmg_assets.pages.rendering import CONTENTS, Link, Picture, environment, render, with_contents
from bmg_assets.settings import PROJECT

EVIL = "<script>alert('&\"')</script>"
HARMLESS = "&lt;script&gt;alert(&#39;&amp;&#34;&#39;)&lt;/script&gt;"


def block(name: str, *arguments: Any) -> str:
    """What a macro of the blocks makes."""
    return str(getattr(environment().get_template("blocks.html.j2").module, name)(*arguments))


def test_whatever_comes_from_data_is_shown_not_run() -> None:
    frame = pd.DataFrame({"text": [EVIL], "list": [[EVIL, "b"]], "link": [Link(EVIL, f"{EVIL}'x")]})
    html = block("table", frame, {"text": EVIL, "list": "list", "link": "link"}, EVIL)
    html += block("picture", Picture("x", saved(new_figure(1, 1)), EVIL, EVIL))
    html += block("download", f"{EVIL}.csv", EVIL, EVIL)
    assert "<script" not in html
    assert html.count(HARMLESS) == 11
    assert f'href="{HARMLESS}&#39;x"' in html


def test_cells_say_what_is_there_and_nothing_where_nothing_is() -> None:
    frame = pd.DataFrame(
        {
            "number": [1.23456, np.nan],
            "count": pd.array([1200, None], dtype="Int64"),
            "flag": [True, None],
            "when": [pd.Timestamp("2026-01-02 03:04:05", tz="UTC"), pd.NaT],
            "words": ["a", None],
            "names": [["Al", "Cu"], []],
        }
    )
    html = block("table", frame, {"number": ("number", 3), **{name: name for name in frame.columns[1:]}})
    cells = [re.sub("<[^>]*>", "|", row) for row in html.split("<tr>")[2:]]
    assert cells[0].startswith("|1.235||1,200||yes||2026-01-02 03:04||a||Al, Cu|")
    assert cells[1].startswith("||||||||||")
    assert "nan" not in html.lower()


def test_a_table_has_heads_that_a_screen_reader_finds() -> None:
    html = block("table", pd.DataFrame({"a": [1.0]}), {"a": "amount"}, "Amounts")
    assert "<caption>Amounts</caption>" in html
    assert '<th scope="col">amount</th>' in html


def test_a_picture_is_inside_the_page_with_a_text_for_those_who_do_not_see_it() -> None:
    figure = new_figure(4, 3)
    figure.add_subplot().imshow(np.arange(100.0).reshape(10, 10))
    html = block("picture", Picture("x", saved(figure), "a ramp", "A ramp."))
    assert 'alt="a ramp"' in html
    data = base64.b64decode(re.findall('data:image/webp;base64,([^"]+)', html)[0])
    pixels = np.asarray(PIL.Image.open(io.BytesIO(data)))
    original = matplotlib.image.imread(io.BytesIO(saved(figure)["png"]), format="png")
    assert pixels.shape[:2] == original.shape[:2]
    assert np.abs(pixels / 255 - original[:, :, :3]).mean() < 0.02


def test_a_thin_line_of_a_chart_keeps_its_colour() -> None:
    figure = new_figure(4, 3)
    figure.add_subplot().plot([0, 1], [0, 1], color="#0072b2", linewidth=0.5)
    files = saved(figure)
    html = block("picture", Picture("x", files, "a line", "A line."))
    data = base64.b64decode(re.findall('data:image/webp;base64,([^"]+)', html)[0])
    assert (
        PIL.Image.open(io.BytesIO(data)).tobytes() == PIL.Image.open(io.BytesIO(files["png"])).convert("RGB").tobytes()
    )


def test_a_download_is_carried_by_the_page() -> None:
    html = block("download", "a.csv", "save", "a,b\n1,2\n")
    assert base64.b64decode(re.findall('base64,([^"]+)', html)[0]) == b"a,b\n1,2\n"
    assert 'download="a.csv"' in html


def test_a_page_forbids_to_fetch_anything(html_of_nothing: str) -> None:
    policy = re.findall('Content-Security-Policy" content="([^"]+)"', html_of_nothing)[0]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "connect-src" not in policy
    assert html_of_nothing.startswith('<!doctype html><html lang="en">')
    assert "--page: #fff" in html_of_nothing  # the style sheet is inside


def test_a_fact_that_is_missing_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError, match="counts"):
        render("overview", systems=[], nothing_yet="", made_at=datetime(2026, 1, 2))


def test_templates_and_static_files_are_parts_of_the_installed_package() -> None:
    config = ConfigParser()
    config.read(PROJECT / "setup.cfg")
    folder = PROJECT / "bmg_assets" / "pages"
    packed = {file for one in config["options.package_data"]["bmg_assets.pages"].split() for file in folder.glob(one)}
    needed = {file for file in folder.rglob("*.*") if file.suffix not in (".py", ".pyc")}
    assert packed == needed
    assert len(needed) > 5


def test_commands_between_backticks_are_shown_as_such_and_never_run() -> None:
    code = environment().filters["code"]
    assert code("`bmg run` & <b>") == "<code>bmg run</code> &amp; &lt;b&gt;"
    assert code("`<script>`") == "<code>&lt;script&gt;</code>"


@pytest.fixture
def html_of_nothing() -> str:
    from bmg_assets_tests.pages.test_overview_page import NOW, OVERVIEW

    return render_overview(OVERVIEW.head(0), {}, NOW)


def test_a_page_lists_its_headings_each_once(html_of_nothing: str) -> None:
    assert 'aria-label="Contents"' not in html_of_nothing, "a short page needs no list"
    found = with_contents(f'{CONTENTS}<h2>A &amp; B</h2><h2>A B</h2><h2 id="own">C<sub>1</sub></h2>')
    assert re.findall('<a href="#([^"]+)">(.*?)</a>', found) == [
        ("on-a-b", "A &amp; B"),
        ("on-a-b-more", "A B"),
        ("own", "C<sub>1</sub>"),
    ]
    assert '<h2 id="on-a-b-more">A B</h2>' in found


def test_the_links_to_other_pages_stand_before_the_content(html_of_nothing: str) -> None:
    from bmg_assets_tests.pages.test_overview_page import NOW, OVERVIEW

    assert "<header" not in html_of_nothing
    html = render_overview(OVERVIEW.head(0), {}, NOW, links={EVIL: "atlas.html"})
    assert f'<a href="atlas.html">{HARMLESS}</a></nav></header>' in html[: html.index("<main")]
