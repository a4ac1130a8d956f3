"""The laboratory's file of what it casts: `casting.yaml` in its folder, beside the inbox; without it, anything goes.

On a machine that has no laboratory's folder it is read where the main machine publishes it.
"""

from pathlib import Path

from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.sources.laboratory_file import laboratory_file
from bmg_assets.sources.published_settings import published_file
from bmg_assets.sources.yaml_files import parse_yaml, read_yaml

STEM = "casting"


def read_casting_practice(lab: Path, published: str | None = None) -> CastingPractice:
    """Read what the laboratory casts.

    Args:
        lab: its folder.
        published: where its settings are published, if they are to be read there instead.

    Raises:
        CastingPracticeError: the file cannot be read, is no YAML, or holds a value that it cannot have; or a file has
            almost its name.
        PublishedSettingsError: nothing is published there.
    """
    if published is not None:
        data, place = published_file(published, STEM), f"casting.yaml as published at {published}"
        content = None if data is None else parse_yaml(data, place, CastingPracticeError)
        return CastingPractice() if data is None else CastingPractice.read(content, place)
    path = laboratory_file(lab, STEM, CastingPracticeError)
    return CastingPractice() if path is None else CastingPractice.read(read_yaml(path, CastingPracticeError), str(path))
