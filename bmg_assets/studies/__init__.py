"""The work of the groups `study` and `property`: many trainings of one step, side by side, each stored when it is done.

Belongs here: what is there already, and having the rest computed. Does not belong here: what is computed
(science/pruning_study.py, science/evidence, science/property_map.py), and what Dagster sees of it (assets).
"""
