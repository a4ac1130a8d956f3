"""What `dagster` loads."""

from bmg_assets.build import present_definitions
from bmg_assets.settings import settle_environment

settle_environment()
defs = present_definitions()
