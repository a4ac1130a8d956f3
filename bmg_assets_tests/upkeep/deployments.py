"""Small deployments: files of the laboratory, a record, literature, settings."""

from pathlib import Path

from bmg_assets.settings import Locations
from bmg_assets.store.record import CASTS, Record

SYSTEMS = {
    "target_system": ["Zr-Al-Cu", "Mg-Zn-Ca"],
    "studied_system": ["Zr-Al-Cu"],
    "mapped_property": ["glass_transition_temperature.Zr-Al-Cu"],
}
FILES = {
    "lab_results/inbox/new.csv": b"just dropped\n",
    "lab_results/inbox/patterns/zr.xy": b"10 20\n" * 500,
    "lab_results/accepted/zr.csv": b"accepted casts\n",
    "lab_results/accepted/zr.report.csv": b"line,outcome\n",
    "lab_results/rejected/no.csv": b"nothing of use\n",
    "lab_results/casting.yaml": b"limits: {}\n",
    "lab_results/.intake.lock": b"",
    "literature/sources.yaml": b"sources: of this laboratory\n",
    "literature/own_table.csv": b"formula,dmax\nZr50Cu50,2\n",
    "dagster_home/dagster.yaml": b"telemetry: {enabled: false}\n",
    "dagster_home/history/runs.txt": b"history",
    "downloads/large.csv": b"published",
    "store/candidates/Zr-Al-Cu.parquet": b"cache",
}


def places_in(data: Path) -> Locations:
    """The places of a deployment in one folder."""
    return Locations(data, str(data / "store"), str(data / "record"), data / "downloads", data / "lab_results")


def filled_deployment(data: Path) -> Locations:
    """A deployment with casts, predictions, literature and settings."""
    for name, content in FILES.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    places = places_in(data)
    record = Record(url=places.record_url)
    for number, name in enumerate(("accepted/zr.csv", "rejected/no.csv")):
        content = FILES[f"lab_results/{name}"]
        record.stream(CASTS).append({name.rpartition("/")[2]: content}, {"number": number})
    add_predictions(places, 3)
    return places


def add_predictions(places: Locations, count: int) -> None:
    """Record further predictions of Zr-Al-Cu."""
    stream = Record(url=places.record_url).predictions("Zr-Al-Cu")
    for number in range(len(stream.entries()), len(stream.entries()) + count):
        stream.append({f"{number}.parquet": f"map {number} ".encode() * 200}, {"iteration": number})
