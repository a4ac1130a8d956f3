"""Candidates as files: the same rows as CSV, XLSX and JSON, and no cell that a spreadsheet runs."""

import csv
import io
import json

import openpyxl
import pytest

from bmg_assets.actions.exports import NothingProposedError, as_exported, candidates_at_hand, file_of
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets_tests.deployment import Deployment

SYSTEM = parse_system("Zr-Al-Cu")


def test_every_kind_of_file_has_the_same_rows(finished: Deployment) -> None:
    found = candidates_at_hand(finished.store, SYSTEM)
    formulas = list(found["formula"])
    as_csv = list(csv.DictReader(io.StringIO(file_of(found, "csv").decode("utf-8-sig"))))
    as_json = json.loads(file_of(found, "json"))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(found, "xlsx"))).active
    as_xlsx = list(sheet.iter_rows(values_only=True))
    assert [row["formula"] for row in as_csv] == [row["formula"] for row in as_json] == formulas
    assert [row[0] for row in as_xlsx[1:]] == formulas
    assert list(as_xlsx[0]) == list(found.columns) == list(as_csv[0]) == list(as_json[0])
    assert (found[["Zr_at_pct", "Al_at_pct", "Cu_at_pct"]].sum(axis=1) == 100).all()
    assert {"state", "surrogate_mm", "paper_mm", "reason", "first_rung", "nearest_formula"} <= set(found.columns)


def test_recommendations_without_the_papers_models_can_be_exported(finished: Deployment) -> None:
    found = as_exported(finished.store.read_table("recommendations", SYSTEM.key), SYSTEM)
    assert "paper_mm" not in found.columns
    assert len(file_of(found, "xlsx")) > 1000


def test_a_text_that_looks_like_a_formula_is_text_in_every_file(finished: Deployment) -> None:
    evil = candidates_at_hand(finished.store, SYSTEM).assign(reason="=1+1")
    assert "'=1+1" in file_of(evil, "csv").decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(evil, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}


def test_before_the_first_run_there_is_nothing_to_export(fresh: Deployment) -> None:
    with pytest.raises(NothingProposedError, match="Nothing is proposed in Zr-Al-Cu yet"):
        candidates_at_hand(fresh.store, SYSTEM)
