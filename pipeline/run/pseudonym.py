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
PREFIX = "study-"


def site_key(path: Path) -> bytes:
    """Read the site's secret, made on first use with access for its owner alone.

    Raises
    ------
    ConfigError
        The file is there but holds no key, or cannot be read or made.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"The site's key {path} cannot be read or made: {error.strerror}.",
            "It is its owner's alone: run as the user who made the workspace, be given the key, or "
            "make a workspace of your own with `tessera init`.",
        ) from error
    if len(key) != LENGTH:
        raise ConfigError(
            f"{path} holds no site key.",
            "Restore it from a backup; a new key changes every pseudonym.",
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # made with mode 0600
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        # A link appears with its content or not at all, so two first runs agree on one key.
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def pseudonym(study_uid: str, key: bytes) -> str:
    """``study-`` and 12 hexadecimal digits of HMAC-SHA256 over the Study Instance UID."""
    digest = hmac.new(key, study_uid.encode(), hashlib.sha256).hexdigest()
    return f"{PREFIX}{digest[:LETTERS]}"
