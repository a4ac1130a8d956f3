"""Intake is killed at random moments, again and again: no cast is lost, and none counts twice."""

import subprocess
import sys
from pathlib import Path

from bmg_assets.intake.file import is_file_of_casts, report_of
from bmg_assets.intake.record import all_intakes, that_count
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, samples_of, table

FILES = 60


def test_killed_intakes_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    inbox = inbox_at(tmp_path)
    contents: dict[bytes, str] = {}
    expected = []
    for number in range(FILES):
        rows = [f"{line(f'S{number}')},", f"{line(f'S{number}-b', verdict='crystalline')},"]
        if number % 5 == 4:
            rows = [f"{line(f'bad {number}', verdict='?')},"]
        else:
            expected += [f"S{number}", f"S{number}-b"]
        data = table(*rows, header=f"{HEADER},supersedes")
        contents[data] = drop(inbox, f"{number:02}.csv", data).name

    command = [sys.executable, "-m", "bmg_assets_tests.intake.takers", inbox.root, inbox.record.url]
    killed = int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)

    assert killed > 10, "hardly any intake was killed"
    found = [path for folder in (inbox.accepted_folder, inbox.rejected_folder) for path in folder.iterdir()]
    files = [path for path in found if is_file_of_casts(path) and not path.name.startswith(".")]
    assert sorted(path.read_bytes() for path in files) == sorted(contents)
    assert all(report_of(path).exists() for path in files)
    assert sorted(samples_of(inbox)) == sorted(expected)
    counting = that_count(all_intakes(inbox.casts))
    assert len(counting) == len({one.sha256 for one in counting}) == FILES * 4 // 5
    assert inbox.accepted().lost == ()
    assert inbox.record.problems() == []
