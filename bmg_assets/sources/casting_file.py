"""The laboratory's file of what it casts: `casting.yaml` in its folder, beside the inbox; without it, anything goes."""

from pathlib import Path

from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.sources.laboratory_file import laboratory_file
from bmg_assets.sources.yaml_files import read_yaml

STEM = "casting"


def read_casting_practice(lab: Path) -> CastingPractice:
    """Read what the laboratory casts.

    Args:
        lab: its folder.

    Raises:
        CastingPracticeError: the file cannot be read, is no YAML, or holds a value that it cannot have; or a file has
            almost its name.
    """
    path = laboratory_file(lab, STEM, CastingPracticeError)
    return CastingPractice() if path is None else CastingPractice.read(read_yaml(path, CastingPracticeError), str(path))
