"""Keyed names that stand for studies outside DICOM: stable at one site, meaningless elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from pipeline.errors import ConfigError

LENGTH = 32
LETTERS = 12


def site_key(path: Path) -> bytes:
    """Read the site's secret, made on first use with access for its owner alone.

    Raises
    ------
    ConfigError
        The file is there but holds no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # made with mode 0600
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            # A link appears with its content or not at all, so two first runs agree on one key.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise ConfigError(
            f"{path} holds no site key.",
            "Restore it from a backup; a new key changes every pseudonym.",
        )
    return key


def pseudonym(study_uid: str, key: bytes) -> str:
    """``study-`` and 12 hexadecimal digits of HMAC-SHA256 over the Study Instance UID."""
    digest = hmac.new(key, study_uid.encode(), hashlib.sha256).hexdigest()
    return f"study-{digest[:LETTERS]}"
