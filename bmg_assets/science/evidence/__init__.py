"""How good a strategy is for a system that nobody has cast: systems are left out whole, and judged afterwards.

Belongs here: which systems are left out, what is measured on each, and what the systems together say. How a strategy
predicts is told in bmg_assets/science/surrogates.
"""
