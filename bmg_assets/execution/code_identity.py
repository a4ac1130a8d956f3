"""Which code this is: a fingerprint of its files, so that two machines can compare theirs."""

from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
SUFFIXES = frozenset({".py", ".yaml", ".j2", ".js", ".css"})
"""Files by which results or pages can differ; the literature's own files are compared by themselves."""
DIGITS = 12


@cache
def code_fingerprint(package: Path = PACKAGE) -> str:
    """A short hexadecimal identity of the code of this platform, as its files were when this process first asked."""
    digest = sha256()
    for path in sorted(
        path for path in package.rglob("*") if path.suffix in SUFFIXES and "committed" not in path.parts
    ):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:DIGITS]
