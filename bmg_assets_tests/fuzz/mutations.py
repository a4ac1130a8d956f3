"""Ways of damaging a text, a table and a workbook, each drawn from a seeded generator."""

import io
import zipfile
from collections.abc import Callable, Sequence
from random import Random

NASTY = [
    *("", " ", "\0", "\t", "\ufeff", "\u200b", "\u2028", "\x85", "\x1b[31m", "é", "名", "𝔸", "\ud800"),
    *("=1+1", "=> x", "@SUM(A1)", "#N/A", "#REF!", "n.d.", "?", "/", "-", "—", "nan", "inf", "1e999", "-0", "9" * 400),
    *(
        "2,5",
        "2.5.5",
        "５",
        "²",
        "½",
        "1/3",
        "±",
        "~",
        "<1",
        "≥10",
        "5-6",
        "2500 µm",
        "φ3",
        "3 mm plate",
        "0",
        "-2",
        "1:30",
    ),
    *("2026/2/30", "0000-00-00", "9999-12-31", "01/02/2026", "46080", "2026年13月1日", "12-Mar", "MAR-12"),
    *("No", "CO50Zr50", "Zr50Al50Al", "Xx50Zr50", "Zr-6Al-4V", "(Zr", "Zr)50", "Zr50Cu50 [1]", "Zr50Cu50¹", "{" * 60),
    *(
        "copper mould casting",
        "吸铸",
        "非晶",
        "amorphous?",
        "withdrawn",
        "planned",
        "wt%",
        "%",
        "true",
        "null",
        '"',
        "'",
        '""',
    ),
    *(",", ";", "|", "\\", "../x", "C:\\x", "a" * 11_000),
]
LETTERS = "ZrAlCuNiBeFeCo0123456789.,-()[]{}%/ ₅¹±"


def mutated_text(text: str, random: Random) -> str:
    """A text with one to four pieces put in, exchanged, doubled or cut out."""
    for _ in range(random.randint(1, 4)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice((0, 0, 1, 1, 2, 5, 12)))
        piece = random.choice((random.choice(NASTY), random.choice(LETTERS), text[start:end] * 2, ""))
        text = text[:start] + piece + text[end:]
    return text


def flipped(data: bytes, random: Random) -> bytes:
    """Bytes of which one to eight are others."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(data: bytes, random: Random) -> bytes:
    """Bytes without their end, or without a piece."""
    start = random.randint(0, len(data))
    return data[:start] + (b"" if random.random() < 0.5 else data[start + random.randint(1, 40) :])


def mutated_csv(data: bytes, random: Random) -> bytes:
    """A CSV file with cells, rows, signs or its encoding changed."""
    change = random.choice((flipped, cut, _other_cells, _other_cells, _exchanged_cells, _other_rows, _other_signs))
    return change(data, random)


def _lines(data: bytes) -> tuple[list[str], str]:
    text = data.decode("utf-8", "replace")
    return text.split("\n"), ";" if text.count(";") > text.count(",") else ","


def _joined(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _other_cells(data: bytes, random: Random) -> bytes:
    lines, delimiter = _lines(data)
    for _ in range(random.randint(1, 3)):
        line = random.randrange(len(lines))
        cells = lines[line].split(delimiter)
        place = random.randrange(len(cells))
        cells[place] = random.choice((random.choice(NASTY), mutated_text(cells[place], random), f'"{cells[place]}"'))
        lines[line] = delimiter.join(cells)
    return _joined(lines)


def _exchanged_cells(data: bytes, random: Random) -> bytes:
    lines, delimiter = _lines(data)
    for _ in range(random.randint(1, 4)):
        one, other = random.randrange(len(lines)), random.randrange(len(lines))
        first, second = lines[one].split(delimiter), lines[other].split(delimiter)
        second = first if one == other else second
        here, there = random.randrange(len(first)), random.randrange(len(second))
        first[here], second[there] = second[there], first[here]
        lines[one], lines[other] = delimiter.join(first), delimiter.join(second)
    return _joined(lines)


def _other_rows(data: bytes, random: Random) -> bytes:
    lines, delimiter = _lines(data)
    for _ in range(random.randint(1, 3)):
        line = random.randrange(len(lines))
        insert = random.choice((lines[line], "# remark", "", delimiter * 5, random.choice(lines), "Casting log"))
        if random.random() < 0.3 and len(lines) > 2:
            del lines[line]
        else:
            lines.insert(random.randint(0, len(lines)), insert)
    return _joined(lines)


def _other_signs(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: text.replace(",", ";").encode(),
        lambda: text.replace(";", ",").encode(),
        lambda: text.replace("\n", "\r\n").encode(),
        lambda: text.replace("\n", "\r").encode(),
        lambda: text.replace(",", "\t").encode(),
        lambda: text.encode("utf-16"),
        lambda: text.encode("utf-8-sig"),
        lambda: text.encode("gb18030"),
        lambda: text.encode("latin-1", "replace"),
        lambda: text.replace('"', "").encode(),
        lambda: text.replace(".", ",").encode(),
        lambda: ("sep=;\n" + text).encode(),
        lambda: text.upper().encode(),
    )
    return random.choice(kinds)()


def mutated_workbook(data: bytes, random: Random) -> bytes:
    """A workbook with bytes of the archive or of its parts changed, or with cells and rows exchanged and doubled."""
    if random.random() < 0.2:
        return random.choice((flipped, cut))(data, random)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    name = random.choice(sheets if random.random() < 0.8 else list(parts))
    change = random.choice((flipped, cut, _exchanged_values, _exchanged_values, _doubled_row, _other_value))
    parts[name] = change(parts[name], random)
    if random.random() < 0.03:
        del parts[random.choice(list(parts))]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return changed.getvalue()


def _values(data: bytes) -> list[tuple[int, int]]:
    """Begin and end of each text or number of a part."""
    found = []
    for opening, closing in ((b"<v>", b"</v>"), (b"<t>", b"</t>")):
        start = data.find(opening)
        while start >= 0 and (end := data.find(closing, start)) >= 0:
            found.append((start + len(opening), end))
            start = data.find(opening, end)
    return sorted(found)


def _exchanged_values(data: bytes, random: Random) -> bytes:
    values = _values(data)
    if len(values) < 2:
        return flipped(data, random)
    first, second = sorted(random.sample(values, 2))
    before, one, between = data[: first[0]], data[slice(*first)], data[first[1] : second[0]]
    return before + data[slice(*second)] + between + one + data[second[1] :]


def _other_value(data: bytes, random: Random) -> bytes:
    values = _values(data)
    if not values:
        return flipped(data, random)
    start, end = random.choice(values)
    text = random.choice((random.choice(NASTY), mutated_text(data[start:end].decode("utf-8", "replace"), random)))
    text = text.replace("&", "&amp;").replace("<", "&lt;") if random.random() < 0.9 else text
    return data[:start] + text.encode("utf-8", "replace") + data[end:]


def _doubled_row(data: bytes, random: Random) -> bytes:
    rows = data.split(b"<row ")
    if len(rows) < 3:
        return flipped(data, random)
    place = random.randrange(1, len(rows) - 1)
    return b"<row ".join([*rows[: place + 1], *rows[place:]])
