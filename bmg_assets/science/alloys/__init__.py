"""Compositions, systems of elements, the grid of a system, its regions, and distances between alloys.

Belongs here: what holds for any alloy. Does not belong here: what somebody reported of one (`literature`, `casts`).
"""
