"""The first value that is not as a model has it, in one sentence."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import validated


class Furnace(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", exclude=True)
    power_kw: float = Field(gt=0, alias="power")


class Laboratory(BaseModel):
    model_config = ConfigDict(extra="forbid")

    furnaces: dict[str, Furnace] = {}
    hours: dict[int, str] = {}

    @model_validator(mode="after")
    def _is_open(self) -> "Laboratory":
        if self.furnaces and not self.hours:
            raise ValueError("has furnaces, but no hours")
        return self


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "lab.yaml holds []; expected the keys furnaces, hours; fix it."),
        ({"furnace": {}}, "lab.yaml has the unknown key 'furnace'; expected furnaces, hours; fix it."),
        ({"furnaces": {"arc": {}}}, "lab.yaml: furnaces.arc lacks 'power'; fix it."),
        (
            {"furnaces": {"arc": {"power": 5, "amps": 1}}},
            "lab.yaml: furnaces.arc has the unknown key 'amps'; expected power; fix it.",
        ),
        (
            {"furnaces": {"arc": {"power": 0}}},
            "lab.yaml: furnaces.arc.power: found 0, expected greater than 0; fix it.",
        ),
        ({"hours": {"noon": "open"}}, "lab.yaml: hours: found 'noon', expected a valid integer; fix it."),
        ({"hours": {"12": None}}, "lab.yaml: hours.12: found None, expected a text; fix it."),
        ({"furnaces": {"arc": {"power": 5}}}, "lab.yaml has furnaces, but no hours; fix it."),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_what_was_expected(content: Any, said: str) -> None:
    with pytest.raises(BmgError) as told:
        validated(Laboratory, content, "lab.yaml", BmgError)
    assert str(told.value) == said
