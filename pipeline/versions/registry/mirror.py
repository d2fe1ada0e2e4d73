"""The ledger's mirror: each entry is a tag of the module's registered model, and one tag its head.

A file that was cut or written anew differs from it, and another client takes from it what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.versions.ledger.chain import Chain, check_lines
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.line import render
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.search import find_model, model_of

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry

HEAD = "ledger.head"
KEY = re.compile(r"ledger\.\d{6,}", re.ASCII)


@dataclass(frozen=True)
class Mirror:
    """What MLflow keeps of one module's ledger.

    Attributes
    ----------
    keys : tuple of str
        Tags in order, such as ``ledger.000003``; a fault's place counts these from 1.
    chain : Chain
        What they say.
    head : str
        Hash of the last entry, as the tag ``ledger.head`` has it; empty where there is none.
    """

    keys: tuple[str, ...]
    chain: Chain
    head: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever written here."""
        return not self.keys and not self.head

    @property
    def is_whole(self) -> bool:
        """Whether every entry up to the head is there, unchanged, under its own number."""
        entries = self.chain.entries
        numbered = self.keys == tuple(key_of(entry) for entry in entries)
        return not self.chain.faults and numbered and self.head == last_hash(entries)


def read_mirror(registry: Registry, name: str) -> Mirror:
    """Read the mirror of module `name`; empty where the module has no version."""
    model = find_model(registry.client, name)
    tags = model.tags if model else {}
    keys = tuple(sorted(filter(KEY.fullmatch, tags), key=_number))
    return Mirror(keys, check_lines(tags[key] for key in keys), tags.get(HEAD, ""))


def write_mirror(registry: Registry, entries: Sequence[Entry]) -> None:
    """Write `entries`, the head last; written again they change nothing."""
    with asking():
        for entry in entries:
            model = model_of(entry.move.module)
            registry.client.set_registered_model_tag(model, key_of(entry), render(entry))
            registry.client.set_registered_model_tag(model, HEAD, entry.hash)


def key_of(entry: Entry) -> str:
    """Return the tag that holds `entry`."""
    return f"ledger.{entry.sequence:06}"


def last_hash(entries: Sequence[Entry]) -> str:
    """Return the hash the next entry builds on; empty where there is none."""
    return entries[-1].hash if entries else ""


def _number(key: str) -> int:
    return int(key.removeprefix("ledger."))
