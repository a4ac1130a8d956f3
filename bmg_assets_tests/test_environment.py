"""What a variable holds, and that nobody else looks at them."""

import ast
import os
from contextlib import suppress
from pathlib import Path

import pytest

import bmg_assets
from bmg_assets.environment import own_variables, set_where_unset, variable, with_variables
from bmg_assets_tests.parsing import tree_of

CODE = Path(bmg_assets.__path__[0])


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_a_variable_that_is_set_to_nothing_is_not_set(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_OF_A_TEST", text)
    assert variable("BMG_OF_A_TEST") is None
    assert "BMG_OF_A_TEST" not in own_variables()
    assert set_where_unset("BMG_OF_A_TEST", "1") == "1"
    assert os.environ["BMG_OF_A_TEST"] == "1"


def test_blanks_around_a_value_are_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_OF_A_TEST", " quick ")
    assert variable("BMG_OF_A_TEST") == own_variables()["BMG_OF_A_TEST"] == "quick"


def test_variables_are_as_before_when_the_block_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_OF_A_TEST", "before")
    with suppress(KeyError), with_variables({"BMG_OF_A_TEST": None, "BMG_ANOTHER": "2"}):
        assert (variable("BMG_OF_A_TEST"), variable("BMG_ANOTHER")) == (None, "2")
        raise KeyError
    assert (variable("BMG_OF_A_TEST"), variable("BMG_ANOTHER")) == ("before", None)


def test_variables_are_read_and_set_in_one_place() -> None:
    found = {
        str(path.relative_to(CODE))
        for path in CODE.rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute | ast.alias)
        and getattr(node, "attr", getattr(node, "name", "")) in {"environ", "environb", "getenv", "putenv"}
    }
    assert found == {"environment.py"}
