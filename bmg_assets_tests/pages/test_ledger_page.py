"""The page of the ledger: what it says of much, little and nothing, and that a figure is drawn where there is one."""

import base64
import re
from datetime import UTC, datetime

import pytest

from bmg_assets.pages.ledger_page import counts_in_words, draw_ledger, predictions_in_words, render_ledger
from bmg_assets.science.evidence.ledger import ledger_frame
from bmg_assets_tests.science.evidence.ledgers import (
    FIRST,
    PICK_1,
    PICK_2,
    SECOND,
    THIRD,
    label,
    ledger,
    result,
    training,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
LEDGER = ledger(
    [training(1, 1, PICK_1, PICK_2), training(2, 6, PICK_2, known=[FIRST])],
    {FIRST: result(5), THIRD: result(7)},
    label(FIRST, 2.0, 2.5),
    label(THIRD, 0.2, 1.0),
)


@pytest.fixture(scope="module")
def page() -> str:
    return render_ledger(LEDGER, draw_ledger(LEDGER), NOW, ["Mg-Zn-Ca is left out: run `bmg restore`"])


def test_every_prediction_has_its_row(page: str) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("Every prediction whose cast is known</h2>")[1].split("<h2")[0])
    assert len(rows) == 1 + 4
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall("<td.*?</td>", rows[1])]
    assert cells == [
        *["Zr-Al-Cu", "Zr50Al5Cu45", "pick 1", "pruned", "paper", "1.50 (0.50 to 2.50)", "0.40", "2026-03-01"],
        *["2, below 2.5", "bulk glass", "yes", "yes", "yes", "-0.50", "prospective"],
    ]


def test_what_waits_what_is_missing_and_where_it_comes_from_are_told(page: str) -> None:
    assert "Zr51Al5Cu44" in page.split("Picks that wait for a result</h2>")[1]
    assert "<code>bmg restore</code>" in page
    assert page.count("<td>run</td>") == 2, "one for each training whose predictions count"
    (packed,) = re.findall(r'download="ledger.csv" href="data:text/csv;base64,(.*?)"', page)
    assert len(base64.b64decode(packed).splitlines()) == 1 + len(LEDGER)


def test_the_page_needs_no_script_and_no_network(page: str) -> None:
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []


def test_both_figures_tell_what_is_on_them() -> None:
    compared, reliability = draw_ledger(LEDGER)
    assert "Al5Cu45Zr50, pruned: 1.50 mm predicted, 2 mm cast" in compared.alt
    assert reliability.alt == "prospective, 40% to 100%: 1 of 2"
    assert {*compared.files} == {"svg", "png"}


def test_nothing_cast_is_a_sentence_without_figures() -> None:
    waiting = ledger([training(1, 1, PICK_1)], {})
    assert counts_in_words(waiting)[0] == "Nothing was cast yet for which a prediction had been recorded before."
    assert draw_ledger(waiting) == []
    html = render_ledger(waiting, [], NOW)
    assert "Picks that wait for a result" in html
    assert "Wilson" not in html
    empty = render_ledger(ledger_frame([]), draw_ledger(ledger_frame([])), NOW)
    assert "the first run of a system records its picks" in empty


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (label(FIRST, 2.0), "2 or more"),
        (label(FIRST, 0.0, 1.0, "no_label"), "no label, below 1"),
        (label(FIRST, None, None, "quarantine"), "contradictory"),
        (label(SECOND, 2.0), "withdrawn"),
    ],
)
def test_what_the_ladder_says_in_words(told: dict, words: str) -> None:
    frame = predictions_in_words(ledger([training(1, 1, PICK_1)], {FIRST: result(5)}, told))
    assert frame["label"].tolist() == [words, words]


def test_a_surrogate_of_another_version_and_one_without_intervals_are_drawn() -> None:
    frame = LEDGER.assign(strategy="one of yore", interval_low_mm=float("nan"), interval_high_mm=float("nan"))
    assert "one of yore: 1.50 mm predicted" in draw_ledger(frame)[0].alt
    assert predictions_in_words(frame)["prediction"][0] == "1.50"
