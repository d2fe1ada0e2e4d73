"""Chain entries, and find every line that somebody changed: pure, on text alone.

The chain is one a module: two branches that promote two modules each append to their own, so git
merges the file by keeping both sides' lines. An entry holds the hash of its module's former one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby

from pipeline.versions.ledger.entry import Entry, Move
from pipeline.versions.ledger.line import entry_hash, parse


class Damage(StrEnum):
    """What happened to a line."""

    ALTERED = "altered"
    REMOVED = "removed"
    CUT_SHORT = "cut short"
    INSERTED = "inserted"
    MOVED = "moved"


@dataclass(frozen=True)
class Fault:
    """One damaged line; `place` counts from 1, for a removed line it is where it should stand."""

    damage: Damage
    place: int
    message: str


@dataclass(frozen=True)
class Chain:
    """Every entry that is whole and has its place, in the order written, and every fault."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    def of(self, module: str) -> tuple[Entry, ...]:
        """Return the entries of one module, oldest first."""
        return tuple(entry for entry in self.entries if entry.move.module == module)


@dataclass(frozen=True)
class _Line:
    place: int
    entry: Entry


def chained(move: Move, last: Entry | None, time: datetime) -> Entry:
    """Put `move` after `last`, the newest entry of the same module, None where it has none."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, "")
    moment = time.astimezone(UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    draft = Entry(sequence, moment, move, previous, "")
    return replace(draft, hash=entry_hash(draft))


def check(content: bytes) -> Chain:
    """Read a whole ledger file.

    A line that is not exactly what was written is ALTERED, or CUT_SHORT where the file ends in it;
    it takes no further part. Of what remains each module must count 1, 2, 3 … and link up.
    """
    *lines, rest = content.split(b"\n")
    good, faults = _parsed(lines)
    if rest:
        text = "is not whole: the file was cut in the middle of it"
        faults.append(Fault(Damage.CUT_SHORT, len(lines) + 1, text))
    bad = [fault.place for fault in faults]
    by_module: dict[str, list[_Line]] = {}
    for line in good:
        by_module.setdefault(line.entry.move.module, []).append(line)
    for members in by_module.values():
        faults += _faults(members, bad)
    spoilt = {fault.place for fault in faults if fault.damage is Damage.INSERTED}
    kept = tuple(line.entry for line in good if line.place not in spoilt)
    return Chain(kept, tuple(sorted(faults, key=lambda fault: fault.place)))


def check_lines(lines: Iterable[str]) -> Chain:
    """Check lines that lie elsewhere than in a file."""
    return check("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))


def _parsed(lines: Sequence[bytes]) -> tuple[list[_Line], list[Fault]]:
    good, faults = [], []
    for place, line in enumerate(lines, start=1):
        try:
            good.append(_Line(place, parse(line.decode())))
        except ValueError:
            faults.append(Fault(Damage.ALTERED, place, "is not what was written"))
    return good, faults


def _faults(lines: Sequence[_Line], bad: Sequence[int]) -> Iterator[Fault]:
    genuine = dict(_genuine(lines))
    for line in lines:
        if genuine[line.entry.sequence] is not line:
            yield Fault(Damage.INSERTED, line.place, f"is no part of the chain: {_name(line)}")
    before: _Line | None = None
    for _, line in sorted(genuine.items()):
        yield from _between(before, line, bad)
        before = line


def _genuine(lines: Sequence[_Line]) -> Iterator[tuple[int, _Line]]:
    # Of several lines that claim one number, the one that the next entry builds on is genuine.
    built_on = {line.entry.previous for line in lines}
    places = {"": 0} | {line.entry.hash: line.place for line in reversed(lines)}
    ordered = sorted(lines, key=lambda line: (line.entry.sequence, line.place))
    for sequence, rivals in groupby(ordered, key=lambda line: line.entry.sequence):
        yield sequence, max(rivals, key=lambda line: _links(line, built_on, places))


def _links(line: _Line, built_on: set[str], places: Mapping[str, int]) -> tuple[bool, bool]:
    return line.entry.hash in built_on, places.get(line.entry.previous, line.place) < line.place


def _between(before: _Line | None, line: _Line, bad: Sequence[int]) -> Iterator[Fault]:
    start = before.place if before else 0
    last = before.entry.sequence if before else 0
    if start > line.place:
        yield Fault(Damage.MOVED, line.place, f"stands before the entry it follows: {_name(line)}")
        start = 0
    missing = line.entry.sequence - last - 1
    # An altered line between the two may be a missing one: it is named already.
    for number in range(missing - sum(start < place < line.place for place in bad)):
        text = f"is missing before it: entry {last + 1 + number} of {line.entry.move.module}"
        yield Fault(Damage.REMOVED, line.place, text)
    if missing == 0 and line.entry.previous != (before.entry.hash if before else ""):
        at = before or line
        yield Fault(Damage.ALTERED, at.place, f"was written anew: {_name(line)} builds on another")


def _name(line: _Line) -> str:
    return f"entry {line.entry.sequence} of {line.entry.move.module}"
