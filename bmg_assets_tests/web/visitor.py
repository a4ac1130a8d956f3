"""A person with a browser without JavaScript: cookies are kept, and forms are sent with what is hidden in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from bmg_assets_tests.launch.asking import Answer, Client

BOUNDARY = "a-boundary-of-a-test"


@dataclass
class Visitor:
    """Looks at pages and sends their forms."""

    client: Client
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Look at a page; redirects are not followed."""
        return self._kept(self.client.ask(path, **self._headers()))

    def send(self, path: str, seen_at: str, **fields: str | Sequence[str]) -> Answer:
        """Send a form that stands on the page `seen_at`, with its token and its name."""
        return self.post(path, {**self.hidden(seen_at), **fields})

    def hidden(self, page: str) -> dict[str, str]:
        """The hidden fields of the first form of a page that has a token."""
        text = self.get(page).text
        return {name: unescape(found_in(text, name)) for name in ("token", "form_id")}

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Send fields as they are."""
        kind = "application/x-www-form-urlencoded"
        return self._kept(
            self.client.ask(path, "POST", urlencode(fields, doseq=True), content_type=kind, **self._headers())
        )

    def upload(self, path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> Answer:
        """Send fields and files, each with its name and content."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
            for name, text in fields.items()
        ]
        for name, (file, data) in files.items():
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
            parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._kept(self.client.ask(path, "POST", body, content_type=kind, **self._headers()))

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.headers | ({"cookie": cookie} if cookie else {})

    def _kept(self, answer: Answer) -> Answer:
        for name, value in re.findall(r"(\w+)=([^;]*); HttpOnly", answer.headers.get("set-cookie", "")):
            self.cookies[name] = value
        return answer


def found_in(html: str, name: str) -> str:
    """Value of the first hidden field of this name; fails where there is none."""
    found = re.search(f'type="hidden" name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return found[1]
