"""The laboratory's file of who is told what: `notices.yaml` in its folder, beside the inbox; without it, nobody is.

Passwords and tokens are no part of it: they are in the environment of `bmg ui`, and nowhere else.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bmg_assets.environment import variable
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import validated
from bmg_assets.settings import app_url, ui_url
from bmg_assets.sources.laboratory_file import laboratory_file
from bmg_assets.sources.yaml_files import read_yaml

STEM = "notices"
TOKEN, USER, PASSWORD = "BMG_WEBHOOK_TOKEN", "BMG_SMTP_USER", "BMG_SMTP_PASSWORD"
"""Environment variables with what nobody else may read."""
TOKEN_PLACE = "{token}"
FOLDERS_OF_CASTS = ("inbox", "accepted", "rejected")
EVENTS = tuple(event for event in Event if event is not Event.TEST)


class NoticesFileError(BmgError):
    """A file `notices.yaml` that cannot be used: where it is wrong, and what to do."""


def _address(given: Any) -> Any:
    if not isinstance(given, str) or not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s]*)?", given):
        raise ValueError("an address of the web, such as https://chat.example.org/hooks/lab")
    return given


def _base(given: Any) -> Any:
    if not isinstance(given, str) or not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", given):
        raise ValueError("an address of the web, such as http://lab.example.org:3001")
    return given.rstrip("/")


def _mailbox(given: Any) -> Any:
    if not isinstance(given, str) or not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", given):
        raise ValueError("an address of e-mail, such as lab@example.org")
    return given


def _mailboxes(given: Any) -> Any:
    if not isinstance(given, list) or not given:
        raise ValueError("a list of addresses of e-mail, such as [lab@example.org]")
    return given


def _server(given: Any) -> Any:
    if not isinstance(given, str) or not re.fullmatch(r"[\w.-]+", given):
        raise ValueError("the name of a server of e-mail, such as smtp.example.org")
    return given


def _path(given: Any) -> Any:
    parts = Path(given).parts if isinstance(given, str) and given.strip() and "\0" not in given else ()
    if not parts or parts[0] in FOLDERS_OF_CASTS:
        raise ValueError(f"a file, such as notices.jsonl, that lies in none of the folders {_listed(FOLDERS_OF_CASTS)}")
    return given


def _events(given: Any) -> Any:
    if not isinstance(given, list) or not given or not all(one in EVENTS for one in given):
        raise ValueError(f"a list of some of {_listed(EVENTS)}")
    return given


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


Address = Annotated[str, BeforeValidator(_address)]
Base = Annotated[str, BeforeValidator(_base)]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]


class WebhookSettings(BaseModel):
    """A notice is posted as JSON to an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address
    """`{token}` in it stands for BMG_WEBHOOK_TOKEN; without that the token is sent as a header, where there is one."""


class EmailSettings(BaseModel):
    """A notice is sent by a server of e-mail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    server: Annotated[str, BeforeValidator(_server)]
    port: int = Field(default=587, ge=1, le=65535)
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted: from its second word on, from the beginning, or not."""
    sender: Mailbox = Field(alias="from")
    to: Annotated[tuple[Mailbox, ...], BeforeValidator(_mailboxes)]


class FileSettings(BaseModel):
    """A notice is a line of JSON at the end of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, BeforeValidator(_path)] = "notices.jsonl"
    """In the laboratory's folder, unless it is absolute."""


class NoticeSettings(BaseModel):
    """Who is told what, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    webhook: WebhookSettings | None = None
    email: EmailSettings | None = None
    file: FileSettings | None = None
    events: Annotated[frozenset[Event], BeforeValidator(_events)] = frozenset(EVENTS)
    """What is told; all of it where nothing is said."""
    address: Base | None = None
    """Where people find the web application, for links; by default as `bmg ui` serves it."""
    dagster: Base | None = None
    """Where they find the Dagster UI."""

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if not self.ways:
            raise ValueError("names no way; expected webhook, email or file, or several of them")
        return self

    @property
    def ways(self) -> tuple[str, ...]:
        """Names of the ways by which notices are sent."""
        return tuple(name for name in ("webhook", "email", "file") if getattr(self, name) is not None)

    def page_of(self, notice: Notice) -> str:
        """Address of the page about a notice."""
        return "/".join([self.address or app_url(), *(quote(part, safe="") for part in notice.page)])

    def run_of(self, notice: Notice) -> str:
        """Address of the run that a notice is about; empty where it is about none."""
        return f"{self.dagster or ui_url()}/runs/{notice.run_id}" if notice.run_id else ""


def read_notices(lab: Path) -> NoticeSettings | None:
    """Who is to be told what; None where the laboratory has no such file.

    Raises:
        NoticesFileError: the file cannot be read, is no YAML, or holds a value that it cannot have; or a file has
            almost its name.
    """
    path = laboratory_file(lab, STEM, NoticesFileError)
    if path is None:
        return None
    settings = validated(
        NoticeSettings, _with_empty_ways(read_yaml(path, NoticesFileError)), str(path), NoticesFileError
    )
    _check_secrets(settings, str(path))
    return settings


def _with_empty_ways(content: Any) -> Any:
    """The content, where a way without any setting, like `file:`, has its defaults."""
    if not isinstance(content, dict):
        return {} if content is None else content
    return {
        key: {} if value is None and key in NoticeSettings.model_fields else value for key, value in content.items()
    }


def _check_secrets(settings: NoticeSettings, place: str) -> None:
    """Refuse settings by which a secret would be missing, or be sent so that others can read it."""
    hook, mail = settings.webhook, settings.email
    if hook is not None and TOKEN_PLACE in hook.url and variable(TOKEN) is None:
        raise NoticesFileError(f"{place}: webhook.url has {TOKEN_PLACE}, but {TOKEN} is not set; set it for `bmg ui`.")
    if hook is not None and variable(TOKEN) and not _is_safe(hook.url):
        raise NoticesFileError(
            f"{place}: webhook.url begins with http, by which anybody could read {TOKEN}; expected https."
        )
    if variable(USER) and variable(PASSWORD) is None:
        raise NoticesFileError(f"{USER} is set, but {PASSWORD} is not; set both, or none.")
    if mail is not None and variable(USER) and mail.encryption == "none":
        raise NoticesFileError(
            f"{place}: email.encryption is none, by which anybody could read {PASSWORD}; expected starttls or tls."
        )


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}
