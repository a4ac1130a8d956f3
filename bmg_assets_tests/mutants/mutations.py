"""All mutants of a module by the operators of cosmic-ray, in an order that a seed decides."""

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from bmg_assets_tests.mutants.targets import module_path, source_of

OPERATORS = (
    "NumberReplacer",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "ZeroIterationForLoop",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Invert",
    "ReplaceUnaryOperator_Delete_Not",
    *(
        f"ReplaceBinaryOperator_{one}"
        for one in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul")
    ),
    *(f"ReplaceBinaryOperator_{one}" for one in ("BitOr_BitAnd", "BitAnd_BitOr")),
    *(
        f"ReplaceComparisonOperator_{one}"
        for one in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")
    ),
)
"""One replacement for each operator, the one nearest to it: the others are noticed more easily."""


@dataclass(frozen=True)
class Mutant:
    """A module with one fault in it."""

    target: str
    """See `targets.TARGETS`."""
    what: str
    """The fault in words, or the name of the operator and the line."""
    source: str

    @property
    def diff(self) -> str:
        """The lines that differ from those of the module."""
        path = str(module_path(self.target))
        lines = unified_diff(source_of(self.target).splitlines(), self.source.splitlines(), path, path, "", "", 0, "")
        return "\n".join(list(lines)[2:])


def mutants_of(target: str, seed: int) -> Iterator[Mutant]:
    """Every mutant of a module that can be compiled, in a random order."""
    source = source_of(target)
    nodes = list(ast_nodes(get_ast(source)))
    left_alone = _spans_left_alone(source)
    places = []
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        positions = [position for node in nodes for position, _ in operator.mutation_positions(node)]
        for occurrence, position in enumerate(positions):
            if not any(start <= position < stop for start, stop in left_alone):
                places.append((name, occurrence, position[0]))
    random.Random(f"{target} {seed}").shuffle(places)
    for name, occurrence, line in places:
        mutated = mutate_code(source, get_operator(f"core/{name}")(), occurrence)
        if mutated is not None and _is_other_code(mutated, source):
            yield Mutant(target, f"{name}, line {line}", mutated)


def _spans_left_alone(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Line and column where annotations and decorators begin and end: a frozen class or a cache changes no result."""
    nodes = list(ast.walk(ast.parse(source)))
    found = [node.annotation for node in nodes if isinstance(node, ast.arg | ast.AnnAssign)]
    found += [node.returns for node in nodes if isinstance(node, ast.FunctionDef)]
    found += [one for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) for one in node.decorator_list]
    return [
        ((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0))
        for one in found
        if one is not None
    ]


def _is_other_code(mutated: str, source: str) -> bool:
    try:
        return ast.dump(ast.parse(mutated)) != ast.dump(ast.parse(source))
    except SyntaxError:  # the operators take some stars of a signature or a dictionary for products
        return False
