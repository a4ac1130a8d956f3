"""Keeping a deployment whole: whether its files are as they were written, backups, and what is made from them.

Belongs here: what reads or writes record, store and the laboratory's folder as files. Does not belong here: what a cast
or a table means, and starting runs.
"""
