"""The names of what can happen to a reported label: the rules that gave it, and the faults for which it gives none."""

from dataclasses import dataclass
from enum import StrEnum


class LabelRule(StrEnum):
    """The decisions by which a report got its label; each that was taken is stored with the report."""

    CLASS_FROM_CODE = "class_from_code"
    CLASS_FROM_DIAMETER = "class_from_diameter"
    PARTLY_CRYSTALLINE = "partly_crystalline_is_not_glass"
    BULK_WITHOUT_DIAMETER = "bulk_without_diameter"
    BELOW_BULK_LIMIT = "below_bulk_limit"
    LABEL_BETWEEN_CODES = "label_between_codes"
    RIBBON_CODE_AVERAGED = "ribbon_code_averaged_with_diameter"
    LIST_IN_CELL = "list_in_cell"
    CLASSES_IN_CELL = "classes_differ_in_cell"
    VALUES_IN_CELL = "values_differ_in_cell"
    RANGE = "range_lower_end"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    UNCERTAINTY = "uncertainty_left_out"
    POWER_OF_TEN = "power_of_ten"
    UNIT_STRIPPED = "unit_stripped"
    UNIT_CONVERTED = "unit_converted"
    SYMBOL_STRIPPED = "symbol_of_diameter_stripped"
    MARK_DROPPED = "footnote_mark_dropped"
    DECIMAL_COMMA = "decimal_comma_mended"
    DATE_DROPPED = "spreadsheet_date_dropped"
    GLASS_FROM_OTHER_COLUMNS = "glass_from_other_columns"
    THICKNESS_IS_NO_DIAMETER = "thickness_is_no_diameter"
    RIBBON_THICKNESS = "ribbon_thickness_is_no_diameter"
    FLUXED = "melt_purified_in_flux"


class LabelFault(StrEnum):
    """The reasons for which a report gives no label and is refused."""

    NOTHING_REPORTED = "nothing_reported"
    UNKNOWN_CLASS = "unknown_class"
    UNCLEAR_CLASS = "unclear_class"
    UNREADABLE_VALUE = "unreadable_value"
    SPREADSHEET_DATE = "spreadsheet_date"
    IMPOSSIBLE_VALUE = "impossible_value"
    CONTRADICTION = "class_and_value_disagree"
    NOT_A_CASTING = "not_a_casting"


@dataclass(frozen=True)
class NoLabel:
    """Why a report gives no label: the fault by name, and the sentence that is stored."""

    fault: LabelFault
    reason: str
