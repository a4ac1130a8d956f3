"""A source that is not believed alone: its reports of some classes need another source."""

import pandas as pd

from bmg_assets.science.alloys.labels import Conventions, GlassClass
from bmg_assets.science.literature.confirmation import UNCONFIRMED, refuse_unconfirmed
from bmg_assets_tests.science.literature.report_frames import CODES, reports_of

NEEDING = {"alone": {GlassClass.CRYSTALLINE}}
AS_CAST = Conventions(classes=CODES.classes, unstated="as_cast")


def test_what_no_other_source_reports_is_refused_with_its_reason():
    alone = reports_of(("Cu100", "CR"), ("Al10Ni90", "CR"), ("Zr50Cu50", "AM"), source="alone")
    other = reports_of(("Al10.4Ni89.6", "CR"), source="other")
    reports = refuse_unconfirmed(pd.concat([alone, other], ignore_index=True), NEEDING)
    assert reports["status"].tolist() == ["refused", "accepted", "accepted", "accepted"]
    assert reports["rules"][0][-1] == UNCONFIRMED
    assert reports["reason"][0] == (
        "alone alone reports it as crystalline, which counts only where another source agrees."
    )
    assert reports.loc[0, ["kind", "is_glass", "glass_class", "dmax_mm"]].isna().all()
    assert reports["composition"][0] == "Cu100"


def test_it_does_not_agree_with_itself_nor_with_another_composition_or_kind():
    alone = reports_of(("Al10Ni90", "CR"), ("Ni90Al10", "CR"), source="alone")
    far = reports_of(("Al10.6Ni89.4", "CR"), source="far")
    cast = reports_of(("Al10Ni90", "CR"), source="cast", conventions=AS_CAST)
    glass = reports_of(("Al10Ni90", "AM"), source="glass")
    reports = refuse_unconfirmed(pd.concat([alone, far, cast, glass], ignore_index=True), NEEDING)
    assert reports["status"].tolist() == ["refused", "refused", "accepted", "accepted", "accepted"]


def test_where_nothing_needs_another_source_nothing_changes():
    reports = reports_of(("Cu100", "CR"), source="alone")
    pd.testing.assert_frame_equal(refuse_unconfirmed(reports, {"alone": set()}), reports)
