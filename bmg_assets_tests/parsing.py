"""Syntax trees of the project's files, for tests that read the code."""

import ast
from pathlib import Path

ATTEMPTS = 5


def tree_of(path: Path) -> ast.Module:
    """The tree of a file.

    Python 3.11 counts the depth of a tree once for all threads, so that parsing fails with a SystemError while another
    thread parses, too; the next attempt does not.
    """
    source = path.read_text(encoding="utf-8")
    for _ in range(ATTEMPTS - 1):
        try:
            return ast.parse(source)
        except SystemError:
            continue
    return ast.parse(source)
