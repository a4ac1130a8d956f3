"""What can be learnt in the tests of the evidence: alloys that are bulk glasses where they hold about half Zr."""

from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets_tests.science.evidence.reports import learnable_reports, table_of

TABLE = table_of(learnable_reports())
ELEMENTS = tuple(sorted({element for elements in TABLE["elements"] for element in elements}))
LEARNT = LearntAlloys.of(TABLE, ELEMENTS)
