"""What all machines of one deployment must have in common: the code, the settings, and what the literature is made of.

The main machine writes it into the store as `deployment.json`, and `bmg worker` compares its own with it. A result that
was made by other code or with other settings would count as stale at once, or worse, not at all.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from bmg_assets.environment import OURS, set_variables, variable
from bmg_assets.execution.code_identity import code_fingerprint
from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_parts
from bmg_assets.settings import PAGES_URL, TIME_ZONE, Locations, Settings, time_zone
from bmg_assets.store.manifest import write_noted
from bmg_assets.store.record import Record, platform_version
from bmg_assets.store.store import Store

FACTS_FILE = "deployment.json"
RECORD = "BMG_RECORD"
OF_EACH_MACHINE = {"threads"}
"""Settings that may differ from machine to machine, because no result depends on them."""
DECLARATIONS = ("sources.yaml", "properties.yaml")


class OtherDeploymentError(BmgError):
    """This machine cannot work for the deployment, because something is not as on its main machine."""


@dataclass(frozen=True)
class SharedFacts:
    """What the machines of a deployment have in common."""

    version: str
    code: str
    """Fingerprint of the code's files."""
    settings: Mapping[str, Any]
    time_zone: str
    pages_url: str | None
    record_url: str
    record: str
    """Identity of the record."""
    declarations: Mapping[str, str]
    """SHA-256 of the declarations of sources and properties."""

    @classmethod
    def of_main_machine(cls) -> "SharedFacts":
        """What holds on this machine, whose record is made if there is none; raises BmgError."""
        record_url = Locations.from_environment().record_url
        return cls.of_this_machine(record_url, Record(url=record_url).made())

    @classmethod
    def of_this_machine(cls, record_url: str, record: str) -> "SharedFacts":
        """What holds on this machine beside a record; raises BmgError."""
        settings = Settings.from_environment().model_dump(exclude=OF_EACH_MACHINE)
        literature = Locations.from_environment().literature
        digests = {name: sha256((literature / name).read_bytes()).hexdigest() for name in DECLARATIONS}
        return cls(
            platform_version(),
            code_fingerprint(),
            settings,
            time_zone(),
            variable(PAGES_URL),
            record_url,
            record,
            digests,
        )

    @classmethod
    def read(cls, store: Store) -> "SharedFacts":
        """What the main machine wrote into the store.

        Raises:
            OtherDeploymentError: there is no such file, or it cannot be read.
        """
        try:
            return cls(**json.loads(store.folder.read(FACTS_FILE)))
        except FileNotFoundError:
            raise OtherDeploymentError(
                f"The store {store.url} holds no {FACTS_FILE}, which `bmg ui` of the main machine writes into the "
                "store of a deployment of several machines: start that first, and let BMG_STORE name its store as "
                "this machine reaches it, since a folder that only the main machine has cannot be worked on from here."
            ) from None
        except (ValueError, TypeError) as error:
            raise OtherDeploymentError(
                f"{FACTS_FILE} in the store {store.url} cannot be read ({error}): start `bmg ui` of the main machine "
                "again, in the version that this machine has."
            ) from None

    def write(self, store: Store) -> bool:
        """Write it into the store; whether that was another one before, so that workers have to start again."""
        data = json.dumps(asdict(self), indent=2, sort_keys=True).encode()
        before = store.folder.read(FACTS_FILE) if store.folder.exists(FACTS_FILE) else None
        if before != data:
            store.mark_format()
            write_noted(store.folder, FACTS_FILE, data)
        return before is not None and before != data

    @property
    def queue(self) -> str:
        """The queue of the runs that these facts allow to execute: no machine takes a run that it would spoil."""
        parts = (
            self.code,
            json.dumps(self.settings, sort_keys=True),
            self.time_zone,
            sorted(self.declarations.items()),
        )
        return f"bmg-{fingerprint_parts(*parts, self.record)}"

    def adopt(self) -> None:
        """Set the variables of this machine that are not set to what the main machine has."""
        unset = {name: text for name, text in self._variables() if variable(name) is None}
        set_variables(unset)

    def refuse_differences(self) -> None:
        """Refuse to work where this machine, having adopted what it could, is not as the main machine.

        Raises:
            OtherDeploymentError: the first difference, and what to do.
            BmgError: a setting of this machine cannot be used.
        """
        own = SharedFacts.of_this_machine(self.record_url, self.record)
        if own.code != self.code:
            raise OtherDeploymentError(
                f"This machine has version {own.version} of the code (files {own.code}), the main machine has version "
                f"{self.version} (files {self.code}): install here exactly what is installed there, and start again."
            )
        for name, text in self._variables():
            found = variable(name)
            if name != RECORD and found is not None and not _means(name, found, text):
                raise OtherDeploymentError(
                    f"{name} is '{found}' here and '{text}' on the main machine: results made with both would never "
                    "agree; unset it here."
                )
        for name, digest in self.declarations.items():
            if own.declarations.get(name) != digest:
                raise OtherDeploymentError(
                    f"{name} of the literature here is not that of the main machine: copy the folder `literature` of "
                    "its data folder into the data folder (BMG_DATA) of this one."
                )
        self._refuse_other_record()

    def _refuse_other_record(self) -> None:
        place = Locations.from_environment().record_url
        found = Record(url=place).identity()
        if found != self.record:
            what = "no record" if found is None else "another record"
            raise OtherDeploymentError(
                f"There is {what} at {place}, where the main machine has the record of the deployment: set {RECORD} to "
                f"that place as this machine reaches it (on the main machine it is {self.record_url})."
            )

    def _variables(self) -> Iterator[tuple[str, str]]:
        """The variables that say these facts, with what they hold; a setting without a value has none."""
        for name, value in self.settings.items():
            if value is not None:
                yield f"{OURS}{name.upper()}", str(value)
        yield TIME_ZONE, self.time_zone
        yield RECORD, self.record_url
        if self.pages_url is not None:
            yield PAGES_URL, self.pages_url


def _means(variable_name: str, found: str, wanted: str) -> bool:
    """Whether two texts of a variable say the same: `0.90` and `0.9` do."""
    field = variable_name.removeprefix(OURS).lower()
    if found == wanted or field not in Settings.model_fields:
        return found == wanted
    first, second = (getattr(Settings.model_validate({field: text}), field) for text in (found, wanted))
    return bool(first == second)
