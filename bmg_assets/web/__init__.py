"""The web application of `bmg ui`: a person at the bench sees the systems, casts and reports, without a shell.

Belongs here: addresses, forms, and how a deed's outcome looks. Does not belong here: what is done (`actions`), what a
stored page shows (`pages`), who may ask (`launch.guard`).
"""
