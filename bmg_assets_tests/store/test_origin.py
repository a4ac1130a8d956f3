"""What a file says of where it comes from survives being written, whatever kind of file it is."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.pages.rendering import environment
from bmg_assets.store.origin import (
    META_NAME,
    Origin,
    made_from,
    origin_in_page,
    origin_in_parquet,
    origin_in_zip,
)
from bmg_assets.store.parquet import from_parquet, to_parquet

ORIGIN = Origin("run 2", ("run 1",), {"training_set": "run 1", "lab_results": "casts-0"}, '{"a": "<b> & \'c\'"}')
TABLE = pa.table({"x": [1.0]})


@given(st.builds(Origin, st.text(), st.lists(st.text()).map(tuple), st.dictionaries(st.text(), st.text()), st.text()))
def test_an_origin_survives_being_written(origin: Origin) -> None:
    assert Origin.from_text(origin.to_text()) == origin


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"id": "1"}', "17", '{"id": 1, "trainings": 2}'])
def test_any_other_text_is_none(text: str) -> None:
    assert Origin.from_text(text) is None


def test_a_table_keeps_it_and_its_rows() -> None:
    data = to_parquet(TABLE, ORIGIN)
    assert origin_in_parquet(data) == ORIGIN
    assert from_parquet(data)["x"].to_pylist() == [1.0]
    assert origin_in_parquet(to_parquet(TABLE)) is None
    assert origin_in_parquet(data[:-1]) is None


def test_a_page_keeps_it_escaped() -> None:
    page = environment().from_string(f'<meta name="{META_NAME}" content="{{{{ origin }}}}">')
    assert origin_in_page(page.render(origin=ORIGIN.to_text()).encode()) == ORIGIN
    assert origin_in_page(b"<html>") is None


def test_bytes_that_are_no_archive_tell_none() -> None:
    assert origin_in_zip(b"") is None
    assert origin_in_zip(b"PK\x05\x06" + bytes(18)) is None


def test_what_is_made_from_others_has_their_trainings() -> None:
    first, second = Origin("a", ("one",)), Origin("b", ("two",))
    assert made_from({"x": first, "y": second, "casts": Origin("casts-1")}, "run").trainings == ("one", "two")
    assert made_from({"x": first, "gone": None}, "run") == Origin("run", ("one",), {"x": "a", "gone": ""})
    assert made_from({"casts": Origin("casts-1")}, "run", "a record").trainings == ("run",)
