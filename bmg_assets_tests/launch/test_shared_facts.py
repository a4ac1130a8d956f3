"""What machines of one deployment must have in common, and how a machine that has not is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from bmg_assets.environment import variable
from bmg_assets.launch.shared_facts import FACTS_FILE, OtherDeploymentError, SharedFacts
from bmg_assets.settings import Locations, Settings
from bmg_assets.store.store import Store
from bmg_assets.upkeep.store_check import findings_of_store
from bmg_assets_tests.launch.several import set_several


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SharedFacts:
    """Those of a main machine, whose variables are taken away again."""
    with pytest.MonkeyPatch.context() as main:
        set_several(main, tmp_path, BMG_BUDGET="quick", BMG_COVERAGE="0.8", BMG_PAGES_URL="http://main:3001")
        main.setenv("BMG_TIME_ZONE", "Asia/Tokyo")
        found = SharedFacts.of_main_machine()
        found.write(Store.at(Locations.from_environment()))
    # Whatever a test lets this machine adopt is taken away afterwards.
    for name in ("PAGES_URL", "TIME_ZONE", "RECORD", *map(str.upper, Settings.model_fields)):
        monkeypatch.setenv(f"BMG_{name}", "")
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "worker"))
    monkeypatch.setenv("BMG_STORE", str(tmp_path / "store"))
    return found


def test_a_machine_adopts_what_it_has_not_set(facts: SharedFacts, tmp_path: Path) -> None:
    read = SharedFacts.read(Store.at(Locations.from_environment()))
    assert read == facts
    read.adopt()
    read.refuse_differences()
    adopted = ("BMG_BUDGET", "BMG_TIME_ZONE", "BMG_PAGES_URL", "BMG_RECORD")
    assert [variable(name) for name in adopted] == ["quick", "Asia/Tokyo", "http://main:3001", str(tmp_path / "record")]
    assert SharedFacts.of_main_machine().queue == facts.queue


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("BMG_BUDGET", "paper", r"^BMG_BUDGET is 'paper' here and 'quick' on the main machine: .* unset it here\.$"),
        ("BMG_TIME_ZONE", "Europe/Berlin", r"^BMG_TIME_ZONE is 'Europe/Berlin' here and 'Asia/Tokyo' on"),
        ("BMG_COVERAGE", "0.80", None),
        ("BMG_THREADS", "7", None),
    ],
)
def test_what_is_set_otherwise_is_refused_unless_it_means_the_same(
    facts: SharedFacts, monkeypatch: pytest.MonkeyPatch, name: str, text: str, words: str | None
) -> None:
    monkeypatch.setenv(name, text)
    facts.adopt()
    if words is None:
        facts.refuse_differences()
    else:
        with pytest.raises(OtherDeploymentError, match=words):
            facts.refuse_differences()


def test_other_code_is_refused_with_both_versions(facts: SharedFacts) -> None:
    facts.adopt()
    other = replace(facts, code="0123456789ab", version="7.7")
    with pytest.raises(
        OtherDeploymentError, match=rf"files {facts.code}\), .* version 7\.7 \(files 0123456789ab\): ins"
    ):
        other.refuse_differences()
    assert other.queue != facts.queue


def test_other_declarations_of_the_literature_are_refused(facts: SharedFacts, tmp_path: Path) -> None:
    own = tmp_path / "worker" / "literature"
    own.mkdir(parents=True)
    (own / "sources.yaml").write_text("[]\n")
    (own / "properties.yaml").write_text("[]\n")
    facts.adopt()
    with pytest.raises(
        OtherDeploymentError, match=r"^sources\.yaml of the literature here is not that of the main mac"
    ):
        facts.refuse_differences()


def test_a_record_that_only_the_main_machine_has_is_refused(
    facts: SharedFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMG_RECORD", str(tmp_path / "elsewhere"))
    facts.adopt()
    with pytest.raises(
        OtherDeploymentError, match=r"no record at .*elsewhere, where .* \(on the main machine it is .*/record"
    ):
        facts.refuse_differences()


def test_a_store_of_one_machine_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        OtherDeploymentError, match=r"holds no deployment\.json, .* let BMG_STORE name its store as this"
    ):
        SharedFacts.read(Store(url=str(tmp_path / "another")))


def test_facts_that_cannot_be_read_are_refused(facts: SharedFacts) -> None:
    store = Store.at(Locations.from_environment())
    store.folder.write(FACTS_FILE, b'{"version": "0.0.1"}')
    with pytest.raises(OtherDeploymentError, match=r"cannot be read .*: start `bmg ui` of the main machine again"):
        SharedFacts.read(store)


def test_workers_have_to_start_again_only_after_a_change(facts: SharedFacts) -> None:
    store = Store.at(Locations.from_environment())
    assert not facts.write(store)
    changed = replace(facts, settings={**facts.settings, "budget": "standard"})
    assert changed.queue != facts.queue
    assert changed.write(store)
    assert not list(findings_of_store(store))
