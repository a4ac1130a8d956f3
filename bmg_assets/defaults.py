"""The settings as Dagster has them: the deployment's resource `defaults`, and the run configs that override it.

Does not belong here: the settings themselves (settings.py).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import dagster as dg
from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from bmg_assets.settings import Settings, without_default

BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}

C = TypeVar("C", bound=dg.Config)


class Defaults(Settings, dg.ConfigurableResource[Any]):
    """The deployment's defaults; the run config of an asset overrides them for one run."""


def overriding(*names: str, none: str = "the deployment's default") -> Callable[[type[C]], type[C]]:
    """Give a run config these settings, as they are declared but optional: None leaves one to the deployment.

    The asset reads them from `defaults.overridden_by(config)`.

    Args:
        none: what None stands for, in words.
    """

    def with_settings(config: type[C]) -> type[C]:
        fields: dict[str, Any] = {name: _optional(Settings.model_fields[name], none) for name in names}
        return create_model(
            config.__name__, __base__=config, __module__=config.__module__, __doc__=config.__doc__, **fields
        )

    return with_settings


def _optional(field: FieldInfo, none: str) -> tuple[Any, Any]:
    """Type and declaration of a setting with None as its default.

    Its bounds are words here: `overridden_by` refuses a value outside them in one sentence, pydantic would do so with a
    traceback before the asset begins.
    """
    kind: Any = field.annotation
    limits = [
        f"{words} {getattr(limit, name):g}"
        for limit in field.metadata
        for name, words in BOUNDS.items()
        if hasattr(limit, name)
    ]
    bounds = f" Allowed: {', '.join(limits)}." if limits else ""
    return kind | None, Field(default=None, description=f"{without_default(field)}{bounds} None: {none}.")
