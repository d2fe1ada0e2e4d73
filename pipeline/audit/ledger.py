"""Judge the ledger: each line of the file, each tag of its mirror, and one against the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.audit.finding import Finding, Kind
from pipeline.versions.ledger.chain import Chain, Damage
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.file import REMEDY
from pipeline.versions.registry.mirror import HEAD, Mirror, key_of, last_hash

FILE = "configs/ledger.jsonl"
MEND = "`tessera verify --mend` takes it over, if it came by git or from a colleague."
TAG_REMEDY = f"Set the tag in MLflow to the line in {FILE}; git has its history."


def judge_file(chain: Chain) -> Iterator[Finding]:
    """Name every damaged line."""
    for fault in chain.faults:
        text = f"Line {fault.place} {fault.message}."
        yield Finding(Kind.LEDGER, FILE, text, REMEDY)


def judge_mirror(name: str, mirror: Mirror) -> Iterator[Finding]:
    """Name every damaged tag of module `name`, and a head that is not that of the last entry."""
    for fault in mirror.chain.faults:
        key = mirror.keys[fault.place - 1]
        yield Finding(Kind.MIRROR, name, f"The tag {key} {fault.message}.", TAG_REMEDY)
    entries = mirror.chain.entries
    numbered = zip(mirror.keys, map(key_of, entries), strict=False)
    moved = [f"{key} holds {wanted}" for key, wanted in numbered if key != wanted]
    if not mirror.chain.faults and moved:
        yield Finding(Kind.MIRROR, name, f"The tag {moved[0]}.", TAG_REMEDY)
    if not mirror.chain.faults and mirror.head != last_hash(entries):
        text = f"The tag {HEAD} is not that of the last entry: one of them was changed or removed."
        yield Finding(Kind.MIRROR, name, text, TAG_REMEDY)


def judge_both(name: str, chain: Chain, mirror: Mirror) -> Iterator[Finding]:
    """Name the entries of module `name` that file and mirror tell differently, or one lacks."""
    here = {entry.sequence: entry for entry in chain.of(name)}
    there = {entry.sequence: entry for entry in mirror.chain.entries}
    for number in sorted(here.keys() & there.keys()):
        if here[number] != there[number]:
            text = f"Entry {number} is not the same in {FILE} and in MLflow: one was written anew."
            yield Finding(Kind.MIRROR, name, text, REMEDY)
    cut = sorted(there.keys() - here.keys())
    # A line that cannot be read, or whose place is empty, was named already.
    if len(cut) > len([f for f in chain.faults if f.damage is not Damage.INSERTED]):
        text = f"{FILE} lacks {_entries(cut)}, which MLflow has."
        yield Finding(Kind.LEDGER, name, text, MEND)
    lost = sorted(here.keys() - there.keys())
    if len(lost) > len(mirror.chain.faults):
        text = f"MLflow lacks {_entries(lost)}, which {FILE} has."
        yield Finding(Kind.MIRROR, name, text, MEND)


def is_new_registry(entries: Sequence[Entry], mirror: Mirror, created: Sequence[datetime]) -> bool:
    """Say whether a registry is younger than the ledger: a clone of git, say, started it anew.

    `created` are the times of its versions. Somebody who removes all of a mirror's tags cannot
    make the versions younger too.
    """
    last = max((entry.time for entry in entries), default=None)
    return mirror.is_empty and (last is None or all(time > last for time in created))


def _entries(numbers: Sequence[int]) -> str:
    return ("entry " if len(numbers) == 1 else "entries ") + ", ".join(map(str, numbers))
