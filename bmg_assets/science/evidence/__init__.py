"""Evidence: how good a surrogate is for a system that nobody has cast, the paper's own study, and the ledger.

Belongs here: which systems are left out, the metrics of each, statistics over all of them, the rows of the paper's
Fig. 3 and the maps of other properties, and what had been predicted for own casts before their results. Does not belong
here: how a surrogate predicts (science/surrogates), and what is stored (studies).
"""
