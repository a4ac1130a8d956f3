"""What others reported of alloys: curation, pruning, the training set of a system, other properties.

Belongs here: how reports become one value for each alloy, and which of them a model is fitted to. Does not belong here:
reading files of sources (`bmg_assets/sources`), own casts (`casts`), and models (`models`, `surrogates`).
"""
