"""How facts become a page: Jinja templates that escape every value, and one HTML file without a network.

Templates are in `templates`, the style sheet and the script in `static`; both are parts of every page.
"""

import base64
import gzip
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeAlias

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bmg_assets.pages.interactive_map import packed_library
from bmg_assets.spreadsheets import csv_of_frame, harmless

DIGITS = 2
FEW_COLOURS = 2048
"""A figure with no more than these is a chart."""
CONTENTS = "<!-- contents -->"
"""Stands in the template where the list of a page's headings goes; no value can be it, since values are escaped."""
HEADING = re.compile(r'<h2(?: id="([^"]+)")?>(.*?)</h2>', re.DOTALL)
LEAST_CONTENTS = 3
"""Headings from which on a page lists them."""
Links: TypeAlias = Mapping[str, str]
"""Relative addresses of other pages, by what they are called."""
NO_LINKS: Links = MappingProxyType({})
Columns: TypeAlias = Mapping[str, str | tuple[str, int]]
"""Columns of a frame to be shown, in their order, each with its title, or with its title and number of decimals."""


@dataclass(frozen=True)
class Picture:
    """A figure of a page."""

    name: str
    """Name of its files."""
    files: Mapping[str, bytes]
    """The files by ending, `png` among them."""
    alt: str
    """What there is to see, for those who do not see it."""
    caption: str


@dataclass(frozen=True)
class Link:
    """A cell of a table that leads to another page."""

    words: str
    address: str


def render(template: str, **facts: Any) -> str:
    """The page that a template makes of facts, with a list of its contents; every value is escaped."""
    return with_contents(environment().get_template(f"{template}.html.j2").render({"links": NO_LINKS} | facts))


@cache
def environment() -> Environment:
    """The templates, with what they can call; a fact that is not given is an error."""
    templates = Environment(
        loader=PackageLoader("bmg_assets.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    filters: dict[str, Callable[..., Any]] = {
        "base64": lambda data: base64.b64encode(data.encode() if isinstance(data, str) else data).decode(),
        "code": _with_code,
        "fixed": lambda value, digits=DIGITS: f"{value:.{digits}f}",
        "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
        "minute": lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC",
        "versions": lambda versions: ", ".join(f"{name} {number}" for name, number in versions.items()),
        "webp": _as_webp,
    }
    templates.filters |= filters
    templates.globals |= {
        "cell_text": cell_text,
        "is_missing": pd.isna,
        "is_number": is_number,
        "packed_library": packed_library,
        "is_time": lambda value: isinstance(value, datetime) and not pd.isna(value),
        "static": _static,
        "titled": titled,
    }
    return templates


def grid_as_csv(elements: Sequence[str], grid: pd.DataFrame, digits: int) -> str:
    """A map as CSV, with a column for each element.

    Args:
        elements: of the system, in the order of the column `at_pct`.
        grid: the table `prediction_grid` or `property_maps`.
        digits: significant digits of the numbers.
    """
    amounts = pd.DataFrame(grid["at_pct"].tolist(), columns=[f"{element}_at_pct" for element in elements])
    rest = grid.drop(columns=["target_system", "at_pct", "point"]).reset_index(drop=True)
    return csv_of_frame(pd.concat([amounts, rest], axis=1), float_format=f"%.{digits}g")


def cell_text(value: Any, digits: int) -> str:
    """A value as a person reads it, a number with so many decimals; empty where it is missing.

    Tables of pages are copied into spreadsheets, so no text begins like a formula.
    """
    if isinstance(value, list | tuple):
        return str(harmless(", ".join(map(str, value))))
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{digits}f}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(harmless(str(value)))


def is_number(value: Any) -> bool:
    """Whether a value stands at the right of its column."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value)


def titled(columns: Columns) -> dict[str, tuple[str, int]]:
    """Title and number of decimals of each column."""
    return {name: (one, DIGITS) if isinstance(one, str) else one for name, one in columns.items()}


def with_contents(html: str) -> str:
    """The page with a list of its headings where it has `CONTENTS`, each heading with a name to go to."""
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        given, words = found.groups()
        plain = re.sub("<[^>]*>|&[^;]*;", "", words)
        name = given or f"on-{re.sub('[^a-z0-9]+', '-', plain.lower()).strip('-')}"
        while name in names:
            name += "-more"
        names[name] = words
        return f'<h2 id="{name}">{words}</h2>'

    html = HEADING.sub(named, html)
    entries = "".join(f'<li><a href="#{name}">{words}</a></li>' for name, words in names.items())
    contents = f'<nav class="contents on-screen" aria-label="Contents"><ol>{entries}</ol></nav>'
    return html.replace(CONTENTS, contents if len(names) >= LEAST_CONTENTS else "", 1)


def _with_code(words: str) -> Markup:
    """Plain text; what stands between backticks is a command or a name, and shown as such."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(words))))


def _static(name: str) -> Markup:
    """A file of ours that is written into the page as it is."""
    return Markup(files("bmg_assets.pages").joinpath("static", name).read_text(encoding="utf-8"))


def _as_webp(png: bytes) -> bytes:
    """The picture as WebP, which every browser shows and which takes a fifth of the place.

    Only maps, which have many colours, lose a little: a thin line of a chart would change its colour.
    """
    from PIL import Image

    image, buffer = Image.open(io.BytesIO(png)).convert("RGB"), io.BytesIO()
    image.save(buffer, "WEBP", quality=85, lossless=image.getcolors(FEW_COLOURS) is not None)
    return buffer.getvalue()
