"""What is said of a database that cannot be used. What a real one says is tried in bmg_assets_tests/distributed."""

from pathlib import Path

import pytest

from bmg_assets.launch.database import DatabaseError, check_database, database_away
from bmg_assets.settings import ManyMachines
from bmg_assets_tests.launch.several import set_several


def test_a_database_that_does_not_answer_ends_in_one_sentence_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_several(monkeypatch, tmp_path)
    machines = ManyMachines.from_environment()
    assert machines is not None
    with pytest.raises(
        DatabaseError, match=r"postgresql\+psycopg2://bmg:\*\*\*@.* of BMG_DATABASE cannot be used \(conn"
    ) as told:
        list(check_database(machines))
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)


def test_the_reason_is_the_first_line_of_what_the_database_says() -> None:
    words = database_away("postgresql://a:b@h/c", ValueError("(psycopg2.OperationalError) server closed\n\tprobably"))
    assert words.startswith("The database postgresql://a:***@h/c of BMG_DATABASE cannot be used (server closed): see")
