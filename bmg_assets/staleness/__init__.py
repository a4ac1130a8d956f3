"""What the last training of a system was made from, and what has changed since.

Belongs here: records of trainings in Dagster's event log, and their comparison with what there is now. Does not belong
here: starting a run because of it (`automation`).
"""
