"""Lab files that are read, one for each kind of writing: what the fuzz damages."""

from collections.abc import Mapping
from functools import cache

from openpyxl.comments import Comment
from openpyxl.styles import Font

from bmg_assets.settings import PROJECT
from bmg_assets_tests.intake.cast_files import HEADER, line, table
from bmg_assets_tests.intake.workbooks import HEADER as NAMES
from bmg_assets_tests.intake.workbooks import book_of, cells, saved

FOLDER = PROJECT / "data" / "lab_results" / "examples"


@cache
def examples() -> Mapping[str, bytes]:
    """Content by name of file."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.csv"))}
    return found | _tables() | _workbooks()


def _tables() -> dict[str, bytes]:
    days = ("2026/2/27", "2026-2-7", "2026.02.27", "20260227", "2026年2月27日")
    sizes = ("２．５", "φ2.5", "2500 µm", "2.5±0.1", "3 mm rod")
    words = (("Cu mold suction casting", "XRD-amorphous"), ("吸铸", "非晶"), ("Kippguss", "teilkristallin"))
    marks = ("n.d.", "#N/A", "690±2", "?", "/", "690*", "690 K")
    dated = [line(f"D-{number}", test_date=day, dimension_mm=str(number + 1)) for number, day in enumerate(days)]
    sized = [line(f"N-{number}", dimension_mm=size) for number, size in enumerate(sizes)]
    worded = [line(f"W-{number}", method=method, verdict=said) for number, (method, said) in enumerate(words)]
    marked = [f"{line(f'K-{number}')},{mark},=> edge" for number, mark in enumerate(marks)]
    named = [line(name) for name in ("MAR-12", "SEP-3", "MAY 3", "12-Mar")]
    alloys = ("Pd31Ni42S27", "Zr41.2Ti13.8Cu12.5Ni10Be22.5¹", "(Zr50Cu50)95Al5", "Zr50Al5Cu45 [24]", "Cu50Zr50")
    alloyed = [line(f"F-{number}", composition_nominal=alloy) for number, alloy in enumerate(alloys)]
    corrected = [f"{line('A')},", f"{line('B', verdict='withdrawn')},A", f"{line('C', dimension_mm='3')},A"]
    german = [HEADER.replace(",", ";"), "1;DE-1;2026-02-27;Zr50,5Al4,5Cu45;Gew.-%;Saugguss;Stab;2,5;amorph"]
    remarked = ["# Instrument: arc melter", "Casting log", HEADER, ",,date,,,,,mm,", line("R-1"), "# end", line("R-2")]
    return {
        "dates.csv": table(*dated),
        "sizes.csv": table(*sized),
        "words.csv": table(*worded),
        "optional.csv": table(*marked, header=f"{HEADER},tg_K,note"),
        "names.csv": table(*named),
        "alloys.csv": table(*alloyed),
        "corrections.csv": table(*corrected, header=f"{HEADER},supersedes"),
        "semicolons.csv": "\n".join((*german, "")).encode(),
        "remarks.csv": "\n".join((*remarked, "")).encode(),
    }


def _workbooks() -> dict[str, bytes]:
    plain = book_of(NAMES, *(cells(sample_id=f"P-{number}", dimension_mm=1 + number) for number in range(6)))
    merged = book_of(["Casting log"], NAMES, *(cells(sample_id=name) for name in ("M-1", "M-2", "M-3")))
    merged.active.merge_cells("A1:I1")
    merged.active.merge_cells("D3:D5")
    odd = book_of(["Read me"], title="cover")
    sheet = odd.create_sheet("Casts")
    for row in (NAMES, cells(sample_id="O-1"), cells(sample_id="O-2"), cells(sample_id="O-3", dimension_mm="=1+1")):
        sheet.append(row)
    sheet["I2"].comment = Comment("actually crystalline", "somebody")
    sheet["I3"].font = Font(strike=True)
    sheet.row_dimensions[2].hidden = True
    return {"plain.xlsx": saved(plain), "merged.xlsx": saved(merged), "odd.xlsx": saved(odd)}
