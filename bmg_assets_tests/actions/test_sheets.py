"""The lab sheet: what is weighed, the rungs with their codes, and a lab file that the intake takes as it is."""

import io

import openpyxl
import pytest

from bmg_assets.actions.sheets import FILE_COLUMNS, SheetError, codes_of, lab_file, lab_sheet, planned_rows
from bmg_assets.build import build_resources
from bmg_assets.intake.check import judge
from bmg_assets.intake.reading import Reading
from bmg_assets.science.alloys.compositions import FormulaError
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.alloys.weighing import MassError
from bmg_assets_tests.deployment import Deployment

SYSTEM = parse_system("Zr-Al-Cu")


def sheet_of(deployment: Deployment, *formulas: str, mass_g: float = 5.0):
    with deployment.environment():
        return lab_sheet(deployment.store, build_resources()["lab_inbox"], SYSTEM, formulas, mass_g)


def test_without_names_the_recommended_picks_are_on_it(copy_of_finished: Deployment) -> None:
    sheet = sheet_of(copy_of_finished)
    picks = copy_of_finished.store.read_table("candidates", SYSTEM.key)
    recommended = picks[(picks["kind"] == "pick") & picks["is_recommended"]]
    assert [alloy.composition for alloy in sheet.alloys] == list(recommended["composition"])
    for alloy in sheet.alloys:
        assert [row.element for row in alloy.weighed] == [one for one in SYSTEM.elements if one in alloy.composition]
        assert alloy.total_g == pytest.approx(5.0, abs=2e-4)
        assert alloy.samples[0].when == "first"
        assert "D_max" in alloy.expected or "too far" in alloy.expected.lower()
    codes = [sample.code for alloy in sheet.alloys for sample in alloy.samples]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("as_xlsx", [False, True])
def test_the_lab_file_is_accepted_as_it_is_and_a_result_takes_the_place_of_its_plan(
    copy_of_finished: Deployment, as_xlsx: bool
) -> None:
    deployment = copy_of_finished
    sheet = sheet_of(deployment)
    name = "planned.xlsx" if as_xlsx else "planned.csv"
    data = lab_file(sheet, as_xlsx)
    assert [row.outcome for row in judge(name, data, sheet.day, Reading()).rows] == ["accepted"] * len(sheet.alloys)
    with deployment.environment():
        inbox = build_resources()["lab_inbox"]
        inbox.inbox.mkdir(parents=True)
        (inbox.inbox / name).write_bytes(data)
        assert inbox.take_in(inbox.inbox / name).accepted == len(sheet.alloys)
        again = lab_sheet(deployment.store, inbox, SYSTEM, [], 5.0)
        assert planned_rows(again) == planned_rows(sheet), "a plan keeps its code when the sheet is printed again"
        with_result = planned_rows(sheet)[0] | {"verdict": "amorphous"}
        text = ",".join(with_result) + "\n" + ",".join(with_result.values()) + "\n"
        (inbox.inbox / "result.csv").write_text(text)
        assert inbox.take_in(inbox.inbox / "result.csv").accepted == 1
        later = lab_sheet(deployment.store, inbox, SYSTEM, [sheet.alloys[0].formula], 5.0)
    assert with_result["sample_id"] not in {sample.code for sample in later.alloys[0].samples}


def test_names_of_samples_stay_text_in_the_workbook(copy_of_finished: Deployment) -> None:
    book = openpyxl.load_workbook(io.BytesIO(lab_file(sheet_of(copy_of_finished), as_xlsx=True)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == FILE_COLUMNS
    assert book.active["B2"].number_format == "@"


def test_an_alloy_of_ones_own_choice_has_a_ladder_too(copy_of_finished: Deployment) -> None:
    (alloy,) = sheet_of(copy_of_finished, "Zr33.3Al33.3Cu33.4").alloys
    assert alloy.expected == ""
    assert alloy.samples


@pytest.mark.parametrize(
    ("formulas", "mass_g", "error", "said"),
    [
        (["Zr50Ni50"], 5.0, SheetError, "holds Ni, which Zr-Al-Cu has not"),
        (["Zr50Al5Cu45", "Cu45Al5Zr50"], 5.0, SheetError, "is named twice"),
        ([f"Zr{50 - n}Al5Cu{45 + n}" for n in range(13)], 5.0, SheetError, "has room for 12; take fewer"),
        (["=cmd"], 5.0, FormulaError, "cmd"),
        (["Zr50Al5Cu45"], 0.0, MassError, "cannot be weighed"),
        (["Zr50Al5Cu45"], float("nan"), MassError, "cannot be weighed"),
    ],
)
def test_what_cannot_be_on_a_sheet_is_told(
    copy_of_finished: Deployment, formulas: list[str], mass_g: float, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        sheet_of(copy_of_finished, *formulas, mass_g=mass_g)


def test_where_nothing_is_proposed_alloys_have_to_be_named(fresh: Deployment) -> None:
    with pytest.raises(SheetError, match="Nothing is proposed in Zr-Al-Cu yet: train it first, or name alloys"):
        sheet_of(fresh)
    (alloy,) = sheet_of(fresh, "Zr50Al5Cu45").alloys
    assert [sample.words for sample in alloy.samples] == ["ribbon, melt-spun", "wedge", "rod of 1 mm"]


def test_losses_and_purities_come_from_the_laboratorys_file(fresh: Deployment) -> None:
    lab = fresh.folder / "lab_results"
    lab.mkdir()
    (lab / "casting.yaml").write_text("losses: {Al: 3}\npurities: {Zr: 99.2}\n")
    sheet = sheet_of(fresh, "Zr50Al5Cu45")
    assert (sheet.has_losses, sheet.has_purities) == (True, True)
    assert {row.element: (row.loss_pct, row.purity_pct) for row in sheet.alloys[0].weighed} == {
        "Zr": (0.0, 99.2),
        "Al": (3.0, 100.0),
        "Cu": (0.0, 100.0),
    }


def test_codes_differ_between_alloys_and_go_on() -> None:
    codes = codes_of(("Zr", "Al", "Cu"), "Al5Cu45Zr50", 1)
    first, second = next(codes), next(codes)
    assert first != second
    assert first.startswith("ZAC-")
    assert next(codes_of(("Zr", "Al", "Cu"), "Al5Cu45Zr50", 1)) == first
    assert next(codes_of(("Zr", "Al", "Cu"), "Al6Cu44Zr50", 1)) != first
