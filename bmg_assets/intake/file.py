"""Names of files after their intake: the name in the inbox, the hash of the content, and what lies beside."""

from hashlib import sha256
from pathlib import Path

HASH_DIGITS = 12
LONGEST_STEM_BYTES = 120
LONGEST_ENDING = 16
ENDING_OF_NONE = ".bin"
RECORD_ENDING = ".intake.json"
REPORT_ENDING = ".report.csv"
_FORBIDDEN = frozenset('<>:"/\\|?*')


def name_with_hash(name: str, digest: str) -> str:
    """`zr.csv` to `zr.0123456789ab.csv`; signs that a file name cannot have everywhere are replaced.

    A name without an ending gets one, so that the hash is not mistaken for it.
    """
    path = Path(name)
    ending = _plain(path.suffix.lower())[:LONGEST_ENDING] or ENDING_OF_NONE
    stem = _plain(_bare_stem(path)).encode()[:LONGEST_STEM_BYTES].decode("utf-8", "ignore")
    return f"{stem}.{digest[:HASH_DIGITS]}{ending}"


def name_without_hash(name: str) -> str:
    """`zr.0123456789ab.csv` to `zr.csv`; other names stay."""
    return f"{_bare_stem(Path(name))}{Path(name).suffix}"


def has_its_hash(file: Path) -> bool:
    """Whether a file that was taken in holds what its name says."""
    return hash_of(file)[:HASH_DIGITS] == file.stem.rpartition(".")[2]


def hash_of(file: Path) -> str:
    """SHA-256 of a file of any size."""
    digest = sha256()
    with open(file, "rb") as opened:
        while piece := opened.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def record_of(file: Path) -> Path:
    """The record beside an accepted file."""
    return file.with_name(f"{file.stem}{RECORD_ENDING}")


def report_of(file: Path) -> Path:
    """The report beside a file that was taken in."""
    return file.with_name(f"{file.stem}{REPORT_ENDING}")


def is_file_of_casts(path: Path) -> bool:
    """Whether a name in the folder of accepted files is that of a file, not of what lies beside one."""
    return not path.name.endswith((RECORD_ENDING, REPORT_ENDING))


def _bare_stem(path: Path) -> str:
    stem, _, last = path.stem.rpartition(".")
    is_hash = len(last) == HASH_DIGITS and set(last) <= set("0123456789abcdef")
    return stem if stem and is_hash else path.stem


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() and sign not in _FORBIDDEN else "_" for sign in text)
