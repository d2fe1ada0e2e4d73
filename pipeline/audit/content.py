"""Whether an object's bytes are those that its study's record vouches for."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

from pipeline.versions.bundles.digest import file_sha256

RECORD = "result.json"


class Content(StrEnum):
    """What the record beside an object says of its bytes."""

    MATCHES = "as it was written, by result.json beside it"
    CHANGED = "changed since it was written, by result.json beside it"
    UNKNOWN = "not checked: no result.json beside it names it"


def content_of(path: Path) -> Content:
    """Compare a file with the digest in its study's record; whoever may edit one may edit both."""
    try:
        record = json.loads((path.parent / RECORD).read_text(encoding="utf-8"))
        wanted = str(record["files"][path.name])
    except (OSError, ValueError, KeyError, TypeError):
        return Content.UNKNOWN
    return Content.MATCHES if file_sha256(path) == wanted else Content.CHANGED
