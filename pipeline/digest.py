"""A digest as Tessera writes it everywhere."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> str:
    """``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
