"""Benchmarks: ours beside the reference in one run, as ratios, since machines differ; run by `make bench`, not pytest.

A file of this folder is part of the frame (line, timing, alloys, size, machine, report, catalogue), or one subject.
"""
