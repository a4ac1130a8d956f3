"""All that is computed: arrays, dataclasses and frames in, arrays, dataclasses and frames out.

Belongs here: whatever could be done without a platform. Does not belong here: Dagster, files, databases, environment
variables and the clock; the contract of the layers in pyproject.toml refuses the imports.
"""
