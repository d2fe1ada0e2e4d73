"""configs/train.json: what a module's recipe goes by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError


def settings_of(bundle: Path) -> Mapping[str, Any]:
    """Read a module's configs/train.json.

    Raises
    ------
    UsageError
        It is missing, or no JSON table.
    """
    path = bundle / "configs" / "train.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
        reason = "it holds no table"
    except FileNotFoundError:
        reason = "there is no such file"
    except (OSError, ValueError) as error:
        reason = type(error).__name__
    raise UsageError(
        f"{path} cannot be read: {reason}.",
        "Restore it from git, or write it: train.py takes its schedule and folds from it.",
    )


def steps_of(bundle: Path) -> int | None:
    """How many steps configs/train.json asks for; None where the recipe has them elsewhere."""
    schedule = settings_of(bundle).get("schedule")
    return schedule.get("steps") if isinstance(schedule, dict) else None
