"""From a file in the inbox to a run of the one system that it concerns, and to nothing more."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import FROM_LAST_BEST, RECOMMENDING, SYSTEM_JOB
from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.publishing import NAME
from bmg_assets.intake.record import fingerprint_of
from bmg_assets.partitions import registered_systems, unregister_system
from bmg_assets.sources.casting_file import read_casting_practice
from bmg_assets_tests.automation.night import definitions, evaluate_sensor, report, report_literature
from bmg_assets_tests.deployment import Deployment, sentence_of
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, report_on, table
from bmg_assets_tests.science.casts.examples import row

ZR, MG, LA = "Zr-Al-Cu", "Mg-Zn-Ca", "La-Al-Ni"
ALLOYS = {ZR: "Zr50Al5Cu45", MG: "Mg60Zn35Ca5", LA: "La55Al25Ni20"}


@dataclass(frozen=True)
class Laboratory:
    """A deployment with an inbox in which every file is complete at once."""

    deployment: Deployment
    inbox: LabInbox

    @property
    def instance(self) -> dg.DagsterInstance:
        return self.deployment.instance

    def cast(self, sample_id: str, system: str = ZR, **cells: str) -> None:
        """Drop a file with one cast."""
        name = f"{sample_id} {len(list(self.inbox.accepted_folder.iterdir()))}.csv"
        drop(self.inbox, name, table(line(sample_id, composition_nominal=ALLOYS[system], **cells)))

    def tick(self) -> Any:
        """One evaluation of the sensor, its partition keys added as the daemon adds them."""
        store = self.deployment.store
        data = evaluate_sensor("lab_inbox_sensor", self.instance, lab_inbox=self.inbox, store=store)
        for request in data.dynamic_partitions_requests:
            self.instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
        return data

    def asked(self) -> list[str]:
        """Systems that a tick asks for."""
        return [request.partition_key for request in self.tick().run_requests]

    def materialize(self, *systems: str) -> None:
        """As if lab_results had just been made, as it is when the runs that were asked for begin."""
        wanted = self.inbox.wanted()
        for system in systems:
            report(self.deployment, "lab_results", system, fingerprint_of(wanted, system.split("-")))
            self.instance.report_runless_asset_event(dg.AssetMaterialization("lab_results", partition=system))

    def run(self, system: str = ZR) -> None:
        """Make lab_results in earnest."""
        assert self.deployment.run_system(system, ["lab_results"], {"ops": {}}).success

    def last(self, system: str = ZR) -> dict[str, Any]:
        """Metadata of the last lab_results of a system."""
        wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey("lab_results"), asset_partitions=[system])
        materialization = self.instance.fetch_materializations(wanted, limit=1).records[0].asset_materialization
        assert materialization is not None
        return {name: value.value for name, value in materialization.metadata.items()}


@pytest.fixture
def laboratory(tmp_path: Path) -> Iterator[Laboratory]:
    with laboratory_at(tmp_path) as made:
        report_literature(made.deployment)
        yield made


@pytest.fixture
def without_literature(tmp_path: Path) -> Iterator[Laboratory]:
    with laboratory_at(tmp_path) as made:
        yield made


@contextmanager
def laboratory_at(folder: Path) -> Iterator[Laboratory]:
    inbox = inbox_at(folder, settle_s=0, patience_s=0)
    (folder / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(folder / "home")) as instance:
        yield Laboratory(Deployment(folder, instance), inbox)


def test_keys_that_are_no_systems_stop_no_cast(laboratory: Laboratory) -> None:
    laboratory.instance.add_dynamic_partitions("target_system", ["Zr-Cu", "zr-al-cu", ZR, "Cu-Al-Zr"])
    laboratory.cast("first")
    assert laboratory.asked() == [ZR]
    laboratory.materialize(ZR)
    told = laboratory.tick().skip_message
    assert [key for key in ("Zr-Cu", "zr-al-cu", "Cu-Al-Zr") if told.count(f"'{key}' ") == 1]


def test_a_system_that_cannot_be_trained_is_told_and_never_asked_for(laboratory: Laboratory) -> None:
    rows = (line("S-1", composition_nominal="Pd31Ni42S27"), line("Z-1", composition_nominal=ALLOYS[ZR]))
    drop(laboratory.inbox, "casts.csv", table(*rows))
    assert laboratory.asked() == [ZR]
    laboratory.materialize(ZR)
    assert "The 86 descriptors do not know S" in laboratory.tick().skip_message
    assert registered_systems(laboratory.instance) == [ZR]
    (file,) = laboratory.inbox.accepted_folder.glob("casts*.report.csv")
    assert "The 86 descriptors do not know S" in file.read_text("utf-8-sig")


def test_a_registered_system_that_cannot_be_trained_gets_its_recommendations(laboratory: Laboratory) -> None:
    laboratory.instance.add_dynamic_partitions("target_system", ["Pd-Ni-S", ZR])
    rows = (line("S-1", composition_nominal="Pd31Ni42S27"), line("Z-1", composition_nominal=ALLOYS[ZR]))
    drop(laboratory.inbox, "casts.csv", table(*rows))
    requests = {request.partition_key: request for request in laboratory.tick().run_requests}
    alone = requests["Pd-Ni-S"]
    assert [key.to_user_string() for key in alone.asset_selection] == list(RECOMMENDING)
    assert alone.run_config == {}
    assert requests[ZR].asset_selection is None
    laboratory.materialize("Pd-Ni-S", ZR)
    assert laboratory.asked() == []


def test_the_sensor_is_on_and_looks_every_half_minute() -> None:
    sensor = definitions().get_repository_def().get_sensor_def("lab_inbox_sensor")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensor.minimum_interval_seconds == 30
    assert sensor.job_name == SYSTEM_JOB


def test_nothing_is_asked_for_without_casts(laboratory: Laboratory) -> None:
    laboratory.instance.add_dynamic_partitions("target_system", [ZR])
    data = laboratory.tick()
    assert data.run_requests == []
    assert data.skip_message == "Nothing new in the inbox, and every system knows its casts."
    laboratory.run()
    assert laboratory.asked() == []


def test_the_first_cast_registers_its_system_and_asks_for_one_run(laboratory: Laboratory) -> None:
    laboratory.cast("A")
    data = laboratory.tick()
    (request,) = data.run_requests
    assert request.partition_key == ZR
    assert request.run_config == FROM_LAST_BEST
    assert request.tags["dagster/partition"] == ZR
    assert request.tags[REASON_TAG] == "its first cast"
    assert registered_systems(laboratory.instance) == [ZR]
    # The daemon remembers run keys; what it must not see is another key for the same casts.
    assert [one.run_key for one in laboratory.tick().run_requests] == [request.run_key]
    laboratory.run()
    assert laboratory.asked() == []
    assert laboratory.last()["lab_fingerprint"] == request.run_key.split("/")[0]


def test_a_registered_key_is_used_whatever_the_order_in_the_file(laboratory: Laboratory) -> None:
    laboratory.instance.add_dynamic_partitions("target_system", ["Cu-Zr-Al"])
    laboratory.cast("A")
    assert laboratory.asked() == ["Cu-Zr-Al"]
    assert registered_systems(laboratory.instance) == ["Cu-Zr-Al"]


def test_only_the_system_concerned_is_asked_for(laboratory: Laboratory) -> None:
    for number, system in enumerate(ALLOYS):
        laboratory.cast(f"S{number}", system)
    assert sorted(laboratory.asked()) == sorted(ALLOYS)
    laboratory.materialize(*ALLOYS)
    laboratory.cast("M", MG, dimension_mm="3")
    data = laboratory.tick()
    assert [request.partition_key for request in data.run_requests] == [MG]
    assert data.run_requests[0].tags[REASON_TAG] == "the accepted casts changed"
    assert data.dynamic_partitions_requests == []
    laboratory.materialize(MG)
    assert laboratory.asked() == []


def test_a_state_that_returns_is_asked_for_again(laboratory: Laboratory) -> None:
    laboratory.cast("A")
    first = laboratory.tick().run_requests[0].run_key
    laboratory.materialize(ZR)
    accepted = laboratory.inbox.accepted_folder
    (file,) = accepted.glob("A 0.????????????.csv")
    data = file.read_bytes()
    edited = data.replace(b"amorphous", b"crystalline")
    assert edited != data
    file.write_bytes(edited)
    assert laboratory.asked() == [ZR]
    laboratory.materialize(ZR)
    (later,) = accepted.glob("A 0.????????????.csv")
    later.write_bytes(data)
    again = laboratory.tick().run_requests[0].run_key
    assert again.split("/")[0] == first.split("/")[0]
    assert again != first


def test_casts_that_come_while_a_run_is_at_work_wait_for_its_end(laboratory: Laboratory) -> None:
    laboratory.cast("A")
    job = definitions().resolve_job_def(SYSTEM_JOB)
    run = laboratory.instance.create_run_for_job(
        job, status=dg.DagsterRunStatus.NOT_STARTED, tags={"dagster/partition": ZR}
    )
    data = laboratory.tick()
    assert data.run_requests == []
    assert data.dynamic_partitions_requests == []
    assert data.skip_message == f"{ZR} waits for the end of run {run.run_id}"
    laboratory.instance.report_run_canceled(run)
    assert laboratory.asked() == [ZR]


def test_casts_that_come_before_any_literature_wait_for_it(without_literature: Laboratory) -> None:
    without_literature.cast("A")
    data = without_literature.tick()
    assert data.run_requests == []
    assert data.skip_message.startswith(f"{ZR} waits for literature. There is no literature to train on (literature_al")
    report_literature(without_literature.deployment)
    assert without_literature.asked() == [ZR]


def test_a_file_without_casts_asks_for_nothing(laboratory: Laboratory) -> None:
    laboratory.cast("A", verdict="good")
    data = laboratory.tick()
    assert data.run_requests == []
    assert "taken in: 1 files, none of which changes a system" in data.skip_message
    (rejected,) = [path for path in laboratory.inbox.rejected_folder.iterdir() if ".report." not in path.name]
    assert report_on(rejected)[0]["column"] == "verdict"


def test_a_system_that_was_removed_stays_removed_until_it_is_cast_again(laboratory: Laboratory) -> None:
    laboratory.cast("A")
    laboratory.asked()
    laboratory.materialize(ZR)
    unregister_system(laboratory.instance, ZR)
    assert laboratory.asked() == []
    assert registered_systems(laboratory.instance) == []
    laboratory.cast("B")
    assert laboratory.asked() == [ZR]


def test_labels_and_casts_are_tables(laboratory: Laboratory) -> None:
    cells = [
        row(sample_id="R", method="melt_spinning", dimension_kind="ribbon_thickness", dimension_mm="0.04"),
        row(sample_id="A", dimension_mm="1"),
        row(sample_id="B", dimension_mm="1.5", note="wrong mould"),
        row(sample_id="B2", dimension_mm="1.5", verdict="crystalline", supersedes="B", atmosphere="argon"),
        row(sample_id="C", composition_nominal="Zr55Al5Cu40", dimension_mm="2"),
        row(sample_id="D", composition_nominal="Zr55Al5Cu40", dimension_mm="9", verdict="withdrawn", supersedes="C"),
        row(sample_id="E", composition_nominal="Zr60Al5Cu35", dimension_mm="2"),
        row(sample_id="F", composition_nominal="Zr65Al5Cu30", dimension_mm="2"),
        row(sample_id="G", composition_nominal="Zr65Al5Cu30", dimension_mm="1", verdict="crystalline"),
    ]
    columns = [*HEADER.split(","), "supersedes", "note", "atmosphere"]
    lines = [",".join(str(one.get(column, "")) for column in columns) for one in cells]
    drop(laboratory.inbox, "casts.csv", table(*lines, header=",".join(columns)))
    laboratory.cast("other", MG)
    laboratory.tick()
    laboratory.run()

    results = laboratory.deployment.store.read_table("lab_results", ZR).set_index("composition")
    assert results.index.tolist() == ["Al5Cu30Zr65", "Al5Cu35Zr60", "Al5Cu45Zr50"]
    assert results["state"].tolist() == ["quarantine", "open", "closed"]
    assert results["dmax_mm"].tolist()[1:] == [2, 1]
    assert results["dmax_mm"].isna().tolist() == results["glass_class"].isna().tolist() == [True, False, False]
    assert results["dmax_high_mm"].tolist()[2] == 1.5
    assert results["cast_next_mm"]["Al5Cu35Zr60"] == 2.5
    assert results["sample_ids"]["Al5Cu45Zr50"] == ["A", "B2", "R"]
    assert "sample F, line 9" in results["reasons"]["Al5Cu30Zr65"][0]

    casts = laboratory.deployment.store.read_table("lab_casts", ZR).set_index("sample_id")
    assert casts["state"].to_dict() == dict.fromkeys("RABCDEFG", "current") | {
        "B": "superseded",
        "B2": "current",
        "C": "withdrawn",
    }
    assert casts["replaced_by"].dropna().to_dict() == {"B": "B2", "C": "D"}
    assert casts["line"].tolist() == list(range(2, 11))
    assert casts["extra"]["B2"] == '{"atmosphere": "argon"}'
    assert set(casts["source_file"]) == {laboratory.inbox.accepted().records[0].file}

    found = laboratory.last()
    assert (found["casts"], found["compositions"], found["casts_withdrawn"], found["ladders_open"]) == (9, 3, 1, 1)
    assert found["cast_next"] == ["Al5Cu35Zr60: a rod of 2.5 mm or more"]
    checks = laboratory.instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [dg.AssetCheckKey(dg.AssetKey("lab_results"), "no_contradictions")]
    )
    (check,) = checks.values()
    assert check.event is not None
    evaluation = check.event.dagster_event.asset_check_evaluation_data  # type: ignore[union-attr]
    assert not evaluation.passed
    assert "Al5Cu30Zr65" in evaluation.metadata["quarantined"].value


def test_a_share_that_is_not_mounted_asks_for_nothing_and_says_so(laboratory: Laboratory) -> None:
    laboratory.cast("A")
    assert laboratory.asked() == [ZR]
    laboratory.run()
    before = laboratory.deployment.files()
    away = shutil.move(laboratory.inbox.root, f"{laboratory.inbox.root} away")
    data = laboratory.tick()
    assert data.run_requests == []
    assert "is the share that holds it mounted" in data.skip_message
    result = laboratory.deployment.run_system(ZR, ["lab_results"], {"ops": {}})
    assert "is the share that holds it mounted" in sentence_of(result)
    assert laboratory.deployment.files() == before
    assert not Path(laboratory.inbox.root).exists()
    shutil.move(away, laboratory.inbox.root)
    assert laboratory.asked() == []


def test_settings_of_the_laboratory_are_published_where_there_are_workers(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder = laboratory.deployment.store, Path(laboratory.inbox.root)
    published = f"{store.url}/laboratory"
    (folder / "casting.yaml").write_text("not_cast: [Be]\n", encoding="utf-8")
    laboratory.tick()
    assert not store.has_bytes(NAME), "one machine needs no copy"
    monkeypatch.setenv("BMG_DATABASE", "postgresql://database/bmg")
    laboratory.tick()
    assert read_casting_practice(Path("elsewhere"), published).not_cast == {"Be"}
    (folder / "casting.yaml").rename(folder / "casting.txt")
    laboratory.tick()
    assert read_casting_practice(Path("elsewhere"), published).not_cast == {"Be"}, "the last known limits stay"
