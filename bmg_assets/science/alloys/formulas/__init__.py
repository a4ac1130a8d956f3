"""How a formula is read: its characters, marks and suffixes, dashes, brackets, sums, capitals, and what is improbable.

Belongs here: one step of reading in each module, from a text to amounts in at.%. Does not belong here: the identity of
a composition, and the one function that everything else calls, `parse_formula` (compositions.py).
"""
