"""Wrong and odd input by count: formulas, keys, lab files and YAML files, each judged without a traceback.

`python -m bmg_assets_tests.fuzz` (`make fuzz`) tries a million; `test_fuzz.py` a few of each. An input follows from its
target and its number alone, so that a failure can be tried again.
"""
