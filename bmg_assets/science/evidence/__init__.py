"""Evidence: how good a surrogate is for a system that nobody has cast, and the paper's own study.

Belongs here: which systems are left out, what is measured on each, what all systems together say, the rows of the
paper's Fig. 3 and the maps of other properties. Does not belong here: how a surrogate predicts (science/surrogates),
and what of it is stored (studies).
"""
