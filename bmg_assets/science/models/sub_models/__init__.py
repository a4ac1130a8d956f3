"""The sub-models that the fusion joins: one file each, and the catalogue from which all else about them is derived.

Belongs here: what differs from one sub-model to another (search space, fit, format, colour). Does not belong here: the
search (tuning.py), the fusion, and anything that names a sub-model outside of its file and the catalogue.
"""
