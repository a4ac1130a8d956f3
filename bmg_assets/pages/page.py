"""What every page is built of: one HTML file without other files and without a network. All text is escaped here."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, TypeAlias

import pandas as pd

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
p, figcaption, .next, .warning { box-sizing: border-box; max-width: 62rem }
h1 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc } a { color: #005a9c }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem }
th, td { border: 1px solid #bbb; padding: .3rem .6rem }
caption { text-align: left; font-weight: bold; padding: .3rem 0 } .wide { overflow-x: auto }
code { background: #eee; padding: 0 .2em }
th { background: #f0f0f0; text-align: left; vertical-align: bottom } td { vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
figure { margin: 1.5rem 0 } figcaption, .note { color: #505050 } img { max-width: 100%; height: auto }
@media screen { td:first-child, td.when { white-space: nowrap } }
@media screen and (max-width: 60rem) { .wide table { width: max-content; max-width: 56rem } }
.next { background: #eef5fb; border-left: 4px solid #0072b2; padding: .5rem 1rem } .next li { margin: .6rem 0 }
.warning { background: #fff6e0; border-left: 4px solid #b36b00; padding: .5rem 1rem }
#shown { font: inherit; max-width: 100% } #interactive-map { max-width: 100%; overflow: hidden }
body.interactive .static-map { display: none }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; color: #000 } h2 { break-after: avoid } a { color: inherit }
  figure, table, .next { break-inside: avoid } .on-screen, #interactive-map { display: none !important }
  body.interactive .static-map { display: block } .wide { overflow: visible } table { font-size: 8pt }
  th, td { padding: .1rem .25rem } td:last-child { overflow-wrap: anywhere }
}
"""
POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline' blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
"""What the browser lets the page do: nothing is fetched, from anywhere."""


@dataclass(frozen=True)
class Picture:
    """A figure of a page."""

    name: str
    """Name of its files."""
    files: Mapping[str, bytes]
    """The files by ending, `png` among them."""
    alt: str
    """What is to be seen, for those who do not see it."""
    caption: str


@dataclass(frozen=True)
class Shown:
    """A column of a table as it is shown."""

    title: str
    digits: int = 2


Columns: TypeAlias = Mapping[str, Shown | str]
"""Columns of a frame to be shown, in their order, each with its title or more."""


@dataclass(frozen=True)
class Link:
    """A cell of a table that leads to another page."""

    words: str
    address: str


def document(title: str, body: Sequence[str]) -> str:
    """The page; `body` is HTML."""
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><style>{STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )


def table(frame: pd.DataFrame, columns: Columns, caption: str = "") -> str:
    """Rows of a frame under the titles of some of its columns; numbers stand at the right, what is missing is empty."""
    shown = titled(columns)
    head = "".join(f"<th scope='col'>{escape(one.title)}</th>" for one in shown.values())
    rows = (
        "<tr>" + "".join(_cell(row[name], one.digits) for name, one in shown.items()) + "</tr>"
        for row in frame.to_dict("records")
    )
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<div class='wide'><table>{above}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def picture(figure: Picture, classes: str = "") -> str:
    """The figure inside the page."""
    return (
        f"<figure class='{classes}'><img alt='{escape(figure.alt)}' src='data:image/webp;base64,"
        f"{_text(_smaller(figure.files['png']))}'><figcaption>{escape(figure.caption)}</figcaption></figure>"
    )


def download(name: str, words: str, content: str) -> str:
    """A link that saves a CSV which the page carries."""
    return f"<a download='{escape(name)}' href='data:text/csv;base64,{_text(content.encode())}'>{escape(words)}</a>"


def paragraph(words: str, classes: str = "") -> str:
    """A paragraph of plain text; what stands between backticks is a command or a name, and shown as such."""
    shown = re.sub("`([^`]+)`", r"<code>\1</code>", escape(words))
    return f"<p class='{classes}'>{shown}</p>" if classes else f"<p>{shown}</p>"


def cell_text(value: Any, digits: int) -> str:
    """A value as a person reads it, a number with so many decimals; empty where it is missing."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{digits}f}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def is_number(value: Any) -> bool:
    """Whether a value stands at the right of its column."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value)


def titled(columns: Columns) -> dict[str, Shown]:
    """The columns with all that is said of each."""
    return {name: Shown(one) if isinstance(one, str) else one for name, one in columns.items()}


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, Link):
        return f"<td><a href='{escape(value.address)}'>{escape(value.words)}</a></td>"
    text = escape(cell_text(value, digits))
    kind = "number" if is_number(value) else "when" if text and isinstance(value, datetime) else ""
    return f"<td class='{kind}'>{text}</td>" if kind else f"<td>{text}</td>"


def _smaller(png: bytes) -> bytes:
    """The picture as WebP: every browser shows it, and it takes a fifth of the place."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(buffer, "WEBP", quality=85)
    return buffer.getvalue()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
