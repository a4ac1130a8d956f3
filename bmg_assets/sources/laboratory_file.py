"""A file of settings in the laboratory's folder, found under the name that people give it.

A file that is meant to be it and has another name is read or refused, never passed over: what it excludes may be
poisonous.
"""

import re
from pathlib import Path

from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import on_one_line

COPIES = "bak|backup|old|orig|save|swp|tmp"
"""Endings of copies for safety, which do no harm beside the file itself."""


def laboratory_file(lab: Path, stem: str, refusal: type[BmgError]) -> Path | None:
    """The file `<stem>.yaml` in a laboratory's folder, also as .yml and in capitals; None where there is none.

    Args:
        lab: the folder; it need not exist.

    Raises:
        BmgError: of the type `refusal`: there are several, or one under a name that is not read, or the folder cannot
            be looked into.
    """
    expected = f"{stem}.yaml"
    try:
        plain = {path.name: path.name.strip().casefold() for path in sorted(lab.iterdir())}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise refusal(
            f"{lab} cannot be searched for {expected} ({error.strerror or error}); fix its rights."
        ) from error
    found = [name for name in plain if re.fullmatch(rf"{stem}\.ya?ml", plain[name])]
    if len(found) > 1:
        raise refusal(f"{lab} has {_listed(found)}, expected one {expected}; join them in one.")
    strays = [name for name in plain if name not in found and _is_meant(plain[name], stem, bool(found))]
    if strays:
        raise refusal(
            f"{lab} has {_listed(strays)}, which is not read: expected is {expected}; rename the file, or move it away."
        )
    return lab / found[0] if found else None


def _is_meant(name: str, stem: str, is_there: bool) -> bool:
    """Whether a file that is not read is meant to be the one that is; beside it only one with a further ending."""
    if is_there:
        return re.fullmatch(rf"{stem}\.ya?ml\.(?!({COPIES})$)\w+", name) is not None
    other_ending = rf"{stem}(\.(txt|json|toml|rtf|docx?))?"
    further_words = rf"{stem}s?(\b|_).*ya?ml.*"
    return re.fullmatch(rf"{other_ending}|{further_words}", name) is not None


def _listed(names: list[str]) -> str:
    return " and ".join(f"'{on_one_line(name)}'" for name in names)
