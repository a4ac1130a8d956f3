"""What `bmg sheet` prints: the lab sheet as text, with lines to write on."""

from collections.abc import Iterator

from bmg_assets.actions.sheets import LabSheet, SheetAlloy

BOXES = "[ ] glassy   [ ] partly crystalline   [ ] crystalline   [ ] failed"


def sheet_for_people(sheet: LabSheet) -> str:
    """The sheet as text."""
    head = f"Lab sheet of {sheet.system.key}, {sheet.day}: buttons of {sheet.mass_g:g} g"
    return "\n".join([head, *(line for alloy in sheet.alloys for line in _lines(alloy, sheet))])


def _lines(alloy: SheetAlloy, sheet: LabSheet) -> Iterator[str]:
    yield ""
    yield alloy.formula
    if alloy.expected:
        yield f"  {alloy.expected}"
    columns = ["at.%", "g"]
    columns += ["loss (%)"] if sheet.has_losses else []
    columns += ["purity (%)"] if sheet.has_purities else []
    yield "".join([f"  {'':<6}", *(f"{name:>12}" for name in columns)])
    for row in alloy.weighed:
        cells = [f"{row.at_pct:.4g}", f"{row.grams:.4f}"]
        cells += [f"{row.loss_pct:g}"] if sheet.has_losses else []
        cells += [f"{row.purity_pct:g}"] if sheet.has_purities else []
        yield "".join([f"  {row.element:<6}", *(f"{cell:>12}" for cell in cells)])
    yield f"  {'sum':<6}{'':>12}{alloy.total_g:>12.4f}"
    yield f"  {alloy.first}"
    for sample in alloy.samples:
        yield f"  {sample.code:<14} {sample.words:<18} {sample.when:<18} {BOXES}"
