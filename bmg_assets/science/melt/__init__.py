"""Estimates of the melt of an alloy and of the solids that compete with the glass, from data of its elements alone.

For a single alloy they are rough, but they mean the same in every system, which descriptors averaged over elements do
not. Belongs here: data of elements, the liquidus of a regular solution, and what is estimated from both. Does not
belong here: the 86 descriptors of the paper (descriptors), and any model that is fitted to alloys (surrogates).
"""
