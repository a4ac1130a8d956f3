"""Evidence: how good a surrogate is for a system that nobody has cast, and the paper's own study.

Belongs here: which systems are left out, the metrics of each, statistics over all of them, the rows of the paper's
Fig. 3 and the maps of other properties. Does not belong here: how a surrogate predicts (science/surrogates), and what
is stored (studies).
"""
