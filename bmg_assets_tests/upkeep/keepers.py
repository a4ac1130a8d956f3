"""Backups and restores that are killed at random moments; after each kill the repeat is compared with what should be.

python -m bmg_assets_tests.upkeep.keepers FOLDER KILLS
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from bmg_assets.upkeep.backup import back_up
from bmg_assets.upkeep.backup_folder import BackupFolder
from bmg_assets.upkeep.restore import restore
from bmg_assets.upkeep.verify import verify
from bmg_assets_tests.automation.night import CHAIN
from bmg_assets_tests.finished import wait_for_no_disk
from bmg_assets_tests.upkeep.deployments import SYSTEMS, add_predictions, filled_deployment, places_in
from bmg_assets_tests.upkeep.faults import files_below

SOME_KILLS = 3
"""Kills one after the other before the repeat."""


def killed_in(action: Callable[[], object], random_numbers: random.Random, longest_s: float) -> bool:
    """Begin an action in a process of its own and kill it; False if it was done before."""
    child = os.fork()
    if not child:
        action()
        os._exit(0)
    time.sleep(random_numbers.uniform(0, longest_s))
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kept(data: Path) -> dict[str, bytes]:
    """What comes back of a deployment."""
    found = {str(Path(path).relative_to(data)): content for path, content in files_below(data).items()}
    lost = ("store/", "downloads/", "dagster_home/history", "lab_results/.", ".restore-")
    return {name: content for name, content in found.items() if not name.startswith(lost) and "/." not in name}


def kill_backups(folder: Path, kills: int) -> int:
    """Kill backups into a folder and an archive; every snapshot that is there is whole."""
    places, target, numbers, killed = filled_deployment(folder / "data"), folder / "backup", random.Random(1), 0
    began = time.monotonic()
    back_up(places, SYSTEMS, str(target))
    longest_s = time.monotonic() - began
    for number in range(kills):
        add_predictions(places, 2)
        archive = str(folder / f"{number}{random.Random(number).choice(['.zip', '.tar.zst'])}")
        for to in (str(target), archive):
            killed += killed_in(partial(back_up, places, SYSTEMS, to), numbers, longest_s)
        if not Path(archive).exists():
            back_up(places, SYSTEMS, archive)
        _compare(restored(folder, archive), kept(places.data))
    back_up(places, SYSTEMS, str(target))
    backup = BackupFolder(str(target))
    for name in backup.snapshots():
        snapshot = backup.snapshot(name)
        found = [(name, sha256(file.read()).hexdigest()) for name, file in backup.contents(snapshot)]
        assert found == [(file.name, file.sha256) for file in snapshot.files]
    _compare(restored(folder, str(target)), kept(places.data))
    return killed


def kill_restores(folder: Path, kills: int) -> int:
    """Kill restores, some of them again before the repeat, which gives the whole deployment."""
    places, target, numbers, killed = filled_deployment(folder / "data"), str(folder / "backup"), random.Random(2), 0
    add_predictions(places, 10)
    back_up(places, SYSTEMS, target)
    began = time.monotonic()
    restored(folder, target)
    longest_s = time.monotonic() - began
    for number in range(kills // SOME_KILLS):
        empty = places_in(folder / f"killed {number}")
        literature = empty.data / "literature/sources.yaml"
        literature.parent.mkdir(parents=True)
        literature.write_bytes(b"as committed")
        for _ in range(SOME_KILLS):
            killed += killed_in(partial(restore, empty, target), numbers, longest_s)
        restore(empty, target)
        aside = {name: data for name, data in kept(empty.data).items() if "before-restore" in name}
        assert list(aside.values()) == [b"as committed"], aside
        _compare({name: data for name, data in kept(empty.data).items() if name not in aside}, kept(places.data))
        assert list(verify(empty, CHAIN)) == []
    return killed


def restored(folder: Path, source: str) -> dict[str, bytes]:
    """What an empty machine has after a restore."""
    places = places_in(folder / "restored")
    shutil.rmtree(places.data, ignore_errors=True)
    restore(places, source)
    return kept(places.data)


def _compare(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert found.keys() == expected.keys(), found.keys() ^ expected.keys()
    assert found == expected


if __name__ == "__main__":
    os.environ.pop("DAGSTER_HOME", None)
    wait_for_no_disk()
    where, how_many = Path(sys.argv[1]), int(sys.argv[2])
    print(kill_backups(where / "backups", how_many), kill_restores(where / "restores", how_many))
