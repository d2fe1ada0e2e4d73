"""Names as MLflow takes them: letters, digits, ``_ - . : /`` and spaces, no path that climbs."""

from __future__ import annotations

import posixpath
import re

REFUSED = re.compile(r"[^\w\-. :/]")


def key_of(name: str) -> str:
    """Return `name` with ``_`` for every character that no tag or metric may have in its name."""
    return REFUSED.sub("_", name)


def is_key(name: str) -> bool:
    """Say whether `name` may end a metric's, as in ``dice/<name>``."""
    whole = f"dice/{name}"
    return not REFUSED.search(name) and posixpath.normpath(whole) == whole
