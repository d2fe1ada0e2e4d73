"""Who does it, and why: what a person writes into the ledger."""

from __future__ import annotations

import getpass
import os

from pipeline.errors import UsageError

LONGEST_NAME, LONGEST_REASON = 100, 1000


def user() -> str:
    """Return the name of the user of this process, or its number where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"


def require_text(text: str, what: str, longest: int) -> None:
    """Raise UsageError unless `text` is one line with something on it."""
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise UsageError(
            f"The {what} is empty, longer than {longest} characters or more than one line.",
            f"Give a {what} that whoever reads the ledger understands; never a patient's.",
        )
