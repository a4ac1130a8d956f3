"""The building blocks of pages: everything escaped, numbers readable, nothing fetched."""

import base64
import io
import re

import matplotlib.image
import numpy as np
import pandas as pd
import PIL.Image

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.page import Link, Picture, Shown, document, download, paragraph, picture, table

EVIL = "<script>alert('&\"')</script>"
HARMLESS = "&lt;script&gt;alert(&#x27;&amp;&quot;&#x27;)&lt;/script&gt;"


def test_whatever_comes_from_data_is_shown_not_run() -> None:
    frame = pd.DataFrame({"text": [EVIL], "list": [[EVIL, "b"]], "link": [Link(EVIL, f"{EVIL}'x")]})
    html = table(frame, {"text": EVIL, "list": "list", "link": "link"}, EVIL)
    html += picture(Picture("x", saved(new_figure(1, 1)), EVIL, EVIL)) + download(f"{EVIL}.csv", EVIL, EVIL)
    assert "<script" not in document(EVIL, [html])
    assert html.count(HARMLESS) == 10
    assert f"href='{HARMLESS}&#x27;x'" in html


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
    html = table(frame, {"number": Shown("number", digits=3), **{name: name for name in frame.columns[1:]}})
    cells = [re.sub("<[^>]*>", "|", row) for row in html.split("<tr>")[2:]]
    assert cells[0].startswith("|1.235||1,200||yes||2026-01-02 03:04||a||Al, Cu|")
    assert cells[1].startswith("||||||||||")
    assert "nan" not in html.lower()


def test_a_table_has_heads_that_a_screen_reader_finds() -> None:
    html = table(pd.DataFrame({"a": [1.0]}), {"a": "amount"}, "Amounts")
    assert "<caption>Amounts</caption>" in html
    assert "<th scope='col'>amount</th>" in html


def test_a_picture_is_inside_the_page_with_a_text_for_those_who_do_not_see_it() -> None:
    figure = new_figure(4, 3)
    figure.add_subplot().imshow(np.arange(100.0).reshape(10, 10))
    html = picture(Picture("x", saved(figure), "a ramp", "A ramp."))
    assert "alt='a ramp'" in html
    data = base64.b64decode(re.findall("data:image/webp;base64,([^']+)", html)[0])
    pixels = np.asarray(PIL.Image.open(io.BytesIO(data)))
    original = matplotlib.image.imread(io.BytesIO(saved(figure)["png"]), format="png")
    assert pixels.shape[:2] == original.shape[:2]
    assert np.abs(pixels / 255 - original[:, :, :3]).mean() < 0.02


def test_a_download_is_carried_by_the_page() -> None:
    html = download("a.csv", "save", "a,b\n1,2\n")
    assert base64.b64decode(re.findall("base64,([^']+)", html)[0]) == b"a,b\n1,2\n"
    assert "download='a.csv'" in html


def test_a_page_forbids_to_fetch_anything() -> None:
    html = document("title", ["<p>body</p>"])
    policy = re.findall('Content-Security-Policy" content="([^"]+)"', html)[0]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "connect-src" not in policy
    assert html.startswith("<!doctype html><html lang='en'>")


def test_commands_between_backticks_are_shown_as_such_and_never_run() -> None:
    assert paragraph("`bmg run` & <b>") == "<p><code>bmg run</code> &amp; &lt;b&gt;</p>"
    assert paragraph("`<script>`", "note") == "<p class='note'><code>&lt;script&gt;</code></p>"
