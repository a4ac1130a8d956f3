"""What starts runs without a person: the jobs, the nightly schedule and the sensor of the inbox.

Belongs here: which assets a job makes, and when it is asked for. Does not belong here: what makes a system stale
(`staleness`), how files of casts are taken in (`intake`), and runs that a person starts (`launch`).
"""
