"""Group `study`, the paper's study: what pruning does to the map of a system, from sub-dataset (1) to (5).

Belongs here: choosing inputs, having the rows trained and drawn, describing the result. Does not belong here: what a
row is (science/evidence/pruning_study.py), which rows the store has (studies/pruning_rows.py), how good surrogates are
on systems left out.
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.pages import write_page
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import check_results, check_specs, stored_if_it_passes, table_result
from bmg_assets.checks.study import PRUNING_STUDY_CHECKS, STUDIED_MAPS_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.partitions import STUDY_DIMENSION, registered_systems, studied_system, system_of_run
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_KINDS
from bmg_assets.settings import StudyChoices
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.page_addresses import STUDY_PAGE
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.study import STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets.studies.pruning_rows import STUDY_VERSION, StudySettings, prepared_rows, rows_to_train, train_rows


@overriding("budget", "seed")
class StudiedMapsConfig(StudyChoices, dg.Config):
    """Which rows of the study are wanted, and how they are trained; a row of another budget or seed is replaced."""


@dg.asset(
    group_name="study",
    partitions_def=studied_system,
    kinds={"parquet", *SUB_MODEL_KINDS},
    code_version=STUDY_VERSION,
    check_specs=check_specs("studied_maps", STUDIED_MAPS_CHECKS),
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "The map of a studied system from each of the paper's sub-datasets, without own casts: the sub-models are "
        "tuned side by side on all cores, fused, and compared with the reported alloys. A row that is there already "
        "for the same literature, settings and code is not trained again."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def studied_maps(
    context: dg.AssetExecutionContext,
    config: StudiedMapsConfig,
    defaults: Defaults,
    store: Store,
    system_chain: SystemChain,
    literature_alloys: Frame,
    alloy_descriptors: Frame,
) -> Result:
    """Train the rows that are not there."""
    target = system_of_run(context, STUDY_DIMENSION)
    settings = StudySettings.chosen(defaults.overridden_by(config), system_chain)
    rows = prepared_rows(target, config.sub_datasets, literature_alloys, alloy_descriptors)
    missing = rows_to_train(store, rows, settings)
    train_rows(store, missing, settings, context.log.info)
    scores = store.read_table(STUDIED_SCORES.name, target.key)
    return dg.MaterializeResult(
        metadata=metadata_values(
            trained=[row.sub_dataset for row in missing],
            already_there=len(rows) - len(missing),
            budget=settings.budget.name,
            seed=settings.seed,
            reported_alloys=int(scores["n_reported"].iloc[-1]),
            **{f"fusion_r2_{row.sub_dataset}": row.fusion_r2 for row in scores.itertuples()},
            **{
                f"rmse_scaled_{row.sub_dataset}": row.rmse_scaled
                for row in scores[scores["rmse_scaled"].notna()].itertuples()
            },
        ),
        check_results=check_results(STUDIED_MAPS_CHECKS, store.read_table(STUDIED_MAPS.name, target.key)),
    )


@table_asset(
    "study",
    PRUNING_STUDY_CHECKS,
    kinds={"parquet", "html"},
    code_version="1",
    deps=["studied_maps"],
    description=(
        "The paper's study (Fig. 3 c-h): for each studied system and sub-dataset what was left out, the scores, and "
        "how near the map comes to the reported alloys, beside the paper's numbers where they are known. The page "
        "reports/pruning_study.html of the store shows all of it, with the maps side by side."
    ),
)
def pruning_study(context: dg.AssetExecutionContext, store: Store) -> Result:
    """Gather what is there, draw a figure per system, write the page."""
    from bmg_assets.pages.provenance import library_versions
    from bmg_assets.pages.study_page import draw_study, render_study
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.science.evidence.pruning_study import beside_the_paper

    systems = registered_systems(context.instance, STUDY_DIMENSION)
    frame = beside_the_paper(store.read_all(STUDIED_SCORES.name, systems))
    pictures = {}
    for key, scores in frame.groupby("target_system", sort=False):
        target = parse_system(str(key))
        if target.is_ternary:
            maps, alloys = (store.read_table(table.name, target.key) for table in (STUDIED_MAPS, STUDIED_ALLOYS))
            pictures[target.key] = draw_study(target, scores, maps, alloys)
    now, links = datetime.now(UTC), links_from(store, STUDY_PAGE)
    page = render_study(frame, pictures, library_versions(), now, links).encode()
    # A folder of its own: figures/<system> is removed with the target system of that name.
    files = write_page(store, STUDY_PAGE, page, pictures.values(), "figures/pruning_study/")
    return table_result(
        PRUNING_STUDY_CHECKS,
        frame,
        metadata=links_to(files) | metadata_values(systems=frame["target_system"].unique(), page_bytes=len(page)),
    )
