"""The assets, one module per group, in the order of the flow.

Belongs here: what Dagster sees of an asset, and the few lines that load, call `science`, and describe the result.
Does not belong here: the method (`science`), what is examined before storing (`checks`), what pages show (`pages`), and
the work of many trainings (`studies`).
"""
