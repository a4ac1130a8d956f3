"""The command `bmg`: a module for each kind of work; main.py puts them together, terminal/ prints.

Belongs here: arguments and options, what is printed, how a mistake and Ctrl-C end. Does not belong here: running jobs
(`launch`), and what a setting means (`settings`, from which the options are made).
"""
