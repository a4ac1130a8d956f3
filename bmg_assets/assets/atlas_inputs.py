"""What the atlas is made with: the alloys that are known today, the calibration, the settings."""

from bmg_assets.assets.types import Frame
from bmg_assets.settings import Settings
from bmg_assets.staleness.training_records import known_casts
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_RESULTS
from bmg_assets.studies.atlas_shards import AtlasWork, KnownAlloys


def known_to_atlas(store: Store, literature_alloys: Frame) -> Frame:
    """What the surrogate of the atlas is fitted to: the group's casts in all systems, then the literature."""
    from bmg_assets.science.literature.known_alloys import known_to
    from bmg_assets.store.tables.arrow import empty_frame

    casts = store.read_all(LAB_RESULTS.name, sorted(known_casts(store)))
    return known_to(empty_frame(LAB_RESULTS), casts, literature_alloys)


def atlas_work(store: Store, literature_alloys: Frame, calibration: Frame, settings: Settings) -> AtlasWork:
    """What shards are made with today."""
    from bmg_assets.science.atlas.rows import AtlasSettings

    known = KnownAlloys.of(known_to_atlas(store, literature_alloys), settings.seed)
    return AtlasWork.on(known, calibration, AtlasSettings(settings.coverage, settings.top_share))
