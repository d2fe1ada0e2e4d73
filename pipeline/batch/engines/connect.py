"""Connect to a Ray cluster: soon or not at all, with the token this account holds."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError

PATIENCE_S = 5.0
# Where Ray keeps the secret that guards clusters, unless RAY_AUTH_TOKEN_PATH names another place.
TOKEN = Path(".ray") / "auth_token"
QUIET: dict[str, Any] = {
    "log_to_driver": False,
    "logging_level": "ERROR",
    "include_dashboard": False,
}


def connect(address: str) -> Any:
    """Ray, connected to the cluster at an address, or started here where it is empty.

    Raises
    ------
    UsageError
        Ray is not installed, or no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves this machine
    if address and has_token(Path.home()):
        # Ray shows a token it holds unasked, except to an address; one without locks ignores it.
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "Ray is not installed.", "Install it with pip install tessera-mri[ray]."
        ) from error
    former = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address=address or "local", **QUIET)
        signal.signal(signal.SIGTERM, former)  # Ray lays a handler of its own
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"No Ray cluster answers at {address or 'this machine'}: {type(error).__name__}.",
            "Start one with `ray start --head`, or mend --address; where a token guards it, lay "
            "the head's ~/.ray/auth_token here, too.",
        ) from error
    return ray


def has_token(home: Path) -> bool:
    """Whether this account holds a token for Ray's clusters."""
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    return bool(named) or (home / TOKEN).is_file()


def _knock(address: str) -> None:
    """Ray itself waits for minutes where nobody is; ``auto`` and ``ray://`` are left to it."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), PATIENCE_S).close()
