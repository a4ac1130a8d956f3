"""Starting things from Python: runs of the jobs, the Dagster UI and the server of the pages, with their guard.

Belongs here: what the command line and the replay start. Does not belong here: what a person reads on the terminal
(`cli`), and what Dagster starts by itself (`automation`).
"""
