"""On what a benchmark ran: figures without this mean little to anybody else."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from bmg_assets.execution.cores import usable_cores

LIBRARIES = (
    "dagster",
    "hyperopt",
    "lightgbm",
    "matminer",
    "numpy",
    "pandas",
    "pymatgen",
    "scikit-learn",
    "scipy",
)


def describe_machine() -> dict[str, str | int | float]:
    """Processor, cores that this process may use, memory, how busy the machine was, Python."""
    return {
        "processor": _processor(),
        "usable_cores": usable_cores(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load_average": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Versions of the libraries that decide how long something takes."""
    import xgboost

    return {name: version(name) for name in LIBRARIES} | {"xgboost": xgboost.__version__}


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
