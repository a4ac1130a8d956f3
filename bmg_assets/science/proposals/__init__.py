"""Proposals: which alloys to cast next.

Belongs here: the map of the surrogate in use, acquisition values, the rules that choose by them, and what a person
decides (rule, limits, prices). Does not belong here: how a surrogate predicts (science/surrogates), and the outcome
of a proposal (science/casts).
"""
