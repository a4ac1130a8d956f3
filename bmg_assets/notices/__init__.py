"""What people are told without asking: by webhook, by e-mail, or as lines of a file.

What is to be told follows from the record, the store and Dagster's runs, and is written down in the record before it is
sent; that it was sent is written down when the receiver has accepted it. So nothing is lost by a restart.
Belongs here: what is worth a notice, the ways to send one, and what was sent. Does not belong here: when it is looked
for (`automation/notice_sensor.py`).
"""
