"""The address of the PostgreSQL of several machines, with what makes both ends notice that the other has vanished.

The system's own limits are hours: a statement would wait so long for an answer that cannot come any more, and others
for a lock of a machine that is gone. The address is what every process has, Dagster's own among them.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode

KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds, seconds and times after which a connection counts as lost, as libpq names them. PostgreSQL has the same
names after `tcp_`."""
OURS = {"connect_timeout": 10, "keepalives": 1, **KEEPALIVES, "tcp_user_timeout": 60_000}
"""Parameters of libpq; the last one is the limit for what was sent and not received, in ms."""
PARTS = re.compile(r"([^:]+://(?:[^/@]*@)?[^?]*)\??(.*)", re.DOTALL)
"""The address and its parameters; a password may have a question mark."""
OF_SERVER = "tcp_keepalives_idle"


def watched(address: str) -> str:
    """The address with our parameters; those that it names itself stay."""
    found = PARTS.fullmatch(address)
    plain, query = found.groups() if found else (address, "")
    given = dict(parse_qsl(query, keep_blank_values=True))
    options = given.pop("options", "")
    if OF_SERVER not in options:
        of_server = " ".join(f"-c tcp_{name}={number}" for name, number in KEEPALIVES.items())
        options = f"{of_server} {options}".strip()
    return f"{plain}?{urlencode({**OURS, **given, 'options': options}, quote_via=quote)}"
