"""What is said about a cell: why it is refused, and by which rule it was read although it is written otherwise."""

from enum import StrEnum

from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.errors import BmgError

LONGEST_SHOWN = 200
FILL_IN = "fill in a header and a row per cast"
SAVE_AS_CSV = "save the file as CSV in UTF-8, with commas or semicolons"
SAVE_AS_XLSX = "open it in a spreadsheet program and save it again as XLSX, or as CSV in UTF-8"
SPLIT = "split it into several files"


class CellRule(StrEnum):
    """The rules by which a cell is read that is not written as expected; a formula has its own (FormulaRule)."""

    COMPOSITION_UNIT_SYNONYM = "composition_unit_synonym"
    METHOD_SYNONYM = "method_synonym"
    DIMENSION_KIND_SYNONYM = "dimension_kind_synonym"
    VERDICT_SYNONYM = "verdict_synonym"
    DATE_REWRITTEN = "date_rewritten"
    TIME_REMOVED = "time_of_day_removed"
    UNIT_REMOVED = "unit_removed_from_number"
    UNIT_CONVERTED = "unit_converted"
    SIGNS = "signs_of_number_replaced"
    DECIMAL_COMMA = "decimal_comma_read"
    UNCERTAINTY = "uncertainty_removed_from_number"
    FOOTNOTE = "footnote_mark_removed"
    APPROXIMATE = "approximate_value_taken"
    SIZE_SIGN = "size_sign_removed"
    SIZE_WORD = "size_word_removed"
    REMARK_REMOVED = "remark_removed_from_number"
    LEFT_EMPTY = "left_empty"
    DATE_LIKE_NAME = "name_like_a_date"
    PATH_SEPARATORS = "path_separators_mended"


class CellError(BmgError, ValueError):
    """A cell that is refused: what was found and expected, and what to do.

    It is a ValueError because pydantic collects those of all cells.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}.")
        self.reason = reason
        self.fix = fix


class UnreadableCellError(CellError):
    """A cell that states no value of its column at all, so that nothing is lost where it is optional and left empty."""


class CastFileError(BmgError):
    """A file none of whose rows can be read: at which line, what was found and expected, and what to do."""

    def __init__(self, reason: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(f"{reason}; {fix}.")
        self.refusal = Refusal(line, column, value[:LONGEST_SHOWN], reason, fix)
