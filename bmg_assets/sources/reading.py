"""The chosen sources as reports: one that cannot be read stops no other, and is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bmg_assets.science.literature.confirmation import refuse_unconfirmed
from bmg_assets.science.literature.copies import mark_copies
from bmg_assets.science.literature.curation import curate_reports
from bmg_assets.science.literature.properties import Property, PropertyError
from bmg_assets.science.literature.property_copies import mark_property_copies
from bmg_assets.science.literature.property_reports import no_property_reports, read_property_reports
from bmg_assets.science.literature.property_units import refuse_celsius
from bmg_assets.sources.declaration import SourceDeclaration
from bmg_assets.sources.download import DownloadError
from bmg_assets.sources.readers import SourceFileError, read_source, read_source_properties

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SourcesRead:
    """What came of reading several sources.

    reports: REPORT_COLUMNS of all sources that could be read, one after the other.
    unread: a sentence for each source that could not, by its name.
    """

    reports: "pd.DataFrame"
    unread: Mapping[str, str]


def read_reports(
    declarations: Mapping[str, SourceDeclaration], paths: Mapping[str, Path], names: Iterable[str]
) -> SourcesRead:
    """Read and curate the sources of these names, and compare them: what needs another source, and what was copied.

    Of reports that are the same, that of the source named first counts, if none names its paper.

    Raises:
        DownloadError, SourceFileError: no source can be read; the error is that of the first.
    """
    import pandas as pd

    frames, faults = {}, {}
    for name in names:
        try:
            rows = read_source(declarations[name], paths[name])
        except (DownloadError, SourceFileError) as error:
            faults[name] = error
        else:
            frames[name] = curate_reports(rows, declarations[name].origin)
    if not frames:
        raise next(iter(faults.values()))
    reports = pd.concat(frames.values(), ignore_index=True)
    needing = {name: declarations[name].conventions.needs_another for name in frames}
    marked = mark_copies(refuse_unconfirmed(reports, needing), [declarations[name].origin for name in frames])
    return SourcesRead(marked, {name: str(fault) for name, fault in faults.items()})


def read_all_property_reports(
    declarations: Mapping[str, SourceDeclaration],
    paths: Mapping[str, Path],
    names: Iterable[str],
    properties: Mapping[str, Property],
) -> SourcesRead:
    """Read the properties of the sources of these names, and compare them: what is in °C, and what was copied.

    Of values that are the same, that of the source named first counts, if none names its paper.

    Args:
        properties: the declared properties by name.

    Raises:
        DownloadError, SourceFileError, PropertyError: no source can be read; the error is that of the first.
    """
    import pandas as pd

    frames, faults = {}, {}
    for name in names:
        one = declarations[name]
        try:
            rows = read_source_properties(one, paths[name])
            frames[name] = read_property_reports(rows, one.origin, one.properties, properties)
        except (DownloadError, SourceFileError, PropertyError) as error:
            faults[name] = error
    if faults and not frames:
        raise next(iter(faults.values()))
    reports = pd.concat(frames.values(), ignore_index=True) if frames else no_property_reports()
    references = {name: declarations[name].reference for name in frames}
    marked = mark_property_copies(refuse_celsius(reports), references, properties)
    return SourcesRead(marked, {name: str(fault) for name, fault in faults.items()})
