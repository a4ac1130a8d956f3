"""Group `literature`: every report of every source, one row per composition, its descriptors, and films apart.

Belongs here: choosing inputs, calling `sources` and `science`, describing the result. Does not belong here: what a
formula or a label means.
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import table_asset
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import check_results, table_result
from bmg_assets.checks.literature import (
    ALLOYS_CHECKS,
    DESCRIPTORS_CHECKS,
    FILMS_CHECKS,
    REPORTS_CHECKS,
    SOURCES_CHECKS,
)
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.drawing import preview_of
from bmg_assets.pages.metadata import links_to, metadata_values, picture_of
from bmg_assets.science.descriptors.table import DESCRIPTORS_VERSION
from bmg_assets.science.fingerprints import fingerprint_table
from bmg_assets.settings import LiteratureChoices, Locations
from bmg_assets.store.io_managers import SOURCE_FILES
from bmg_assets.store.literature_database import EmptyLiteratureError, LiteratureDatabase, LiteratureError
from bmg_assets.store.page_addresses import LITERATURE_PAGE
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.literature import DESCRIPTORS, REPORTS

WARNINGS = "warnings"
"""Metadata of `literature_reports`: a sentence for each source that could not be read, or that is to be looked at."""
WRITER = "literature_writer"
"""Pool of the assets that write the literature database; one at a time."""


class LiteratureReportsConfig(LiteratureChoices, dg.Config):
    """Which sources are read."""


@overriding("reported_dmax")
class LiteratureAlloysConfig(dg.Config):
    """Which of several reported diameters trains."""


@overriding("element_tables")
class AlloyDescriptorsConfig(dg.Config):
    """Which element data the descriptors are computed from."""


@table_asset(
    "literature",
    (*REPORTS_CHECKS, *SOURCES_CHECKS),
    stored_by="literature_tables",
    kinds={"duckdb"},
    code_version="3",
    pool=WRITER,
    description=(
        "Every row of every source as it was reported, with its source, row number, reference and licence. Rows that "
        "cannot be used stay, with the reason; rows that were fixed name the rules."
    ),
)
def literature_reports(context: dg.AssetExecutionContext, config: LiteratureReportsConfig) -> Result:
    """Read and curate the sources that are at hand; one that cannot be read is named, and stops no other."""
    from bmg_assets.science.literature.contradictions import contradicting_sources
    from bmg_assets.science.literature.curation import summarise_reports, undeclared_classes
    from bmg_assets.science.literature.years import without_a_year
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import available_sources, choose_sources, file_sha256
    from bmg_assets.sources.reading import read_reports

    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    paths = available_sources(declarations, places.downloads, places.literature)
    found = read_reports(declarations, paths, choose_sources(declarations, paths, config.sources))
    frame = found.reports
    warnings = [*found.unread.values(), *undeclared_classes(frame), *contradicting_sources(frame)]
    for sentence in warnings:
        context.log.warning(sentence)
    yearless = without_a_year(frame, {name: declared.reference for name, declared in declarations.items()})
    for sentence in yearless:
        context.log.info(sentence)
    chosen = frame["source"].unique().tolist()
    summary = summarise_reports(frame)
    return table_result(
        REPORTS_CHECKS,
        frame,
        check_results(SOURCES_CHECKS, found.unread),
        metadata=metadata_values(
            sources=chosen,
            **{WARNINGS: warnings},
            without_a_year=yearless,
            **{SOURCE_FILES: {name: file_sha256(paths[name]) for name in chosen}},
            reports=summary.n_reports,
            accepted=summary.n_accepted,
            copied=summary.n_copied,
            set_apart=summary.n_set_apart,
            refused=summary.n_refused,
            rules_applied=summary.rules,
            refusals=summary.refusals,
            classes=summary.classes,
            kinds=summary.kinds,
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@table_asset(
    "literature",
    ALLOYS_CHECKS,
    stored_by="literature_tables",
    kinds={"duckdb"},
    code_version="3",
    pool=WRITER,
    description=(
        "One row per composition, however it was written: class and kind, the label for training (by default the "
        "paper's mean of the reports: no glass 0, ribbon 0.2, else D_max in mm), interval, who reported what and when, "
        "and whether the reports disagree. A report that others copied counts once."
    ),
)
def literature_alloys(config: LiteratureAlloysConfig, defaults: Defaults, literature_reports: Frame) -> Result:
    """Merge the accepted reports of each composition."""
    from bmg_assets.science.literature.merging import merge_alloys

    trains = defaults.overridden_by(config).reported_dmax
    frame = merge_alloys(literature_reports, trains)
    return table_result(
        ALLOYS_CHECKS,
        frame,
        metadata=metadata_values(
            chemical_systems=frame["chemical_system"].nunique(),
            conflicts=frame["conflict"].value_counts().to_dict(),
            reported_dmax=trains,
            copies=int(frame["n_copies"].sum()),
            without_a_year=int(frame["first_year"].isna().sum()),
            **{f"alloys_{name}": count for name, count in frame["glass_class"].value_counts().items()},
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@table_asset(
    "literature",
    FILMS_CHECKS,
    stored_by="literature_tables",
    kinds={"duckdb"},
    code_version="1",
    pool=WRITER,
    description=(
        "One row per composition that was sputtered or deposited, and whether the film was a glass: the lowest rung of "
        "the ladder of film, ribbon and rod. Films are never mixed with castings; powders have no row."
    ),
)
def literature_films(literature_reports: Frame) -> Result:
    """Merge the reports of films of each composition."""
    from bmg_assets.science.literature.films import merge_films

    frame = merge_films(literature_reports)
    return table_result(
        FILMS_CHECKS,
        frame,
        metadata=metadata_values(
            chemical_systems=frame["chemical_system"].nunique(),
            glasses=int(frame["is_glass"].sum()),
            crystalline=int((~frame["is_glass"]).sum()),
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@table_asset(
    "literature",
    DESCRIPTORS_CHECKS,
    stored_by="literature_tables",
    kinds={"duckdb", "numpy"},
    code_version=f"2, descriptors {DESCRIPTORS_VERSION}",
    pool=WRITER,
    description=(
        "The 86 descriptors of each alloy, as matminer defines them, with the versions of the element data behind "
        "them. The metadata list those that pass the paper's selection."
    ),
)
def alloy_descriptors(
    config: AlloyDescriptorsConfig, defaults: Defaults, store: Store, literature_alloys: Frame
) -> Result:
    """Describe every composition that is new; one that cannot be described is kept with the reason."""
    from bmg_assets.science.descriptors.describe import describe_alloys, selection_of

    variant = defaults.overridden_by(config).element_tables
    described = describe_alloys(literature_alloys, variant, _described_before(store))
    frame = described.table
    selection = selection_of(frame)
    return table_result(
        DESCRIPTORS_CHECKS,
        frame,
        metadata=metadata_values(
            element_tables=frame["element_tables"].iloc[0],
            matminer_version=frame["matminer_version"].iloc[0],
            pymatgen_version=frame["pymatgen_version"].iloc[0],
            alloys_computed=described.n_computed,
            alloys_reused=described.n_reused,
            alloys_not_described=int(frame["failure"].notna().sum()),
            descriptors_selected=selection.kept,
            descriptors_dropped={
                choice.name: f"{choice.rule} ({choice.partner}, r = {choice.r:.2f})" if choice.partner else choice.rule
                for choice in selection.choices
                if not choice.kept
            },
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@dg.asset(
    group_name="literature",
    kinds={"matplotlib"},
    code_version="2",
    description=(
        "What the literature is made of (alloys by kind, elements and D_max, the paper's Fig. 1; reports by year), "
        "where it is blind, and how the descriptors are correlated (Fig. S2): a page with its figures."
    ),
)
@ends_in_one_sentence
def literature_profile(
    store: Store, literature_reports: Frame, literature_alloys: Frame, alloy_descriptors: Frame
) -> Result:
    """Count, and write the page and its figures into the store."""
    from bmg_assets.pages.literature_page import draw_literature, render_literature
    from bmg_assets.pages.provenance import sources_of
    from bmg_assets.science.literature.blind_spots import blind_spots_of
    from bmg_assets.science.literature.profile import correlations, profile_of
    from bmg_assets.science.literature.tallies import tallies_of

    profile, blind = profile_of(literature_alloys, literature_reports), blind_spots_of(literature_alloys)
    correlated = correlations(alloy_descriptors)
    pictures = draw_literature(profile, blind, correlated)
    names = {
        f"{figure}_{kind}": store.write_bytes(f"profile/{figure}.{kind}", data)
        for figure, picture in pictures.items()
        for kind, data in picture.files.items()
    }
    sources = sources_of(literature_reports, LiteratureDatabase(store=store).source_files(REPORTS.name))
    tallies = tallies_of(literature_reports, literature_alloys)
    now, links = datetime.now(UTC), links_from(store, LITERATURE_PAGE)
    page = render_literature(profile, blind, tallies, sources, pictures, now, links)
    preview = store.write_bytes("profile/fig_1_preview.png", preview_of(pictures["fig_1"].files["png"]))
    return dg.MaterializeResult(
        metadata=metadata_values(
            profile=picture_of(preview, "What the literature is made of"),
            alloys=profile.n_alloys,
            share_bulk=profile.by_class.get("bulk", 0) / profile.n_alloys,
            by_class=profile.by_class,
            by_kind=profile.by_kind,
            by_number_of_elements=profile.by_n_elements.sum(axis=1).to_dict(),
            most_frequent_elements=profile.by_element.sum(axis=1).head(10).to_dict(),
            largest_systems=dict(list(profile.by_system.items())[:10]),
            common_elements_never_together=len(blind.never_together),
            pairs_correlated_above_0_8=correlated.n_pairs_above,
            **links_to({"page": store.write_bytes(LITERATURE_PAGE, page.encode()), **names}),
        )
    )


def _described_before(store: Store) -> "Frame | None":
    """The descriptors as they are stored; None where there are none that this version can read."""
    try:
        return LiteratureDatabase(store=store).read(DESCRIPTORS.name)
    except (EmptyLiteratureError, LiteratureError):
        return None
