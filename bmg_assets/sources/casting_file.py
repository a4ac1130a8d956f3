"""The laboratory's file of what it casts: `casting.yaml` in its folder, beside the inbox; without it, anything goes.

A file that is meant to be it and has another name is read or refused, never passed over: what it excludes may be
poisonous.
"""

import re
from pathlib import Path

from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.science.validation import on_one_line
from bmg_assets.sources.yaml_files import read_yaml

CASTING_FILE = "casting.yaml"
_ITS_NAME = re.compile(r"casting\.ya?ml")
_WITH_ANOTHER_ENDING = re.compile(r"casting\.ya?ml\.(?!(bak|backup|old|orig|save|swp|tmp)$)\w+")
"""As a text editor names it; a copy for safety is none of it."""
_LIKE_IT = re.compile(r"casting(\.(txt|json|toml|rtf|docx?))?|castings?\b.*ya?ml.*|castings?_.*ya?ml.*")


def read_casting_practice(lab: Path) -> CastingPractice:
    """Read what the laboratory casts.

    Args:
        lab: its folder.

    Raises:
        CastingPracticeError: the file cannot be read, is no YAML, or holds a value that it cannot have; or a file has
            almost its name.
    """
    path = casting_file(lab)
    return CastingPractice() if path is None else CastingPractice.read(read_yaml(path, CastingPracticeError), str(path))


def casting_file(lab: Path) -> Path | None:
    """The file of what the laboratory casts, also as casting.yml and in capitals; None where there is none.

    Raises:
        CastingPracticeError: there are several, or one under a name that is not read.
    """
    try:
        names = sorted(path.name for path in lab.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CastingPracticeError(
            f"What the laboratory casts cannot be looked up in {lab} ({error.strerror or error}); fix its rights."
        ) from error
    plain = {name: name.strip().casefold() for name in names}
    found = [name for name in names if _ITS_NAME.fullmatch(plain[name])]
    if len(found) > 1:
        raise CastingPracticeError(f"{lab} has {_listed(found)}, expected one {CASTING_FILE}; join them in one.")
    kind = _WITH_ANOTHER_ENDING if found else _LIKE_IT
    strays = [name for name in names if name not in found and kind.fullmatch(plain[name])]
    if strays:
        raise CastingPracticeError(
            f"{lab} has {_listed(strays)}, which is not read: what the laboratory casts is expected in {CASTING_FILE}; "
            "rename the file, or move it away."
        )
    return lab / found[0] if found else None


def _listed(names: list[str]) -> str:
    return " and ".join(f"'{on_one_line(name)}'" for name in names)
