"""The label of a composition from its casts: the table of rules, the paper's alloys, and what must not matter."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.science.casts.cast import Method, Verdict
from bmg_assets.science.casts.ladder import ROD_METHODS, RULE_SET_VERSION, LadderRule, LadderState, label_of
from bmg_assets_tests.science.casts.examples import cast, ribbon, rod

CLOSED, OPEN, QUARANTINE, NO_LABEL = LadderState


def summary(*casts):
    label = label_of(casts)
    return label.state, label.dmax_mm, label.low_mm, label.high_mm, label.cast_next_mm


@pytest.mark.parametrize(
    ("casts", "expected", "glass_class"),
    [
        ([ribbon("R", "crystalline")], (CLOSED, 0.0, 0.0, 0.04, None), GlassClass.CRYSTALLINE),
        ([ribbon("R", "partially_crystalline")], (CLOSED, 0.0, 0.0, 0.04, None), GlassClass.CRYSTALLINE),
        ([ribbon("R", "crystalline"), rod("A", 1, "crystalline")], (CLOSED, 0.0, 0.0, 0.04, None), "crystalline"),
        (
            [ribbon("R", "crystalline", 0.05), ribbon("S", "crystalline", 0.03)],
            (CLOSED, 0, 0, 0.03, None),
            "crystalline",
        ),
        ([ribbon("R")], (OPEN, 0.2, 0.2, None, 1.0), GlassClass.RIBBON),
        ([ribbon("R"), rod("A", 1, "crystalline")], (CLOSED, 0.2, 0.2, 1.0, None), GlassClass.RIBBON),
        ([ribbon("R"), rod("A", 1, "partially_crystalline")], (CLOSED, 0.2, 0.2, 1.0, None), GlassClass.RIBBON),
        ([ribbon("R"), rod("A", 0.5, "crystalline")], (CLOSED, 0.2, 0.2, 0.5, None), GlassClass.RIBBON),
        ([ribbon("R"), rod("A", 2, "crystalline")], (CLOSED, 0.2, 0.2, 2.0, 1.0), GlassClass.RIBBON),
        ([ribbon("R", dimension_mm=0.03), ribbon("S", "crystalline", 0.08)], (CLOSED, 0.2, 0.2, 1.0, None), "ribbon"),
        ([rod("A", 1), rod("B", 1.5), rod("C", 2, "crystalline")], (CLOSED, 1.5, 1.5, 2.0, None), GlassClass.BULK),
        ([ribbon("R"), rod("A", 1), rod("C", 1.5, "crystalline")], (CLOSED, 1.0, 1.0, 1.5, None), GlassClass.BULK),
        ([rod("A", 1), rod("C", 3, "crystalline"), rod("D", 4, "crystalline")], (CLOSED, 1, 1, 3, 1.5), "bulk"),
        ([rod("A", 1), rod("B", 2)], (OPEN, 2.0, 2.0, None, 2.5), GlassClass.BULK),
        ([rod("A", 0.5)], (OPEN, 0.5, 0.5, None, 1.0), GlassClass.RIBBON),
        ([rod("A", 1, "crystalline")], (NO_LABEL, None, 0.0, 1.0, None), None),
        ([rod("A", 1, "unclear"), rod("B", 2, "failed_cast")], (NO_LABEL, None, None, None, None), None),
        ([rod("A", 1, "planned")], (NO_LABEL, None, None, None, None), None),
        ([rod("A", 1), rod("B", 1.5, "planned")], (OPEN, 1.0, 1.0, None, 1.5), GlassClass.BULK),
        ([rod("A", 1), rod("B", 1.5, "unclear")], (OPEN, 1.0, 1.0, None, 1.5), GlassClass.BULK),
        ([rod("A", 2), rod("B", 1, "crystalline")], (QUARANTINE, None, None, None, None), None),
        ([rod("A", 2), rod("B", 1, "partially_crystalline")], (QUARANTINE, None, None, None, None), None),
        ([rod("A", 1), ribbon("R", "crystalline")], (QUARANTINE, None, None, None, None), None),
        (
            [ribbon("R", "crystalline", 0.03), ribbon("S", "amorphous", 0.05)],
            (QUARANTINE, None, None, None, None),
            None,
        ),
    ],
)
def test_table_of_rules(casts, expected, glass_class):
    assert summary(*casts) == expected
    assert label_of(casts).glass_class == glass_class


@pytest.mark.parametrize(
    ("composition", "casts", "dmax_mm"),
    [
        ("Zr20Al20Cu60", [("ribbon", 0.04, "crystalline")], 0.0),
        ("Zr20Al25Cu55", [("ribbon", 0.04, "crystalline")], 0.0),
        ("Zr40Al20Cu40", [("ribbon", 0.04, "amorphous"), ("rod", 1, "crystalline")], 0.2),
        ("Zr45Al20Cu35", [("ribbon", 0.04, "amorphous"), ("rod", 1, "crystalline")], 0.2),
        ("Zr50Al5Cu45", [*[("rod", d, "amorphous") for d in (1, 1.5, 2, 2.5)], ("rod", 3, "crystalline")], 2.5),
        ("Zr55Al5Cu40", [("rod", 1, "amorphous"), ("rod", 1.5, "amorphous"), ("rod", 2, "crystalline")], 1.5),
        ("Zr45Al10Cu45", [("rod", 1, "amorphous"), ("rod", 1.5, "partially_crystalline")], 1.0),
        ("Zr35Al5Cu60", [("rod", 1, "amorphous"), ("rod", 1.5, "partially_crystalline")], 1.0),
    ],
)
def test_casts_of_the_paper(composition, casts, dmax_mm):
    rungs = [
        ribbon(f"S{n}", verdict, size, composition_nominal=composition)
        if shape == "ribbon"
        else rod(f"S{n}", size, verdict, composition_nominal=composition)
        for n, (shape, size, verdict) in enumerate(casts)
    ]
    label = label_of(rungs)
    assert (label.dmax_mm, label.state) == (dmax_mm, CLOSED)
    assert label.n_casts == len(casts)


def test_quarantine_names_both_rows():
    label = label_of([rod("BIG", 2), rod("SMALL", 1.5, "crystalline"), rod("TINY", 1)])
    assert label.rules == (LadderRule.CONTRADICTION,)
    assert "sample BIG, line 2" in label.reasons[0]
    assert "sample SMALL, line 2" in label.reasons[0]
    assert "TINY" not in label.reasons[0]


def test_open_ladder_says_what_to_cast_next():
    label = label_of([rod("A", 2.5)])
    assert "cast 3 mm or more next" in label.reasons[0]
    assert "cast 1 mm or more next" in label_of([ribbon("R")]).reasons[0]


def test_what_a_failed_rod_leaves_open_is_told():
    """A thinner rod may do as well as a ribbon, where there is a thinner one."""
    assert label_of([rod("A", 2, "crystalline")]).reasons[0].endswith("spin a ribbon or cast a thinner rod next")
    assert label_of([rod("A", 1, "crystalline")]).reasons[0].endswith("spin a ribbon next")


def test_the_next_rod_is_half_a_millimetre_thicker_to_the_tenth_of_a_micrometre():
    assert label_of([rod("A", 1.2345)]).cast_next_mm == 1.7345
    # Rods of the same size to 0.1 µm are one rung; a step that ends just at the failure leaves no gap.
    assert summary(rod("A", 1.0), rod("B", 1.00001, "crystalline"))[:2] == (NO_LABEL, None)
    assert summary(rod("A", 0.7), rod("B", 1.2, "crystalline"))[4] is None
    assert summary(rod("A", 0.7), rod("B", 1.21, "crystalline"))[4] == 1.2


def test_gap_says_what_to_cast_next():
    label = label_of([rod("A", 1), rod("B", 3, "crystalline")])
    assert label.rules == (LadderRule.FIRST_FAILURE, LadderRule.GAP)
    assert "1.5 mm" in label.reasons[1]


def test_casts_of_one_diameter_that_differ_count_as_not_amorphous():
    casts = [rod("A", 1), rod("B", 1.5), rod("C", 1.5, "crystalline")]
    assert summary(*casts) == (CLOSED, 1.0, 1.0, 1.5, None)
    label = label_of(casts)
    assert LadderRule.VERDICTS_DIFFER in label.rules
    reason = label.reasons[label.rules.index(LadderRule.VERDICTS_DIFFER)]
    assert "sample B, line 2: amorphous" in reason
    assert "sample C, line 2: crystalline" in reason


def test_ribbons_of_one_thickness_that_differ_count_as_not_amorphous():
    assert summary(ribbon("A"), ribbon("B", "crystalline"))[:2] == (CLOSED, 0.0)


@pytest.mark.parametrize(
    "kept",
    [
        cast("K", method="water_quench", dimension_mm="12"),
        cast("K", method="wedge_casting", dimension_kind="wedge_thickness", dimension_mm="4"),
        cast("K", dimension_kind="plate_thickness", dimension_mm="4"),
        cast("K", method="sputtering", dimension_kind="ribbon_thickness", dimension_mm="0.002"),
        cast("K", method="other", dimension_mm="9"),
    ],
)
def test_other_methods_are_kept_but_give_no_label(kept):
    assert summary(kept)[:2] == (NO_LABEL, None)
    label = label_of([kept, rod("A", 1), rod("B", 1.5, "crystalline")])
    assert (label.dmax_mm, label.high_mm) == (1.0, 1.5)
    assert label.sample_ids == ("A", "B", "K")
    assert LadderRule.NOT_A_RUNG in label.rules


@pytest.mark.parametrize("method", sorted(ROD_METHODS))
def test_copper_moulds_give_labels(method):
    assert summary(rod("A", 3, method=method.value))[1] == 3.0


def test_label_knows_its_casts_and_rules():
    label = label_of([rod("B", 1, test_date="2026-01-05"), rod("A", 1.5, "unclear", test_date="2026-02-01")])
    assert label.sample_ids == ("A", "B")
    assert label.last_test_date == date(2026, 2, 1)
    assert label.n_casts == 2
    assert label.rule_set_version == RULE_SET_VERSION == 1
    assert label.composition == "Al5Cu45Zr50"


def test_casts_of_several_compositions_have_no_label():
    with pytest.raises(ValueError, match="one composition"):
        label_of([rod("A", 1), rod("B", 1, composition_nominal="Zr55Al5Cu40")])
    with pytest.raises(ValueError, match="no casts"):
        label_of([])


verdicts = st.sampled_from([verdict.value for verdict in Verdict])
rods = st.tuples(st.just("rod"), st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0]), verdicts)
ribbons = st.tuples(st.just("ribbon"), st.sampled_from([0.03, 0.04, 0.08]), verdicts)
ladders = st.lists(rods | ribbons, min_size=1, max_size=5)


def built(rungs):
    return [
        rod(f"S{n}", size, verdict) if shape == "rod" else ribbon(f"S{n}", verdict, size)
        for n, (shape, size, verdict) in enumerate(rungs)
    ]


@given(ladders)
def test_order_of_casts_does_not_matter(rungs):
    casts = built(rungs)
    label = label_of(casts)
    assert all(label_of(order) == label for order in permutations(casts))


@given(ladders)
def test_label_lies_in_its_interval_and_follows_its_state(rungs):
    casts = built(rungs)
    label = label_of(casts)
    assert len(label.rules) == len(label.reasons) >= 1
    if label.state in (QUARANTINE, NO_LABEL):
        assert label.dmax_mm is None
        assert label.glass_class is None
        return
    assert label.dmax_mm is not None
    assert label.low_mm <= label.dmax_mm
    assert (label.high_mm is None) == (label.state is OPEN)
    assert label.high_mm is None or label.low_mm < label.high_mm
    assert label.high_mm is None or label.dmax_mm < label.high_mm
    if label.state is OPEN:
        assert label.cast_next_mm is not None
        nothing = (Verdict.UNCLEAR, Verdict.FAILED_CAST, Verdict.PLANNED)
        assert all(c.verdict in (Verdict.AMORPHOUS, *nothing) for c in casts)


@given(ladders, st.sampled_from(["unclear", "failed_cast", "planned"]), st.sampled_from([0.5, 2.0, 5.0]))
def test_casts_without_verdict_change_no_label(rungs, verdict, size):
    before, after = label_of(built(rungs)), label_of([*built(rungs), rod("X", size, verdict)])
    assert (before.state, before.dmax_mm, before.low_mm, before.high_mm) == (
        after.state,
        after.dmax_mm,
        after.low_mm,
        after.high_mm,
    )


def test_rod_methods_are_those_with_a_copper_mould():
    assert not ROD_METHODS & {Method.MELT_SPINNING, Method.WATER_QUENCH, Method.WEDGE_CASTING, Method.OTHER}
