"""The 86 descriptors of an alloy from the data of its elements, as array code, and the selection among them.

Belongs here: a file for each family of descriptors; `table.py` lists them. Does not belong here: estimates of the melt
(`melt`), and what models make of descriptors (`models`).
"""
