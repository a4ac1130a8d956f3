"""Checks of the group `lab`: what would teach every later iteration a wrong cast."""

from bmg_assets.checks.check import schema_check
from bmg_assets.tables.lab import LAB_RESULTS

LAB_RESULTS_CHECKS = (schema_check(LAB_RESULTS),)
