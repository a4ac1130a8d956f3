"""Which command makes a file of the store anew."""

import re
from pathlib import PurePosixPath

from bmg_assets.store.folder import Folder
from bmg_assets.store.literature_database import LITERATURE_FILE
from bmg_assets.store.manifest import MANIFEST
from bmg_assets.store.page_addresses import ATLAS_PAGE, LEDGER_PAGE, LITERATURE_PAGE, PROPERTY_PAGES
from bmg_assets.store.store import FORMAT_FILE
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets.store.views import FINGERPRINT_FILE, SCHEMA_FILE, VIEWS_FILE

MEND = "`bmg verify --mend` writes it anew"
REBUILD = "`bmg rebuild` makes the store anew"
_SYSTEM = re.compile(r"[A-Z][a-z]?(-[A-Z][a-z]?)+")
_PROPERTY = re.compile(rf"(?:property_\w+|{PROPERTY_PAGES.rstrip('/')})/(\w+)/")


def remedy_for(file: str) -> str:
    """What to do about a file of the store that is damaged or missing."""
    name = PurePosixPath(file).name
    if file in (FORMAT_FILE, VIEWS_FILE, FINGERPRINT_FILE) or name == SCHEMA_FILE or file.startswith(f"{MANIFEST}/"):
        return MEND
    system = _system_in(file)
    if file in (LITERATURE_FILE, LITERATURE_PAGE) or file.startswith("profile/"):
        command = "bmg literature"
    elif (prop := _PROPERTY.match(file)) and system:
        command = f"bmg property {prop[1]} {system}"
    elif file.startswith("studied_") and system:
        command = f"bmg study {system}"
    elif "pruning_study" in file:
        command = "bmg study"
    elif file.startswith("literature_") or "literature_evidence" in file:
        command = "bmg evidence --literature"
    elif "regime_evidence" in file or file.startswith("regime_"):
        command = "bmg evidence --regimes"
    elif file.startswith("campaign_"):
        command = "bmg evidence --campaigns"
    elif file.startswith("left_out_") or "strategy_benchmark" in file:
        command = "bmg evidence"
    elif file == ATLAS_PAGE:
        command = "bmg atlas --renew"
    elif file == LEDGER_PAGE:
        command = "bmg ledger"
    elif system:
        command = f"bmg run {system}"
    else:
        return f"the next `bmg run` of a system makes it anew, or {REBUILD}"
    return f"`{command}` makes it anew"


def remedy_for_unknown(folder: Folder, file: str) -> str:
    """What to do about a file that the manifest does not know."""
    if PurePosixPath(file).parts[0] in SYSTEM_TABLES or remedy_for(file) == MEND:
        return remedy_for(file)
    return f"remove {folder.path_of(file)} if nobody needs it, or {remedy_for(file)}"


def _system_in(file: str) -> str | None:
    stems = (part.partition(".")[0] for part in reversed(PurePosixPath(file).parts))
    return next((stem for stem in stems if _SYSTEM.fullmatch(stem)), None)
