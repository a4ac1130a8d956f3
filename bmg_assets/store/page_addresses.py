"""Names of the pages in the store, and the addresses under which a browser that shows the Dagster UI finds them.

The UI shows links and pictures from web addresses, but no files of the local disk. Its server has them below PAGES
(bmg_assets/launch/webserver.py). Without the name of a machine such an address holds wherever the UI is opened from.
"""

from urllib.parse import quote

from bmg_assets.settings import pages_url

DEFAULT_PORT = 3001
PAGES = "/pages"
"""Where the server of the Dagster UI has the pages, below its path prefix."""
REPORTS = "reports"
PROPERTY_PAGES = f"{REPORTS}/properties/"
OVERVIEW_PAGE = f"{REPORTS}/overview.html"
LEDGER_PAGE = f"{REPORTS}/ledger.html"
LITERATURE_PAGE = f"{REPORTS}/literature.html"
ATLAS_PAGE = f"{REPORTS}/atlas.html"
STUDY_PAGE = f"{REPORTS}/pruning_study.html"
EVIDENCE_PAGE = f"{REPORTS}/strategy_benchmark.html"
REGIME_EVIDENCE_PAGE = f"{REPORTS}/regime_evidence.html"
LITERATURE_EVIDENCE_PAGE = f"{REPORTS}/literature_evidence.html"


def report_file(system: str) -> str:
    """Name of a system's page in the store."""
    return f"{REPORTS}/{system}.html"


def property_file(prop: str, system: str, kind: str = "html") -> str:
    """Name of the page of a property's map, or of its figure with another ending."""
    return f"{PROPERTY_PAGES}{prop}/{system}.{kind}"


def map_preview_file(system: str) -> str:
    """Name of the small picture of a system's map, which `system_report` writes."""
    return f"figures/{system}/map_preview.png"


def grid_preview_file(system: str, grid: str) -> str:
    """Name of the small picture of a map alone: `prediction`, which `prediction_grid` writes, or `transfer`."""
    return f"figures/{system}/{grid}_preview.png"


def page_url(name: str) -> str:
    """Address of a file of the store: below BMG_PAGES_URL, or on the machine that shows the UI, whatever its name."""
    return f"{(pages_url() or PAGES).rstrip('/')}/{quote(name)}"
