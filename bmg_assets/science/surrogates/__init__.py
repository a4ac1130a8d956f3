"""Strategies: ways to learn from the known alloys what to cast in a system, all behind one interface.

Belongs here: the interface, and a file for each strategy. How good each is for systems left out is measured in
bmg_assets/science/evidence.
"""
