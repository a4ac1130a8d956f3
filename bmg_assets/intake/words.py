"""The synonyms that a lab file may use for the words of its columns.

Words are compared without regard to case and separators ("Melt-spinning"); the rule by which a synonym was read is
noted on the cast.
"""

import re
import unicodedata
from collections.abc import Mapping

MISSING_WORDS = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "none", "null"})
"""Cells, in lower case, that stand for an empty one."""


def squeezed(text: str) -> str:
    """A word for comparison: lower case, without spaces, dots, underscores, and separators inside.

    Other signs stay, because they can change the meaning: "amorphous?" is not "amorphous".
    """
    folded = re.sub(r"[\s._]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"(?<=\w)[-–/+](?=\w)", "", folded)


def _words(synonyms: Mapping[str, str]) -> dict[str, str]:
    """Synonym, squeezed, to word, from comma-separated synonyms by word."""
    return {squeezed(synonym): word for word, listed in synonyms.items() for synonym in listed.split(",")}


WITHDRAWN_WORDS = frozenset({"withdrawn", "withdraw", "withdrawal", "retracted"})
"""Verdicts, squeezed, that withdraw the cast named in `supersedes`; stored as failed_cast."""

UNIT_SYNONYMS = _words(
    {
        "at%": "at,at-%,at pct,atpercent,atomic,atomic%,atomic percent,atom%,mol%,mole%",
        "wt%": "wt,wt-%,wt pct,wtpercent,weight,weight%,weight percent,mass%,mass percent",
    }
)
METHOD_SYNONYMS = _words(
    {
        "melt_spinning": "melt spun,melt spin,single roller melt spinning,spinning",
        "suction_casting": (
            "suction,suction cast,copper mould suction casting,copper mold suction casting,arc suction casting"
        ),
        "injection_casting": (
            "injection,injection cast,copper mould injection casting,copper mold injection casting,injection moulding"
        ),
        "tilt_casting": "tilt,tilt cast,tilt pouring",
        "wedge_casting": "wedge,wedge cast",
        "water_quench": "water quenching,water quenched",
        "sputtering": "sputter,sputtered,magnetron sputtering",
    }
)
KIND_SYNONYMS = _words(
    {
        "rod_diameter": "rod,diameter,rod dia",
        "plate_thickness": "plate",
        "wedge_thickness": "wedge",
        "ribbon_thickness": "ribbon",
    }
)
VERDICT_SYNONYMS = _words(
    {
        "amorphous": "am,glass,glassy,fully amorphous,fully glassy,xrd amorphous,metallic glass",
        "partially_crystalline": (
            "partial,partially,partly crystalline,partial crystalline,partially crystallised,partially crystallized,"
            "partially amorphous,partly amorphous,amorphous+crystalline,crystalline+amorphous,composite"
        ),
        "crystalline": "cr,crystal,crystals,crystallised,crystallized,fully crystalline",
        "unclear": "unknown,ambiguous,inconclusive,uncertain,not clear",
        "failed_cast": "failed,cast failed,failed casting,casting failed,not filled,mould not filled",
        "planned": "plan,requested,request,scheduled,ordered,to be cast,in preparation",
    }
) | dict.fromkeys(WITHDRAWN_WORDS, "failed_cast")
