"""An entry as text: one way to write it, and nothing else is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.digest import digest
from pipeline.evaluation.decision import Outcome
from pipeline.versions.bundles.describe import MODULE_NAME
from pipeline.versions.bundles.digest import DIGEST
from pipeline.versions.bundles.metadata import SEMVER
from pipeline.versions.ledger.entry import Action, Entry, Move, Release

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
TEXTS = ("module", "alias", "lock", "policy", "cohort", "actor", "reason", "previous", "hash")
FIELDS = {*TEXTS, "sequence", "time", "action", "from", "to", "runs", "outcome"}
# Written only where there is something, as entries before them are without.
LATER = ("left_out", "not_judged")


def entry_hash(entry: Entry) -> str:
    """Return sha256 over the entry's line without its hash."""
    hashed = {key: value for key, value in document(entry).items() if key != "hash"}
    return digest(_text(hashed).encode())


def render(entry: Entry) -> str:
    """Return the one way to write `entry`: JSON with sorted keys and no spaces, no line end."""
    return _text(document(entry))


def parse(line: str) -> Entry:
    """Read a line; raises ValueError where it is not exactly what `render` and its hash promise."""
    try:
        entry = _entry(json.loads(line))
        sound = entry_hash(entry) == entry.hash and render(entry) == line
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not sound:
        raise ValueError("its hash is not of what it says")
    return entry


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def document(entry: Entry) -> dict[str, Any]:
    """Return what `render` writes, before it is text."""
    move = entry.move
    return {
        "sequence": entry.sequence,
        "time": entry.time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{entry.time.microsecond // 1000:03}Z",
        "action": move.action.value,
        "module": move.module,
        "alias": move.alias,
        "from": move.before and {"version": move.before.version, "digest": move.before.digest},
        "to": {"version": move.after.version, "digest": move.after.digest},
        "lock": move.lock,
        "policy": move.policy,
        "cohort": move.cohort,
        "runs": list(move.runs),
        "outcome": move.outcome.value if move.outcome else "",
        "actor": move.actor,
        "reason": move.reason,
        "previous": entry.previous,
        "hash": entry.hash,
        **{key: list(getattr(move, key)) for key in LATER if getattr(move, key)},
    }


def _entry(found: Mapping[str, Any]) -> Entry:
    _check(found)
    later: dict[str, Any] = {key: tuple(found.get(key, ())) for key in LATER}
    move = Move(
        action=Action(found["action"]),
        before=_release(found["from"]) if found["from"] is not None else None,
        after=_release(found["to"]),
        runs=tuple(found["runs"]),
        **later,
        outcome=Outcome(found["outcome"]) if found["outcome"] else None,
        **{key: found[key] for key in TEXTS if key not in ("previous", "hash")},
    )
    time = datetime.fromisoformat(found["time"])
    return Entry(found["sequence"], time, move, found["previous"], found["hash"])


def _check(found: Mapping[str, Any]) -> None:
    if set(found) - set(LATER) != FIELDS:
        raise ValueError("a field is missing, or one too many")
    later = (name for key in LATER for name in found.get(key, ()))
    texts = (*found["runs"], *later, *map(found.get, TEXTS))
    # What is printed to a terminal must not command it.
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise ValueError("a field is no plain text")
    if type(found["sequence"]) is not int or found["sequence"] < 1:
        raise ValueError("its sequence is no number from 1")
    if not MODULE_NAME.fullmatch(found["module"]) or not TIME.fullmatch(found["time"]):
        raise ValueError("its module or its time cannot be")


def _release(found: Mapping[str, str]) -> Release:
    release = Release(**found)  # raises TypeError for any other key
    if not SEMVER.fullmatch(release.version) or not DIGEST.fullmatch(release.digest):
        raise ValueError("a version that cannot be")
    return release
