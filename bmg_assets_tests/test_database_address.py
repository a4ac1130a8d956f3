"""Both ends of a connection to PostgreSQL notice within a minute that the other has vanished."""

import psycopg2.extensions
import pytest
import sqlalchemy as sa

from bmg_assets.database_address import watched
from bmg_assets.settings import without_password

PLAIN = "postgresql+psycopg2://bmg:glass@server:5433/bmg"


def parameters_of(address: str) -> dict[str, str]:
    """What the driver is given."""
    url = sa.make_url(address)
    _, parameters = url.get_dialect()().create_connect_args(url)
    return {name: str(value) for name, value in parameters.items()}


def test_each_connection_is_watched_from_both_ends() -> None:
    found = parameters_of(watched(PLAIN))
    assert (found["host"], found["port"], found["user"], found["dbname"]) == ("server", "5433", "bmg", "bmg")
    assert (found["keepalives_idle"], found["keepalives_interval"], found["keepalives_count"]) == ("30", "10", "3")
    assert (found["connect_timeout"], found["tcp_user_timeout"]) == ("10", "60000")
    expected = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
    assert found["options"] == expected


def test_libpq_reads_the_address_as_sqlalchemy_does() -> None:
    address = watched(PLAIN)
    as_libpq = psycopg2.extensions.parse_dsn(address.replace("+psycopg2", ""))
    assert as_libpq == parameters_of(address)


def test_an_address_that_was_watched_before_stays() -> None:
    assert watched(watched(PLAIN)) == watched(PLAIN)


def test_what_an_address_names_itself_counts() -> None:
    found = parameters_of(watched(f"{PLAIN}?sslmode=require&keepalives_idle=5&options=-c%20statement_timeout%3D9"))
    assert (found["sslmode"], found["keepalives_idle"], found["keepalives_count"]) == ("require", "5", "3")
    assert found["options"].endswith("tcp_keepalives_count=3 -c statement_timeout=9")


@pytest.mark.parametrize("query", ["", "?sslmode=require"])
def test_a_password_may_have_a_question_mark(query: str) -> None:
    found = parameters_of(watched(f"postgresql+psycopg2://bmg:gl?ass@server/bmg{query}"))
    assert (found["password"], found["host"], found["dbname"]) == ("gl?ass", "server", "bmg")
    assert found["keepalives_idle"] == "30"


@pytest.mark.parametrize("address", [PLAIN, watched(PLAIN)])
def test_nobody_is_told_the_parameters(address: str) -> None:
    assert without_password(address) == "postgresql+psycopg2://bmg:***@server:5433/bmg"
