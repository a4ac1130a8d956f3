"""What a file of casts may contain: its columns, the words allowed in them, and the limits of the numbers.

One row per cast, schema version 1. Words are matched without regard to case and separators ("Melt-spinning"); a word
that had to be mapped is flagged on the cast. How cells are read is
decided in cells.py, what follows from a cast in ladder.py.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

SCHEMA_VERSION = 1

COLUMNS = (
    "schema_version",
    "lab_id",
    "batch_id",
    "sample_id",
    "test_date",
    "operator",
    "composition_nominal",
    "composition_unit",
    "method",
    "dimension_kind",
    "dimension_mm",
    "verdict",
    "verdict_method",
    "xrd_file",
    "xrd_sha256",
    "tg_K",
    "tx_K",
    "tl_K",
    "heating_rate_K_min",
    "supersedes",
    "note",
)

REQUIRED_COLUMNS = (
    "schema_version",
    "sample_id",
    "test_date",
    "composition_nominal",
    "composition_unit",
    "method",
    "dimension_kind",
    "dimension_mm",
    "verdict",
)

MISSING_WORDS = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "none", "null"})
"""Cells, in lower case, that stand for an empty one."""

EARLIEST_TEST = date(1960, 1, 1)
"""The first metallic glass was quenched in 1960; an earlier date is a misprint."""

LONGEST_CELL = 10_000
LONGEST_NAME = 200


class CompositionUnit(StrEnum):
    """What the amounts of a nominal composition are."""

    AT_PCT = "at%"
    WT_PCT = "wt%"


class Method(StrEnum):
    """How the melt was quenched."""

    MELT_SPINNING = "melt_spinning"
    SUCTION_CASTING = "suction_casting"
    INJECTION_CASTING = "injection_casting"
    TILT_CASTING = "tilt_casting"
    WEDGE_CASTING = "wedge_casting"
    WATER_QUENCH = "water_quench"
    SPUTTERING = "sputtering"
    OTHER = "other"


class DimensionKind(StrEnum):
    """Which size of the cast dimension_mm is."""

    ROD_DIAMETER = "rod_diameter"
    PLATE_THICKNESS = "plate_thickness"
    WEDGE_THICKNESS = "wedge_thickness"
    RIBBON_THICKNESS = "ribbon_thickness"


class Verdict(StrEnum):
    """What the cast turned out to be."""

    AMORPHOUS = "amorphous"
    PARTIALLY_CRYSTALLINE = "partially_crystalline"
    CRYSTALLINE = "crystalline"
    UNCLEAR = "unclear"
    FAILED_CAST = "failed_cast"
    PLANNED = "planned"
    """Not cast yet: the laboratory has taken the composition up."""


DIMENSION_LIMITS_MM: Mapping[DimensionKind, tuple[float, float]] = {
    # Thicker ribbons are not spun, and 0.2 mm is the paper's code for a ribbon; 40 is a thickness in µm.
    DimensionKind.RIBBON_THICKNESS: (0.005, 0.2),
    # The thinnest capillary moulds, and more than any rod ever cast as a glass (80 mm).
    DimensionKind.ROD_DIAMETER: (0.3, 100.0),
    DimensionKind.PLATE_THICKNESS: (0.1, 100.0),
    DimensionKind.WEDGE_THICKNESS: (0.05, 100.0),
}
"""Credible sizes in mm, both ends included, of the castings of which they are known."""

LARGEST_DIMENSION_MM = 100.0
"""Limit for sputtering and other methods, whose samples may be as thin as they like."""

TEMPERATURE_LIMITS_K: Mapping[str, tuple[float, float]] = {
    "tg_K": (290.0, 1500.0),
    "tx_K": (290.0, 1600.0),
    "tl_K": (400.0, 3500.0),
}
"""Credible glass transition, crystallisation and liquidus temperatures of alloys in K, both ends included."""


_COLUMN_BY_LETTERS = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in COLUMNS}


def column_name(header: str) -> str:
    """The column that a header cell names, whatever its case and punctuation ("Tg (K)", "Sample ID").

    A header that names none is the name of an extra column.
    """
    folded = unicodedata.normalize("NFKC", header).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return _COLUMN_BY_LETTERS.get(letters, header.strip())


def squeezed(text: str) -> str:
    """A word for comparison: lower case, without spaces, dots, underscores, and separators inside.

    Other signs stay, because they can change the meaning: "amorphous?" is not "amorphous".
    """
    folded = re.sub(r"[\s._]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"(?<=\w)[-–/+](?=\w)", "", folded)


def _words(**synonyms: str) -> dict[str, str]:
    """Synonym, squeezed, to allowed word, from lists of synonyms by allowed word."""
    return {squeezed(synonym): word for word, listed in synonyms.items() for synonym in listed.split(",")}


WITHDRAWN_WORDS = frozenset({"withdrawn", "withdraw", "withdrawal", "retracted"})
"""Verdicts, squeezed, that withdraw the cast named in `supersedes`; stored as failed_cast."""

UNIT_SYNONYMS: Mapping[str, str] = {
    squeezed(synonym): unit
    for unit, listed in (
        ("at%", "at,at-%,at pct,atpercent,atomic,atomic%,atomic percent,atom%,mol%,mole%"),
        ("wt%", "wt,wt-%,wt pct,wtpercent,weight,weight%,weight percent,mass%,mass percent"),
    )
    for synonym in listed.split(",")
}
METHOD_SYNONYMS: Mapping[str, str] = _words(
    melt_spinning="melt spun,melt spin,single roller melt spinning,spinning",
    suction_casting="suction,suction cast,copper mould suction casting,copper mold suction casting,arc suction casting",
    injection_casting=(
        "injection,injection cast,copper mould injection casting,copper mold injection casting,injection moulding"
    ),
    tilt_casting="tilt,tilt cast,tilt pouring",
    wedge_casting="wedge,wedge cast",
    water_quench="water quenching,water quenched",
    sputtering="sputter,sputtered,magnetron sputtering",
)
KIND_SYNONYMS: Mapping[str, str] = _words(
    rod_diameter="rod,diameter,rod dia",
    plate_thickness="plate",
    wedge_thickness="wedge",
    ribbon_thickness="ribbon",
)
VERDICT_SYNONYMS: Mapping[str, str] = {
    **_words(
        amorphous="am,glass,glassy,fully amorphous,fully glassy,xrd amorphous,metallic glass",
        partially_crystalline=(
            "partial,partially,partly crystalline,partial crystalline,partially crystallised,partially crystallized,"
            "partially amorphous,partly amorphous,amorphous+crystalline,crystalline+amorphous,composite"
        ),
        crystalline="cr,crystal,crystals,crystallised,crystallized,fully crystalline",
        unclear="unknown,ambiguous,inconclusive,uncertain,not clear",
        failed_cast="failed,cast failed,failed casting,casting failed,not filled,mould not filled",
        planned="plan,requested,request,scheduled,ordered,to be cast,in preparation",
    ),
    **dict.fromkeys(WITHDRAWN_WORDS, "failed_cast"),
}
