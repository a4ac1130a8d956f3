"""The command `bmg`: answers on standard output, a mistake as one sentence on standard error, and exit codes."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.cli.main import main
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.science.evidence.campaign_summary import summarise_campaigns
from bmg_assets.store.origin import Origin
from bmg_assets.store.page_addresses import OVERVIEW_PAGE
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets_tests.automation.night import content
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table
from bmg_assets_tests.science.evidence.test_campaign_summary import forecasts, scores
from bmg_assets_tests.table_frames import SYSTEM, frame_of

Command = Callable[..., "Outcome"]
CTRL_C = b"\x03"
SHOW_CURSOR = "\x1b[?25h"


@dataclass(frozen=True)
class Outcome:
    """What a shell gets to see."""

    code: int
    out: str
    err: str


@pytest.fixture
def bmg(
    fresh: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """The command in this process, on a deployment in which nothing has happened yet."""
    for name, value in fresh.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster_home"))

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["bmg", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        code = end.value.code
        return Outcome(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


@pytest.fixture
def on_finished(bmg: Command, finished: Deployment, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command on what the finished deployment has stored."""
    monkeypatch.setenv("BMG_STORE", finished.store.url)
    return bmg


def is_a_mistake(outcome: Outcome, *words: str) -> bool:
    """One sentence on standard error, exit code 2, and nothing else."""
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert [word for word in words if word not in outcome.err] == []
    return True


def test_a_system_is_added_listed_and_removed(bmg: Command) -> None:
    added = bmg("add", "Zr-Al-Cu")
    assert (added.code, added.err) == (0, "")
    assert "Zr-Al-Cu is registered; `bmg run Zr-Al-Cu` trains it." in added.out
    assert bmg("add", "Zr-Al-Cu").code == 0

    listed = bmg("list")
    assert listed.code == 0
    assert "Zr-Al-Cu" in listed.out
    assert "not trained yet" in listed.out
    (row,) = json.loads(bmg("list", "--json").out)
    assert row["target_system"] == "Zr-Al-Cu"
    assert row["n_training"] is None

    assert bmg("remove", "Zr-Al-Cu").code == 0
    assert json.loads(bmg("list", "--json").out) == []


def test_adding_a_system_says_what_is_not_possible_in_it(bmg: Command) -> None:
    added = bmg("add", "Pd-Ni-S")
    assert added.code == 0
    assert "do not know S" in added.out
    assert "trains it" not in added.out


def test_the_page_of_all_systems_follows_what_is_added_and_removed(bmg: Command, fresh: Deployment) -> None:
    bmg("add", "Zr-Al-Cu")
    assert not fresh.store.has_bytes(OVERVIEW_PAGE)
    fresh.store.write_bytes(OVERVIEW_PAGE, b"the page as a run made it")
    assert bmg("add", "Mg-Zn-Ca").code == 0
    assert b"Systems registered: 2; not trained yet: 2;" in fresh.store.read_bytes(OVERVIEW_PAGE)
    assert bmg("remove", "Zr-Al-Cu").code == 0
    page = fresh.store.read_bytes(OVERVIEW_PAGE)
    assert b"Systems registered: 1;" in page
    assert b"Zr-Al-Cu" not in page


def test_removing_takes_what_is_stored(bmg: Command, fresh: Deployment) -> None:
    bmg("add", "Zr-Al-Cu")
    fresh.store.write_bytes("reports/Zr-Al-Cu.html", b"page")
    fresh.store.write_bytes("reports/Zr-Al-Cu-Ni.html", b"page")
    assert "Zr-Al-Cu is removed, with 1 files" in bmg("remove", "Zr-Al-Cu").out
    assert [name for name in fresh.files() if name.startswith("reports")] == ["reports/Zr-Al-Cu-Ni.html"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Zr-Zr-Cu", "Zr stands in it twice"),
        ("Zr-Al-Xx", "'Xx' is not an element symbol"),
        ("Zr", "has 1 element(s)"),
        ("Zr-Cu", "has 2 element(s)"),
        ("Cu-Al-Zr", "has the same elements as 'Zr-Al-Cu'"),
    ],
)
def test_a_key_that_cannot_be_used_is_not_added(bmg: Command, key: str, words: str) -> None:
    bmg("add", "Zr-Al-Cu")
    assert is_a_mistake(bmg("add", key), words)
    assert [row["target_system"] for row in json.loads(bmg("list", "--json").out)] == ["Zr-Al-Cu"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--strategy", "pruned", "--rule", "expected_gain"], "use strategy 'composite' or 'transfer', or rule 'pap"),
        (["--rule", "greedy"], "There is no rule 'greedy'"),
        (["--limit", "Al below 20"], "The config of the run: limits: found 'Al below 20'"),
        (["--pending", "Zr50Ni50"], "Zr50Ni50 holds Ni, which Zr-Al-Cu has not"),
    ],
)
def test_a_choice_of_candidates_that_cannot_be_is_refused_at_once(
    bmg: Command, arguments: list[str], words: str
) -> None:
    bmg("add", "Zr-Al-Cu")
    assert is_a_mistake(bmg("run", "Zr-Al-Cu", *arguments), words)


def test_a_system_that_nobody_added_is_neither_run_nor_removed(bmg: Command, fresh: Deployment) -> None:
    assert is_a_mistake(bmg("run", "Mg-Zn-Ca"), "'Mg-Zn-Ca' is not a registered system", "`bmg add Mg-Zn-Ca`")
    assert is_a_mistake(bmg("run", "Mg-Zn"), "has 2 element(s)")
    assert is_a_mistake(bmg("remove", "Mg-Zn-Ca"), "is not a registered system (registered: none)")
    assert fresh.files() == {}


def test_an_unknown_source_is_not_downloaded(bmg: Command) -> None:
    assert is_a_mistake(bmg("data", "nowhere"), "'nowhere' is not a declared source; choose among mdf_v5,")
    assert is_a_mistake(bmg("data", "starter"), "starter")


def test_a_question_in_sql_is_answered(on_finished: Command) -> None:
    sql = "SELECT target_system, count(*) AS points FROM prediction_grid GROUP BY 1 ORDER BY 1"
    assert json.loads(on_finished("query", sql, "--json").out) == [
        {"target_system": "Mg-Zn-Ca", "points": 4851},
        {"target_system": "Zr-Al-Cu", "points": 4851},
    ]
    picks = on_finished("query", "SELECT composition FROM candidates WHERE kind = 'pick'")
    assert (picks.code, picks.err) == (0, "")
    assert len(picks.out.strip().splitlines()) == 1 + 2 * 2 * 2  # two picks of each, of the surrogate and of the paper
    assert "Nothing there yet." in on_finished("query", "SELECT * FROM lab_results").out
    references = on_finished("query", "SELECT count(DISTINCT reference) AS n FROM literature.reports", "--json")
    assert json.loads(references.out)[0]["n"] > 20


def test_keys_that_are_no_systems_are_named_beside_the_list_and_taken_away(bmg: Command, fresh: Deployment) -> None:
    assert bmg("add", "Zr-Al-Cu").code == 0
    with deployment_instance() as instance:
        instance.add_dynamic_partitions("target_system", ["zr-al-cu", "Cu-Al-Zr"])
    listed = bmg("list")
    assert listed.code == 0
    assert "Systems registered: 1;" in listed.out
    told = [line.split("`")[1] for line in listed.err.splitlines()]
    assert told == ["bmg remove zr-al-cu", "bmg remove Cu-Al-Zr", "bmg literature"]
    assert [row["target_system"] for row in json.loads(bmg("list", "--json").out)] == ["Zr-Al-Cu"]
    fresh.store.write_bytes("reports/overview.html", b"made before")
    assert bmg("remove", "zr-al-cu").code == 0
    page = fresh.store.read_bytes("reports/overview.html").decode()
    assert "zr-al-cu" not in page
    assert "Cu-Al-Zr" in page
    assert bmg("remove", "Cu-Al-Zr").code == 0
    assert "bmg remove" not in bmg("list").err


@pytest.mark.parametrize("table", ["iterations", "lab_results"])
def test_a_damaged_file_of_one_system_stops_no_command_of_another(bmg: Command, fresh: Deployment, table: str) -> None:
    other = "Mg-Zn-Ca"
    for system in (SYSTEM, other):
        assert bmg("add", system).code == 0
        best = {"best_composition": ["Zr50Al5Cu45"] * 3} if table == "iterations" else {}
        fresh.store.write_table(table, system, frame_of(SYSTEM_TABLES[table], target_system=system, **best))
    fresh.store.write_bytes("reports/overview.html", b"made before")
    fresh.store.folder.write(f"{table}/{SYSTEM}.parquet", b"damaged")
    listed = bmg("list")
    assert (listed.code, listed.out.count(SYSTEM), listed.out.count(other)) == (0, 1, 1)
    assert f"{table}/{SYSTEM}.parquet is damaged" in listed.err
    assert f"`bmg run {SYSTEM}` makes it anew" in listed.err
    answered = bmg("query", f"SELECT DISTINCT target_system FROM {table}")
    assert (answered.code, SYSTEM in answered.out, other in answered.out) == (0, False, True)
    assert answered.err.count("is damaged") == 1
    assert bmg("add", "La-Al-Ni").code == 0
    assert bmg("remove", other).code == 0
    page = fresh.store.read_bytes("reports/overview.html").decode()
    assert f"{table}/{SYSTEM}.parquet is damaged" in page
    assert bmg("remove", SYSTEM).code == 0
    assert "is damaged" not in bmg("list").err


def test_a_page_that_is_behind_its_tables_is_told(bmg: Command, fresh: Deployment) -> None:
    chosen = Origin("run 2", ("run 2",))
    fresh.store.write_table("candidates", SYSTEM, frame_of(SYSTEM_TABLES["candidates"]), origin=chosen)
    for run, told in (("run 1", True), ("run 2", False)):
        page = Origin(run, (run,), {"candidates": run})
        fresh.store.write_bytes(f"reports/{SYSTEM}.html", content("system_report", page))
        printed = bmg("report", SYSTEM)
        assert (printed.code, printed.out.endswith(f"{SYSTEM}.html\n")) == (0, True)
        words = "system_report is of an earlier training than candidates; `bmg run Zr-Al-Cu` makes it anew"
        assert (words in printed.err) is told


def test_an_answer_from_two_trainings_says_so(bmg: Command, fresh: Deployment) -> None:
    grid = Origin("run 2", ("run 2",))
    fresh.store.write_table("prediction_grid", SYSTEM, frame_of(SYSTEM_TABLES["prediction_grid"]), origin=grid)
    chosen = Origin("run 1", ("run 1",), {"prediction_grid": "run 1"})
    fresh.store.write_table("candidates", SYSTEM, frame_of(SYSTEM_TABLES["candidates"]), origin=chosen)
    answered = bmg("query", "FROM candidates")
    assert answered.code == 0
    assert answered.err.startswith(f"{SYSTEM}: candidates are of an earlier training than prediction_grid; `bmg run")
    assert bmg("query", "FROM prediction_grid").err == ""


def test_own_alloys_are_listed_beside_what_was_predicted(bmg: Command, fresh: Deployment) -> None:
    known, new = "Zr50Al5Cu45", "Zr55Al5Cu40"
    results = frame_of(SYSTEM_TABLES["lab_results"], rows=2, composition=[known, new])
    outcome = frame_of(SYSTEM_TABLES["cast_outcomes"], rows=1, composition=[new], predicted_mm=[0.75])
    fresh.store.write_table("lab_results", SYSTEM, results)
    fresh.store.write_table("cast_outcomes", SYSTEM, outcome)
    rows = json.loads(bmg("casts", SYSTEM, "--json").out)
    assert [(row["composition"], row["predicted_mm"]) for row in rows] == [(known, None), (new, 0.75)]
    assert {"state", "dmax_mm", "cast_next_mm"} <= set(rows[0])


@pytest.fixture
def studies(monkeypatch: pytest.MonkeyPatch, fresh: Deployment) -> list[tuple[list[str], dict[str, Any]]]:
    """Stands for the runs of a study, which leave a row of two systems."""
    asked: list[tuple[list[str], dict[str, Any]]] = []

    def run_study(
        _: object, systems: list[str], choices: dict[str, Any], say: Callable[[str], None], is_spread: bool
    ) -> None:
        assert not is_spread
        asked.append((systems, choices))
        say("at work")
        rows = frame_of(SYSTEM_TABLES["pruning_study"], rows=2)
        fresh.store.write_table("pruning_study", None, rows.assign(target_system=[SYSTEM, "Mg-Zn-Ca"]))

    monkeypatch.setattr("bmg_assets.launch.runs.run_study", run_study)
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    return asked


def test_a_study_of_some_systems_is_asked_for_and_printed(bmg: Command, studies: list[Any]) -> None:
    printed = bmg("study", SYSTEM, "--budget", "quick", "--sub-datasets", "3,1")
    assert (printed.code, printed.err) == (0, "")
    assert studies == [([SYSTEM], {"sub_datasets": [1, 3], "budget": "quick"})]
    assert SYSTEM in printed.out
    assert "Mg-Zn-Ca" not in printed.out
    assert "pruning_study.html" in printed.out


def test_without_a_system_the_papers_five_are_studied(bmg: Command, studies: list[Any]) -> None:
    as_json = bmg("study", "--json")
    assert studies == [(["Zr-Al-Cu", "Mg-Zn-Ca", "Co-Ta-B", "Ir-Ni-Ta", "La-Al-C"], {"sub_datasets": [1, 2, 3, 4, 5]})]
    rows = json.loads(as_json.out)
    assert [row["target_system"] for row in rows] == [SYSTEM, "Mg-Zn-Ca"]
    assert set(rows[0]) == set(SYSTEM_TABLES["pruning_study"].column_names)
    assert as_json.err == "at work\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Zr-Al-Xx"], "'Xx' is not an element symbol"),
        (["--sub-datasets", "6"], "'6' is no sub-dataset; name some of 1, 2, 3, 4, 5"),
        (["--budget", "endless"], "There is no budget 'endless'"),
    ],
)
def test_a_study_that_cannot_be_is_not_begun(
    bmg: Command, studies: list[Any], fresh: Deployment, arguments: list[str], words: str
) -> None:
    assert is_a_mistake(bmg("study", *arguments), words)
    assert studies == []
    assert fresh.files() == {}


@pytest.fixture
def evidence(monkeypatch: pytest.MonkeyPatch, fresh: Deployment) -> list[dict[str, Any]]:
    """Stands for the run of the evidence on the literature, which leaves a row of two variants."""
    choices_of_runs: list[dict[str, Any]] = []

    def run(_: object, name: str, choices: dict[str, Any]) -> None:
        assert name == "literature"
        choices_of_runs.append(choices)
        rows = frame_of(SYSTEM_TABLES["literature_evidence"], rows=2).assign(
            test="left_out", year=None, track="nothing_known", judged_by="all", metric="auc", strategy="transfer"
        )
        rows = rows.assign(variant=["whole", "paper"], mean=[0.71234, 0.7]).astype({"year": "Int64"})
        fresh.store.write_table("literature_evidence", None, rows)

    monkeypatch.setattr("bmg_assets.launch.runs.run_evidence", run)
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    return choices_of_runs


def test_the_literature_is_taken_apart_and_its_variants_stand_side_by_side(
    bmg: Command, evidence: list[dict[str, Any]]
) -> None:
    printed = bmg("evidence", "--literature", "--quick", "--seed", "3")
    assert (printed.code, printed.err) == (0, "")
    assert evidence == [{"only_quick_parts": True, "seed": 3}]
    assert "AUC, nothing known" in printed.out
    assert "0.712" in printed.out
    assert "literature_evidence.html" in printed.out
    rows = json.loads(bmg("evidence", "--literature", "--json").out)
    assert [row["variant"] for row in rows] == ["whole", "paper"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["transfer"], "--literature compares all of them and takes no strategies (transfer); leave it out."),
        (["--with-release"], "--literature compares all of them and takes no --with-release; leave it out."),
    ],
)
def test_what_belongs_to_the_other_evidence_is_refused(
    bmg: Command, evidence: list[dict[str, Any]], arguments: list[str], words: str
) -> None:
    assert is_a_mistake(bmg("evidence", "--literature", *arguments), words)
    assert is_a_mistake(bmg("evidence", "--regimes", *arguments), words.replace("--literature", "--regimes"))
    assert evidence == []


def test_what_is_one_piece_of_work_is_not_spread(bmg: Command, evidence: list[dict[str, Any]]) -> None:
    asked = bmg("evidence", "--rungs", "--spread")
    assert is_a_mistake(asked, "--rungs is one piece of work, which --spread cannot share out")
    assert evidence == []


def test_two_questions_are_not_asked_at_once(bmg: Command, evidence: list[dict[str, Any]]) -> None:
    assert is_a_mistake(bmg("evidence", "--literature", "--regimes"), "ask one after the other")
    assert evidence == []


def test_surrogates_stand_side_by_side_in_every_regime(
    bmg: Command, fresh: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: object, name: str, choices: dict[str, Any]) -> None:
        assert name == "regimes"
        assert choices == {"only_quick_parts": True}
        rows = frame_of(SYSTEM_TABLES["regime_evidence"], rows=2).assign(
            literature="whole", regime="half_known", systems_of="both_kinds", metric="auc", mean=[0.8765, 0.7],
            strategy=["composite", "transfer"], target=["0.8 or more", None], verdict=["met", None],
        )  # fmt: skip
        fresh.store.write_table("regime_evidence", None, rows)
        fresh.store.write_table(
            "regime_distances", None, frame_of(SYSTEM_TABLES["regime_distances"], rows=1).assign(measure="explained")
        )

    monkeypatch.setattr("bmg_assets.launch.runs.run_evidence", run)
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    printed = bmg("evidence", "--regimes", "--quick")
    assert (printed.code, printed.err) == (0, "")
    for words in ("0.88", "Targets", "0.8 or more", "By the distance to what is known", "regime_evidence.html"):
        assert words in printed.out
    rows = json.loads(bmg("evidence", "--regimes", "--quick", "--json").out)
    assert [row["strategy"] for row in rows] == ["composite", "transfer"]


@pytest.fixture
def campaigns(monkeypatch: pytest.MonkeyPatch, fresh: Deployment) -> list[dict[str, Any]]:
    """Stands for the run of simulated campaigns, which leaves a summary."""
    choices_of_runs: list[dict[str, Any]] = []

    def run(_: object, name: str, choices: dict[str, Any]) -> None:
        assert name == "campaigns"
        choices_of_runs.append(choices)
        fresh.store.write_table("campaign_evidence", None, summarise_campaigns(scores(), forecasts(), 0))

    monkeypatch.setattr("bmg_assets.launch.runs.run_evidence", run)
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    return choices_of_runs


def test_campaigns_are_simulated_and_rules_stand_side_by_side(bmg: Command, campaigns: list[dict[str, Any]]) -> None:
    printed = bmg("evidence", "--campaigns", "--quick")
    assert (printed.code, printed.err) == (0, "")
    assert campaigns == [{"only_quick_parts": True}]
    for words in ("On whole maps", "In pools of reported alloys", "Chance of more", "expected_gain", "random"):
        assert words in printed.out
    rows = json.loads(bmg("evidence", "--campaigns", "--json").out)
    assert {row["rule"] for row in rows} == {"expected_gain", "random", "stopping"}
    both = bmg("evidence", "--campaigns", "--regimes")
    assert is_a_mistake(both, "--regimes and --campaigns are 2 questions; ask one after the other.")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", "the tables are atlas_calibration, "),
        ("SELECT * FROM nothing_of_the_kind", "literature.alloys, "),
        ("SELECT dmax FROM candidates", "candidates has the columns target_system, kind, rank,"),
        ("SELECT dmax FROM literature.alloys", "literature.alloys has the columns composition,"),
    ],
)
def test_a_question_that_is_no_sql_is_refused_with_what_there_is(on_finished: Command, sql: str, words: str) -> None:
    outcome = on_finished("query", sql)
    assert is_a_mistake(outcome, "The query was refused: ", "To go on: ", words)
    assert len(outcome.err.strip().splitlines()) == 2


def test_a_page_that_is_not_there_yet_is_told_with_its_command(bmg: Command) -> None:
    assert is_a_mistake(bmg("report", SYSTEM), f"There is no page of {SYSTEM} yet; `bmg run {SYSTEM}` makes it.")
    assert is_a_mistake(bmg("report"), "There is no page of all systems yet", "`bmg run`")


def test_casts_that_wait_for_a_run_are_told(bmg: Command, fresh: Deployment) -> None:
    inbox = inbox_at(fresh.folder)
    inbox.take_in(drop(inbox, "pair.csv", table(line("ZAC-1", composition_nominal="Zr50Al5Cu45"))))
    shown = bmg("casts", SYSTEM)
    assert (shown.code, shown.err) == (0, "")
    assert "Accepted and in no run yet: 1 cast(s)." in shown.out
    for_scripts = bmg("casts", SYSTEM, "--json")
    assert json.loads(for_scripts.out) == []
    assert "ZAC-1" in for_scripts.err
    assert is_a_mistake(bmg("casts", "Mg-Zn-Ca"), "`bmg run Mg-Zn-Ca`")


def test_the_literature_that_a_command_used_is_told(on_finished: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    monkeypatch.setattr("bmg_assets.launch.runs.run_system", lambda *_: None)
    for arguments in (["literature"], ["demo", "--starter"]):
        told = on_finished(*arguments)
        assert told.code == 0
        assert "alloys from starter (Starter table of this repository" in told.out


def test_a_store_of_another_version_is_left_alone(bmg: Command, fresh: Deployment) -> None:
    bmg("add", "Zr-Al-Cu")
    fresh.store.folder.write("store_format.json", b'{"store_format": 99}')
    before = fresh.files()
    for arguments in (["list"], ["query", "SELECT 1"], ["run", "Zr-Al-Cu"]):
        assert is_a_mistake(bmg(*arguments), "has format 99", "Nothing was changed.")
    assert fresh.files() == before


def test_arguments_that_do_not_exist_are_named(bmg: Command) -> None:
    for arguments in (["run"], ["add", "Zr-Al-Cu", "--faster"], ["paint"], ["run", "Zr-Al-Cu", "--seed", "three"]):
        outcome = bmg(*arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert "Usage" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["literature"], "`bmg literature` begins anew"), (["demo", "--starter"], "`bmg demo` begins anew")],
)
def test_ctrl_c_ends_in_a_sentence_on_how_to_go_on(
    bmg: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", stopped)
    outcome = bmg(*arguments)
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err == f"Stopped. What was finished before is kept; {words}.\n"


@pytest.mark.slow
def test_ctrl_c_on_a_terminal_leaves_it_clean_and_the_run_is_not_tried_again(fresh: Deployment, tmp_path: Path) -> None:
    home = tmp_path / "dagster_home"
    variables = {**os.environ, **fresh.variables(), "DAGSTER_HOME": str(home), "TERM": "xterm", "COLUMNS": "100"}
    variables.pop("CI", None)
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "bmg_assets.cli.main", "literature"], variables)
    seen = b""
    pressed = False
    while data := _read(terminal):
        seen += data
        if not pressed and b"literature_reports" in seen:
            pressed = True
            os.write(terminal, CTRL_C)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 130
    text = seen.decode()
    assert "Traceback" not in text
    assert "Stopped. What was finished before is kept; `bmg literature` begins anew." in text.splitlines()[-1]
    assert text.rindex(SHOW_CURSOR) > text.rindex("of 5 done")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.CANCELED
        assert run.tags["dagster/will_retry"] == "false"


def _read(terminal: int) -> bytes:
    """What a terminal is sent next; nothing once its program has ended."""
    try:
        return os.read(terminal, 65536)
    except OSError:  # how that looks on Linux
        return b""


def test_a_failed_run_ends_with_its_sentence_and_exit_code_1(fresh: Deployment, tmp_path: Path) -> None:
    """In processes of its own, as a user starts it."""
    environment = {**os.environ, **fresh.variables(), "DAGSTER_HOME": str(tmp_path / "dagster_home")}
    command = [sys.executable, "-m", "bmg_assets.cli.main", "literature", "--source", "nowhere"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "'nowhere' is no declared source of reports; choose among mdf_v5" in done.stderr.splitlines()[-1]
    assert fresh.files() == {}


def test_properties_are_listed_with_what_is_known(on_finished: Command) -> None:
    rows = {row["symbol"]: row for row in json.loads(on_finished("property", "--json").out)}
    assert list(rows) == ["T_g", "T_x", "T_l", "DeltaT_x", "R_c", "G", "K", "E"]
    assert rows["T_g"]["alloys"] > 100
    assert rows["T_g"]["reports"] > rows["T_g"]["alloys"] > rows["T_g"]["conflicts"]
    assert rows["DeltaT_x"]["highest"] < 200
    assert rows["T_g"]["lowest"] < rows["T_g"]["highest"] < 1500
    assert "T_x" in on_finished("property").out


def test_a_property_is_mapped_and_its_scores_are_printed(
    bmg: Command, fresh: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    scores = frame_of(SYSTEM_TABLES["property_scores"], rows=1, property="glass_transition_temperature", unit="K")

    def run_property(_: object, prop: Any, system: str, choices: dict[str, Any]) -> None:
        asked.append((prop.symbol, system, choices))
        fresh.store.write_table("property_scores", system, scores, prop.name)

    monkeypatch.setattr("bmg_assets.launch.runs.run_property", run_property)
    monkeypatch.setattr("bmg_assets.launch.runs.run_property_values", lambda _: None)
    printed = bmg("property", "T_g", SYSTEM, "--budget", "quick", "--sub-dataset", "0")
    assert (printed.code, printed.err) == (0, "")
    assert asked == [("T_g", SYSTEM, {"budget": "quick", "sub_dataset": 0})]
    assert "Fusion: RMSE 0.125 K" in printed.out
    assert f"glass_transition_temperature/{SYSTEM}.html" in printed.out
    as_json = json.loads(bmg("property", "glass_transition_temperature", SYSTEM, "--json").out)
    assert as_json[0]["unit"] == "K"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Tq", SYSTEM], "no property 'Tq'; choose one of T_g (glass_transition_temperature)"),
        (["T_g"], "Name a system, too, as in `bmg property T_g Zr-Al-Cu`"),
        (["T_g", "Zr-Al-Xx"], "'Xx' is not an element symbol"),
        (["T_g", SYSTEM, "--budget", "long"], "There is no budget 'long'"),
        (["T_g", SYSTEM, "--sub-dataset", "6"], "Sub-dataset 6 does not exist"),
    ],
)
def test_a_mistaken_property_ends_in_one_sentence(bmg: Command, arguments: list[str], words: str) -> None:
    assert is_a_mistake(bmg("property", *arguments), words)


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["nothing"], 2)])
def test_the_process_ends_with_the_code_of_the_command_even_if_nobody_reads_on(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "bmg_assets.cli.main", *arguments]
    read = subprocess.run(command, capture_output=True, text=True)
    assert (read.returncode, "Traceback" in read.stderr) == (code, False)
    assert "Usage" in read.stdout + read.stderr
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as unread:
        assert unread.stdout is not None
        assert unread.stderr is not None
        unread.stdout.close()
        assert "Traceback" not in unread.stderr.read()
