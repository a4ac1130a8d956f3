"""Faults by count: what is done to a deployment on purpose, and what has become of its results afterwards.

Belongs here: the injectors (`children.py`, `failing_disk.py`), what is at work when they strike (`operations.py`,
`runs.py`, `keeping.py`, `daemon.py`), harmed files and surroundings (`harmed_files.py`, `surroundings.py`), counting,
and the command behind `make test-faults`. Does not belong here: tests of one module under one fault; they stand beside
the other tests of the module.
"""
