"""The atlas: which system to start in, of all that could be made of the elements of the literature.

Belongs here: which systems there are, scanning them by the surrogate at a cost that allows tens of thousands, the
chance that a system holds a bulk glass, and choosing among the rows. Does not belong here: maps of one system in full
(`proposals`), and how shards are stored (`studies`).
"""
