"""What `dagster` loads."""

from bmg_assets.build import build_definitions

defs = build_definitions()
