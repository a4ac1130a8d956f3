"""From a file of casts to the recommended pair: `bmg run` on the literature at hand, by the clock."""

import subprocess
import tempfile
import time
from pathlib import Path

import dagster as dg

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.launch.runs import run_literature
from bmg_assets.partitions import register_system
from bmg_assets.replay.run import own_deployment
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets_tests.benchmarks.dagster_share import COMMAND, SYSTEM
from bmg_assets_tests.benchmarks.line import Line, at_most, number, seconds
from bmg_assets_tests.benchmarks.literature import SMALLEST
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.intake.cast_files import drop, line, table

WHOLE_ALLOYS = 8_000
"""Alloys from which on the literature is the one that the target is about."""
LONGEST_S = 30


def run(size: Size) -> list[Line]:
    """A file is taken in and the system is run; the recommendations are there long before the run ends."""
    sources = {} if size.rows is None else {"sources": SMALLEST}
    with (
        tempfile.TemporaryDirectory() as folder,
        own_deployment(Path(folder) / "deployment") as places,
        deployment_instance() as instance,
    ):
        run_literature(instance, sources)
        register_system(instance, SYSTEM)
        alloys = len(LiteratureDatabase(store=Store.at(places)).read("alloys"))
        inbox = LabInbox(root=str(places.lab), record=Record(url=places.record_url))
        inbox.inbox.mkdir(parents=True)
        file = drop(inbox, "casts.csv", table(line("S-1")))
        started = time.time()
        inbox.take_in(file)
        subprocess.run([*COMMAND, "run", SYSTEM, "--budget", "quick"], capture_output=True, check=True)
        whole_s = time.time() - started
        event = instance.get_latest_materialization_event(dg.AssetKey("recommendations"))
        assert event is not None
        spent_s = event.timestamp - started
    return [
        Line(
            f"from a file of casts to the recommended alloys of {SYSTEM}, {number(alloys)} alloys known",
            f"{seconds(spent_s)} by the clock, of {seconds(whole_s)} with a quick training of the paper's models",
            target=at_most(LONGEST_S, "s"),
            found=spent_s if alloys >= WHOLE_ALLOYS else None,
        )
    ]
