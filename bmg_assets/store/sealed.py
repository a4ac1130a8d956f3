"""JSON that notices damage: a file whose first line is the SHA-256 of all that follows."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def sealed(content: Mapping[str, Any]) -> bytes:
    """The content as the bytes of a file."""
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1).encode()
    return sha256(body).hexdigest().encode() + b"\n" + body


def unsealed(data: bytes) -> dict[str, Any]:
    """The content of such a file; raises ValueError if the bytes are not what was written."""
    digest, _, body = data.partition(b"\n")
    if sha256(body).hexdigest().encode() != digest:
        raise ValueError("its contents are not what was written")
    found: dict[str, Any] = json.loads(body)
    return found
