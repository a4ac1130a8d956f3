"""A file of casts is cut into its batches, and no row is lost."""

import csv
import io

import pytest

from bmg_assets.replay.batches import ReplayFileError, read_batches

HEADER = "schema_version,batch_id,sample_id"


def test_batches_come_in_the_order_of_their_first_rows_with_all_their_rows(tmp_path):
    path = tmp_path / "casts.csv"
    path.write_text(f"{HEADER}\n1,second,a\n1,first,b\n1,second,c\n", encoding="utf-8")
    batches = read_batches(path)
    assert [batch.name for batch in batches] == ["second", "first"]
    samples = [[row["sample_id"] for row in csv.DictReader(io.StringIO(batch.text))] for batch in batches]
    assert samples == [["a", "c"], ["b"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no file of casts"),
        (HEADER + "\n", "0 rows"),
        ("schema_version,sample_id\n1,a\n", "the column batch_id"),
    ],
)
def test_what_cannot_be_replayed_is_said(tmp_path, text, said):
    path = tmp_path / "casts.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ReplayFileError, match=said):
        read_batches(path)
