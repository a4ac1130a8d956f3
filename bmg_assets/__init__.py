"""Which alloy to cast next: a data platform for bulk metallic glasses, built on Dagster assets.

The folders are layers: docs/architecture.md has the picture, and pyproject.toml the contract.
"""
