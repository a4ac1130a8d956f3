"""Surrogates: everything that predicts D_max of an alloy, behind one interface.

Belongs here: the interface (base.py), a file for each surrogate, and their catalogue. Does not belong here: which
alloys are proposed (science/proposals), and how good a surrogate is on systems left out (science/evidence).
"""
