"""The sensor of notices: it looks for what is worth a notice, and sends it; see `bmg_assets.notices`."""

from pathlib import Path

import dagster as dg

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.notices.delivery import Pauses
from bmg_assets.notices.look import look_and_tell
from bmg_assets.science.errors import BmgError
from bmg_assets.store.store import Store

SECONDS_BETWEEN_LOOKS = 30


@dg.sensor(
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells people, by the ways that notices.yaml in the laboratory's folder names, that candidates are ready, rows "
        "of a file were refused, casts contradict each other, a training failed, or a registered key is no system."
    ),
)
def notice_sensor(context: dg.SensorEvaluationContext, store: Store, lab_inbox: LabInbox) -> dg.SensorResult:
    """One look; it asks for no run."""
    try:
        told = look_and_tell(context.instance, store, lab_inbox, Pauses.from_text(context.cursor), context.log.info)
    except BmgError as error:
        return dg.SensorResult(skip_reason=f"Nobody is told anything: {error}", cursor=context.cursor)
    if told.is_off:
        words = f"Nobody is to be told anything: {Path(lab_inbox.root)} has no notices.yaml."
    else:
        words = " ".join(told.waiting) or "Everything was told."
    return dg.SensorResult(skip_reason=words, cursor=told.pauses.to_text())
