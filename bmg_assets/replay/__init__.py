"""A laboratory's past casts, fed round by round through an inbox and a deployment of their own.

Belongs here: splitting a file of casts into batches, training after each, the page and the tables of the rounds. Does
not belong here: taking casts in (intake), running jobs (launch), how a page is built (pages).
"""
