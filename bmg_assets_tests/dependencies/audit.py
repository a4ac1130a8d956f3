"""Known vulnerabilities of the locked packages: asked of the advisory database, or an answer that was stored before.

The stored answer is for machines that do not reach the database. It says when it was given and for which versions.
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bmg_assets.settings import PROJECT

LOCK = PROJECT / "requirements.lock"
STORED = Path(__file__).parent / "advisories.json"
TIMEOUT_S = 120
Advisories = dict[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """What a database of advisories said.

    Attributes:
        database: which one, and in which state.
        date: when it was in this state, as YYYY-MM-DD.
        versions: packages that it was asked for, with their versions.
        advisories: identifiers of what is known, by package.
    """

    database: str
    date: str
    versions: dict[str, str]
    advisories: Advisories

    @classmethod
    def stored(cls, path: Path = STORED) -> Self:
        """The answer in a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def store(self, path: Path = STORED) -> None:
        """Keep it for machines that do not reach the database."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def sentences(self) -> list[str]:
        """A sentence for each package of which something is known."""
        return [
            f"{name} {self.versions[name]} is vulnerable ({', '.join(known)}): raise it with `make lock`."
            for name, known in self.advisories.items()
            if known
        ]


def locked_versions(lock: Path = LOCK) -> dict[str, str]:
    """Packages in the lock, with their versions."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def ask(lock: Path = LOCK) -> Answer | None:
    """What the advisory database says now of all packages in the lock; None where it is out of reach."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--no-deps"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
        found = json.loads(run.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return _understood(found, datetime.now(UTC).date().isoformat())


def _understood(found: list[dict[str, Any]], today: str) -> Answer | None:
    """The answer in pip-audit's report; None where it has one for no package, as without a network."""
    known = [one for one in found if "skip_reason" not in one]
    if not known:
        return None
    versions = {one["name"]: one["version"] for one in known}
    advisories = {one["name"]: [each["id"] for each in one["vulns"]] for one in known if one["vulns"]}
    return Answer("PyPI's advisories, by pip-audit", today, versions, advisories)


def said_of(answer: Answer, is_stored: bool, locked: dict[str, str]) -> str:
    """What an answer covers, in words."""
    covered = sum(answer.versions.get(name) == version for name, version in locked.items())
    known = sum(map(len, answer.advisories.values()))
    others = f"; {len(locked) - covered} others it was not asked for" if covered < len(locked) else ""
    what = f"{known or 'no'} vulnerabilities of {covered} locked packages{others}."
    if not is_stored:
        return f"{answer.database} know {what}"
    return (
        f"The advisory database is out of reach. Its stored answer of {answer.date} ({answer.database}) knows {what} "
        "What became known later is not in it."
    )
