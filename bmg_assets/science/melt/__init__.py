"""Estimates of the melt of an alloy and of the solids that compete with the glass, from data of its elements alone.

They are rough for one alloy, but mean the same in every system, which descriptors that average over elements do not.
"""
