"""The laboratory's file of what it casts: `casting.yaml` in its folder, beside the inbox; without it, anything goes."""

from pathlib import Path

from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError

CASTING_FILE = "casting.yaml"


def read_casting_practice(lab: Path) -> CastingPractice:
    """What the laboratory casts.

    Args:
        lab: its folder.

    Raises:
        CastingPracticeError: the file cannot be read, is no YAML, or says what cannot be meant.
    """
    import yaml

    path = lab / CASTING_FILE
    if not path.exists():
        return CastingPractice()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        found = " ".join(str(error).split())
        raise CastingPracticeError(f"{path} cannot be read as YAML ({found}); mend it, or remove it.") from None
    return CastingPractice.read(content, str(path))
