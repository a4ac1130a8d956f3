"""Work of many trainings or evaluations behind the groups `study` and `property`, each stored when it is done.

Belongs here: which entries the store has already (cached_entries.py), and having the rest computed side by side. Does
not belong here: what is computed (science/evidence), the processes (execution), and what Dagster shows (assets).
"""
