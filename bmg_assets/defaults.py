"""The settings as Dagster has them: the deployment's resource `defaults`, and the run configs that override it.

Does not belong here: the settings themselves (settings.py).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import dagster as dg
from pydantic import create_model
from pydantic.fields import FieldInfo

from bmg_assets.settings import Settings, without_default

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


def _optional(field: FieldInfo, none: str) -> tuple[Any, FieldInfo]:
    """Type and declaration of a setting with None as its default, its bounds kept."""
    kind: Any = field.annotation
    description = f"{without_default(field)} None: {none}."
    return kind | None, FieldInfo.merge_field_infos(field, default=None, description=description)
