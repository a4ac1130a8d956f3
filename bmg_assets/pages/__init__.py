"""Pages and figures: they show tables, and decide nothing.

A page is a module that arranges tables, and a template in `templates` that holds its words. Figures are drawn by
Matplotlib, maps to point at by Plotly. Every page is one file that needs no network.
Does not belong here: a choice or a recommendation (it is a column of a table first), access to files (assets).
"""
