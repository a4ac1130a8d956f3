"""What one published report says: codes, sizes as people write them, and what is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.labels import (
    Conventions,
    GlassClass,
    Label,
    LabelFault,
    LabelRule,
    NoLabel,
    Reported,
    read_label,
)
from bmg_assets.science.alloys.report_kinds import APART, ReportKind

CRYSTALLINE, RIBBON, BULK = GlassClass

PAPER = Conventions(values={0.0: CRYSTALLINE, 0.2: RIBBON}, averaged=True)
WARD = Conventions(
    classes={"None": CRYSTALLINE, "Ribbon": RIBBON, "BMG": BULK},
    values={0.0: CRYSTALLINE, 0.2: RIBBON},
    missing=frozenset({"Unknown", "–"}),
)
XIONG = Conventions(classes={"CRA": CRYSTALLINE, "RMG": RIBBON, "BMG": BULK}, values={0.0: CRYSTALLINE, 0.1: RIBBON})
FORREST = Conventions(values={0.0: CRYSTALLINE, 0.15: RIBBON})
LANDOLT = Conventions(
    classes={"AM": RIBBON, "CR": CRYSTALLINE, "AC": CRYSTALLINE, "QC": CRYSTALLINE},
    partly_crystalline=frozenset({"AC"}),
    as_spun=frozenset({"meltspin"}),
    films=frozenset({"sputtering"}),
    not_castings=frozenset({"annealing"}),
)


def read(
    class_reported: str | None, value_reported: str | None, method: str | None, conventions: Conventions
) -> Label | NoLabel:
    return read_label(Reported(class_reported, value_reported, method), conventions)


def content(label: Label | NoLabel) -> tuple[object, ...]:
    assert isinstance(label, Label), label
    return label.glass_class, label.dmax_mm, label.low_mm, label.high_mm


def fault(label: Label | NoLabel) -> LabelFault:
    assert isinstance(label, NoLabel), label
    assert label.reason.endswith(".")
    return label.fault


@pytest.mark.parametrize(
    ("cell", "conventions"), [("0.2", PAPER), ("0.2", WARD), ("0.15", FORREST), ("0.1", XIONG), ("0.10", XIONG)]
)
def test_ribbon_is_harmonised_by_class_whatever_its_number(cell, conventions):
    assert content(read(None, cell, None, conventions)) == (RIBBON, 0.2, 0.03, None)


@pytest.mark.parametrize(
    ("code", "conventions", "expected"),
    [
        ("AM", LANDOLT, (RIBBON, 0.2, 0.03, None)),
        ("CR", LANDOLT, (CRYSTALLINE, 0.0, 0.0, 0.03)),
        ("AC", LANDOLT, (CRYSTALLINE, 0.0, 0.0, 0.03)),
        ("QC", LANDOLT, (CRYSTALLINE, 0.0, 0.0, 0.03)),
        ("None", WARD, (CRYSTALLINE, 0.0, 0.0, 0.03)),
        ("Ribbon", WARD, (RIBBON, 0.2, 0.03, None)),
        ("RMG", XIONG, (RIBBON, 0.2, 0.03, None)),
    ],
)
def test_class_codes_without_a_size(code, conventions, expected):
    assert content(read(code, None, "meltspin", conventions)) == expected


def test_partly_crystalline_is_named():
    label = read("AC", None, None, LANDOLT)
    assert isinstance(label, Label)
    assert LabelRule.PARTLY_CRYSTALLINE in label.rules


@pytest.mark.parametrize("missing", [None, "", " ", "Unknown", "–", "NA", "NaN", "n/a", "-", "not reported"])
def test_bulk_glass_without_a_diameter_keeps_its_class_and_has_no_label(missing):
    label = read("BMG", missing, None, WARD)
    assert content(label) == (BULK, None, 1.0, None)
    assert LabelRule.BULK_WITHOUT_DIAMETER in label.rules


def test_a_diameter_is_a_lower_bound():
    assert content(read("BMG", "12", None, WARD)) == (BULK, 12.0, 12.0, None)


def test_amorphous_with_a_rod_is_bulk():
    label = read("AM", "3", None, LANDOLT)
    assert content(label) == (BULK, 3.0, 3.0, None)
    assert LabelRule.CLASS_FROM_DIAMETER in label.rules


def test_a_rod_below_1_mm_is_glass_but_not_bulk():
    label = read("BMG", "0.5", None, WARD)
    assert content(label) == (RIBBON, 0.5, 0.5, None)
    assert LabelRule.BELOW_BULK_LIMIT in label.rules


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0.1", (RIBBON, 0.1, 0.0, None)), ("0.5", (RIBBON, 0.5, 0.03, None)), ("0.27", (RIBBON, 0.27, 0.03, None))],
)
def test_a_published_mean_between_codes_widens_the_interval(cell, expected):
    label = read(None, cell, None, PAPER)
    assert content(label) == expected
    assert LabelRule.LABEL_BETWEEN_CODES in label.rules


@pytest.mark.parametrize(("cell", "marked"), [("1.1", True), ("7.6", True), ("2.0", False), ("1.2", False)])
def test_a_mean_of_the_ribbon_code_and_a_mould_size_is_marked(cell, marked):
    label = read(None, cell, None, PAPER)
    assert isinstance(label, Label)
    assert (LabelRule.RIBBON_CODE_AVERAGED in label.rules) is marked
    assert label.low_mm == (0.03 if marked else float(cell))
    assert label.dmax_mm == float(cell)


def test_the_same_number_is_no_mean_where_the_source_does_not_average():
    assert content(read("BMG", "1.1", None, WARD)) == (BULK, 1.1, 1.1, None)


@pytest.mark.parametrize("cell", ["2-Jan", "Jan-02", "2-Jan-20", "2020-01-02", "2020-01-02 00:00:00", "1/2/2020"])
def test_a_spreadsheet_date_is_never_a_size(cell):
    assert fault(read(None, cell, None, WARD)) is LabelFault.SPREADSHEET_DATE
    label = read("BMG", cell, None, WARD)
    assert content(label) == (BULK, None, 1.0, None)
    assert LabelRule.DATE_DROPPED in label.rules


def test_classes_in_one_cell_are_a_conflict_with_the_paper_mean():
    label = read("['AM' 'CR']", None, None, LANDOLT)
    assert content(label) == (RIBBON, 0.1, 0.0, None)
    assert {LabelRule.LIST_IN_CELL, LabelRule.CLASSES_IN_CELL} <= set(label.rules)


def test_the_same_class_twice_in_one_cell_is_no_conflict():
    label = read("['AM' 'AM']", None, None, LANDOLT)
    assert content(label) == (RIBBON, 0.2, 0.03, None)
    assert LabelRule.CLASSES_IN_CELL not in label.rules


def test_classes_in_one_cell_with_a_diameter_keep_both_facts():
    label = read("['Ribbon', 'BMG']", "3", None, WARD)
    assert content(label) == (BULK, 3.0, 0.03, None)
    assert LabelRule.CLASSES_IN_CELL in label.rules


def test_values_in_one_cell_are_averaged_and_named():
    label = read(None, "[2.0 4.0]", None, WARD)
    assert content(label) == (BULK, 3.0, 2.0, None)
    assert LabelRule.VALUES_IN_CELL in label.rules


@pytest.mark.parametrize(
    ("cell", "expected", "rule"),
    [
        ("5 mm", (BULK, 5.0, 5.0, None), LabelRule.UNIT_STRIPPED),
        ("1,5", (BULK, 1.5, 1.5, None), LabelRule.DECIMAL_COMMA),
        ("1-2", (BULK, 1.0, 1.0, 2.0), LabelRule.RANGE),
        (">5", (BULK, 5.0, 5.0, None), LabelRule.AT_LEAST),
        ("⩾10", (BULK, 10.0, 10.0, None), LabelRule.AT_LEAST),
        ("＞10", (BULK, 10.0, 10.0, None), LabelRule.AT_LEAST),
        ("≧ 10 mm", (BULK, 10.0, 10.0, None), LabelRule.AT_LEAST),
        ("5+", (BULK, 5.0, 5.0, None), LabelRule.AT_LEAST),
        ("<1", (RIBBON, None, 0.0, 1.0), LabelRule.AT_MOST),
        ("≤ 1", (RIBBON, None, 0.0, 1.0), LabelRule.AT_MOST),
        ("⩽0.5 mm", (RIBBON, None, 0.0, 0.5), LabelRule.AT_MOST),
        ("5±0.5", (BULK, 5.0, 5.0, None), LabelRule.UNCERTAINTY),
        ("5 +/- 0.5 mm", (BULK, 5.0, 5.0, None), LabelRule.UNCERTAINTY),
        ("~5", (BULK, 5.0, 5.0, None), LabelRule.ABOUT),
        ("≈ 5", (BULK, 5.0, 5.0, None), LabelRule.ABOUT),
        ("ca. 5 mm", (BULK, 5.0, 5.0, None), LabelRule.ABOUT),
        ("φ5", (BULK, 5.0, 5.0, None), LabelRule.SYMBOL_STRIPPED),
        ("Ø 5 mm", (BULK, 5.0, 5.0, None), LabelRule.SYMBOL_STRIPPED),
        ("5−6", (BULK, 5.0, 5.0, 6.0), LabelRule.RANGE),
        ("5 to 6", (BULK, 5.0, 5.0, 6.0), LabelRule.RANGE),
        ("5 mm – 6 mm", (BULK, 5.0, 5.0, 6.0), LabelRule.RANGE),
        ("1E+01", (BULK, 10.0, 10.0, None), LabelRule.POWER_OF_TEN),
        ("5 MM", (BULK, 5.0, 5.0, None), LabelRule.UNIT_STRIPPED),
        ("2500 µm", (BULK, 2.5, 2.5, None), LabelRule.UNIT_CONVERTED),
        ("5[3]", (BULK, 5.0, 5.0, None), LabelRule.MARK_DROPPED),
        ("5¹", (BULK, 5.0, 5.0, None), LabelRule.MARK_DROPPED),
        ("5*", (BULK, 5.0, 5.0, None), LabelRule.MARK_DROPPED),
    ],
)
def test_sizes_as_people_write_them(cell, expected, rule):
    label = read(None, cell, None, WARD)
    assert content(label) == expected
    assert rule in label.rules


@pytest.mark.parametrize(
    ("class_reported", "cell", "expected"),
    [
        ("BMG", "<5", (BULK, None, 1.0, 5.0)),
        ("BMG", "<1", (RIBBON, None, 0.0, 1.0)),
        ("Ribbon", "<1", (RIBBON, 0.2, 0.03, 1.0)),
        ("None", "<1", (CRYSTALLINE, 0.0, 0.0, 0.03)),
        ("Ribbon", "<0.1", (RIBBON, None, 0.03, 0.1)),
    ],
)
def test_a_bound_narrows_the_interval_of_a_class(class_reported, cell, expected):
    assert content(read(class_reported, cell, None, WARD)) == expected


def test_what_says_nothing_of_castings_gives_no_label():
    assert fault(read("AM", None, "annealing", LANDOLT)) is LabelFault.NOT_A_CASTING
    assert isinstance(read("AM", None, "meltspin", LANDOLT), Label)


@pytest.mark.parametrize(
    ("class_reported", "value_reported", "expected"),
    [
        (None, None, LabelFault.NOTHING_REPORTED),
        ("AMORPH", "3", LabelFault.UNKNOWN_CLASS),
        ("['BMG' 'XX']", None, LabelFault.UNKNOWN_CLASS),
        ("BMG", "large", LabelFault.UNREADABLE_VALUE),
        ("BMG", "-3", LabelFault.UNREADABLE_VALUE),
        ("BMG", "5 x 3", LabelFault.UNREADABLE_VALUE),
        ("BMG", ">5-6", LabelFault.UNREADABLE_VALUE),
        (None, "NA", LabelFault.NOTHING_REPORTED),
        ("BMG", "3-1", LabelFault.UNREADABLE_VALUE),
        ("BMG", "[a b]", LabelFault.UNREADABLE_VALUE),
        ("BMG", "[nan 2]", LabelFault.IMPOSSIBLE_VALUE),
        ("BMG", "5000", LabelFault.IMPOSSIBLE_VALUE),
        ("None", "3", LabelFault.CONTRADICTION),
        ("BMG", "0.2", LabelFault.CONTRADICTION),
        ("Ribbon", "0", LabelFault.CONTRADICTION),
    ],
)
def test_what_gives_no_label_says_why(class_reported, value_reported, expected):
    assert fault(read(class_reported, value_reported, None, WARD)) is expected


def test_zero_needs_a_declared_meaning():
    assert fault(read(None, "0", None, Conventions())) is LabelFault.IMPOSSIBLE_VALUE


@given(
    st.sampled_from([None, "None", "Ribbon", "BMG", "['Ribbon' 'BMG']"]),
    st.one_of(st.none(), st.text(max_size=12), st.floats(0, 200).map(lambda x: f"{x:.3g}")),
    st.booleans(),
)
def test_any_cell_is_read_or_refused_and_the_label_lies_in_its_interval(class_reported, value_reported, averaged):
    conventions = Conventions(classes=WARD.classes, values=WARD.values, averaged=averaged)
    label = read(class_reported, value_reported, None, conventions)
    if isinstance(label, Label) and label.dmax_mm is not None:
        assert label.low_mm is not None
        assert label.low_mm <= label.dmax_mm
        assert label.high_mm is None or label.dmax_mm < label.high_mm


MDF = Conventions(
    classes={"AM": RIBBON, "CR": CRYSTALLINE},
    unclear=frozenset({"OT"}),
    ribbons_to_mm=0.2,
    as_spun=frozenset({"Melt Spinning", "Ribbon"}),
    as_cast=frozenset({"Melt Casting", "Rod"}),
    films=frozenset({"Deposition", "Thin Film"}),
    powders=frozenset({"Mechanical", "Powder"}),
    unstated="unknown",
)


def of_mdf(**cells: object) -> Label:
    label = read_label(Reported(**cells), MDF)
    assert isinstance(label, Label), label
    return label


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (
            {"glass_class": "CR", "method": "Melt Spinning"},
            ReportKind.CRYSTALLINE_AS_SPUN,
            (CRYSTALLINE, 0.0, 0.0, 0.03),
        ),
        ({"glass_class": "CR", "form": "Rod"}, ReportKind.CRYSTALLINE_AS_CAST, (CRYSTALLINE, 0.0, 0.0, 1.0)),
        ({"glass_class": "CR"}, ReportKind.CRYSTALLINE_AS_CAST, (CRYSTALLINE, 0.0, 0.0, 1.0)),
        ({"glass_class": "AM"}, ReportKind.GLASS_OF_UNKNOWN_FORM, (RIBBON, None, 0.03, None)),
        ({"shows_glass": True}, ReportKind.GLASS_OF_UNKNOWN_FORM, (RIBBON, None, 0.03, None)),
        ({"glass_class": "AM", "form": "Ribbon"}, ReportKind.RIBBON, (RIBBON, 0.2, 0.03, None)),
        ({"glass_class": "AM", "method": "Melt Casting"}, ReportKind.BULK_WITHOUT_DIAMETER, (BULK, None, 1.0, None)),
        ({"glass_class": "AM", "size": "3"}, ReportKind.BULK, (BULK, 3.0, 3.0, None)),
        ({"size": "12"}, ReportKind.BULK, (BULK, 12.0, 12.0, None)),
        ({"glass_class": "AM", "size": "0.5"}, ReportKind.THIN_ROD, (RIBBON, 0.5, 0.5, None)),
        ({"glass_class": "AM", "form": "Rod", "size": "0.1"}, ReportKind.RIBBON, (RIBBON, 0.2, 0.03, None)),
        ({"glass_class": "AM", "thickness": "2"}, ReportKind.PLATE_OR_WEDGE, (BULK, None, 2.0, None)),
        ({"thickness": "0.5"}, ReportKind.PLATE_OR_WEDGE, (RIBBON, None, 0.5, None)),
        ({"size": "150", "is_fluxed": True}, ReportKind.FLUXED, (BULK, 150.0, 150.0, None)),
        ({"glass_class": "AM", "method": "Deposition"}, ReportKind.FILM, (None, None, None, None)),
        ({"glass_class": "AM", "form": "Powder", "size": "3"}, ReportKind.POWDER, (None, None, None, None)),
    ],
)
def test_the_kind_follows_from_class_method_form_and_size(cells, kind, expected):
    label = of_mdf(**cells)
    assert (label.kind, content(label)) == (kind, expected)
    assert label.is_glass is (label.glass_class is not CRYSTALLINE)


def test_a_thickness_stands_beside_a_diameter():
    label = of_mdf(size="3", thickness="5")
    assert (label.kind, label.dmax_mm, label.thickness_mm) == (ReportKind.BULK, 3.0, 5.0)


def test_a_crystalline_plate_is_crystalline():
    assert of_mdf(glass_class="CR", thickness="2").glass_class is CRYSTALLINE


@pytest.mark.parametrize(("code", "is_glass"), [("AM", True), ("CR", False), ("['CR' 'AM']", True)])
def test_a_film_is_a_glass_or_not(code, is_glass):
    assert of_mdf(glass_class=code, form="Thin Film").is_glass is is_glass


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"glass_class": "OT", "method": "Melt Spinning"}, LabelFault.UNCLEAR_CLASS),
        ({"glass_class": "OT", "shows_glass": True}, LabelFault.UNCLEAR_CLASS),
        ({"form": "Thin Film"}, LabelFault.NOTHING_REPORTED),
        ({"thickness": "0"}, LabelFault.IMPOSSIBLE_VALUE),
        ({"thickness": "thick"}, LabelFault.UNREADABLE_VALUE),
        ({"size": "150"}, LabelFault.IMPOSSIBLE_VALUE),
        ({"glass_class": "AM", "size": "0"}, LabelFault.IMPOSSIBLE_VALUE),
    ],
)
def test_what_no_kind_fits_says_why(cells, expected):
    assert fault(read_label(Reported(**cells), MDF)) is expected


def test_where_most_samples_are_no_castings_a_casting_says_so():
    conventions = Conventions(classes={"BCC": CRYSTALLINE}, as_cast=frozenset({"CAST"}), unstated="not_castings")
    assert content(read("BCC", None, "CAST", conventions)) == (CRYSTALLINE, 0.0, 0.0, 1.0)
    unsaid = read("BCC", None, None, conventions)
    assert fault(unsaid) is LabelFault.NOT_A_CASTING
    assert unsaid.reason == "A sample that is not said to be cast says nothing of D_max."


def test_of_a_list_what_is_unclear_is_left_out():
    assert of_mdf(glass_class="['CR' 'OT']", form="Ribbon").kind is ReportKind.CRYSTALLINE_AS_SPUN


def test_an_empty_cell_can_be_declared_to_be_a_class():
    conventions = Conventions(classes={"": CRYSTALLINE, "BMG": BULK}, values={0.0: CRYSTALLINE})
    assert content(read(None, "0", None, conventions)) == (CRYSTALLINE, 0.0, 0.0, 0.03)
    assert content(read(None, None, None, conventions)) == (CRYSTALLINE, 0.0, 0.0, 0.03)


@given(
    st.builds(
        Reported,
        glass_class=st.sampled_from([None, "AM", "CR", "OT", "['AM' 'CR']", "['CR' 'OT']", "?"]),
        size=st.sampled_from([None, "0", "0.1", "0.5", "3", "<1", "<0.02", ">5", "1-2", "[2 3]", "150", "2-Jan"]),
        method=st.sampled_from([None, "Melt Spinning", "Melt Casting", "Deposition", "['Ribbon' 'Thin Film']"]),
        form=st.sampled_from([None, "Rod", "Powder", "Thin Film", "Sponge"]),
        thickness=st.sampled_from([None, "0", "0.4", "2", "1-2", "<1"]),
        shows_glass=st.booleans(),
        is_fluxed=st.booleans(),
    )
)
def test_any_report_has_a_kind_whose_label_fits_it_or_a_reason(reported):
    label = read_label(reported, MDF)
    if isinstance(label, NoLabel):
        assert label.reason.endswith(".")
        return
    if label.kind in APART:
        assert content(label) == (None, None, None, None)
        return
    assert label.is_glass is (label.glass_class is not CRYSTALLINE)
    assert label.low_mm is not None
    assert label.high_mm is None or label.low_mm < label.high_mm
    if label.dmax_mm is not None:
        assert label.high_mm is None or label.dmax_mm < label.high_mm
    if label.kind in (ReportKind.BULK, ReportKind.BULK_WITHOUT_DIAMETER):
        assert label.glass_class is BULK
