"""What `dagster` loads."""

from bmg_assets.build import present_definitions

defs = present_definitions()
