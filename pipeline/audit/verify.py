"""Walk registry, artifacts, lock and ledger, and name what was changed outside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.audit.aliases import judge_aliases, without_unregistered
from pipeline.audit.artifacts import judge_deleted, judge_versions
from pipeline.audit.evidence import judge_evidence
from pipeline.audit.finding import Finding, Kind
from pipeline.audit.ledger import is_new_registry, judge_both, judge_file, judge_mirror
from pipeline.audit.lock import FILE as LOCK
from pipeline.audit.lock import judge_pin
from pipeline.errors import TesseraError
from pipeline.result import ModuleRef
from pipeline.versions.ledger.chain import Chain
from pipeline.versions.ledger.entry import Entry, Release
from pipeline.versions.ledger.file import read_ledger
from pipeline.versions.ledger.standing import standing
from pipeline.versions.lock import read_lock
from pipeline.versions.open import registry_there
from pipeline.versions.registry.mirror import Mirror
from pipeline.versions.registry.version import Version
from pipeline.versions.state import first_of
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


def verify(workspace: Workspace) -> tuple[Finding, ...]:
    """Compare everything with everything; empty where all is as Tessera left it.

    Every registered version's files are fetched and digested. Registers, moves and mends nothing.

    Raises
    ------
    RegistryError
        MLflow cannot be reached.
    LedgerError
        The ledger cannot be read at all.
    """
    chain = read_ledger(workspace.ledger)
    pins, findings = _pins(workspace)
    findings += judge_file(chain)
    registry = registry_there(workspace)
    registered = registry.names() if registry else ()
    for name in sorted({*pins, *registered}):
        versions = registry.versions(name) if registry and name in registered else ()
        if name in pins:
            findings += judge_pin(workspace, pins[name], versions)
        if registry and name in registered:
            findings += _judge_module(registry, name, chain, versions, pins.get(name))
    return tuple(findings)


def _pins(workspace: Workspace) -> tuple[Mapping[str, ModuleRef], list[Finding]]:
    try:
        return read_lock(workspace.lock).modules, []
    except TesseraError as error:
        return {}, [Finding(Kind.LOCK, LOCK, error.message, error.remedy)]


def _judge_module(
    registry: Registry,
    name: str,
    chain: Chain,
    versions: Sequence[Version],
    pin: ModuleRef | None,
) -> Iterator[Finding]:
    from pipeline.versions.registry.examine import examine
    from pipeline.versions.registry.mirror import read_mirror

    yield from judge_versions(tuple(examine(registry, name)))
    unfinished = tuple(_unfinished(registry, name))
    yield from unfinished
    if unfinished:
        return  # what file, mirror and aliases say is not settled yet
    mirror = read_mirror(registry, name)
    told = _told(name, chain, mirror)
    yield from judge_evidence(registry, told)
    said = standing((e.move for e in told), first_of(versions))
    if is_new_registry(chain.of(name), mirror, [version.created for version in versions]):
        # A clone registers what is pinned; it never had the version before that.
        said = without_unregistered(said, versions)
    else:
        yield from judge_mirror(name, mirror)
        yield from judge_both(name, chain, mirror)
    yield from judge_aliases(name, said, versions, registry.aliases(name))
    named = _named(told, pin) - set(said.aliases.values())
    yield from judge_deleted(name, _deleted(registry, name, named, versions))


def _named(entries: Sequence[Entry], pin: ModuleRef | None) -> set[Release]:
    """Whom ledger and lock name."""
    moves = [entry.move for entry in entries]
    found = {release for move in moves for release in (move.before, move.after) if release}
    return found | ({Release(pin.version, pin.digest)} if pin else set())


def _deleted(
    registry: Registry, name: str, named: Collection[Release], versions: Sequence[Version]
) -> list[Release]:
    """Those that were registered here and are not any more; a clone never had them all."""
    from pipeline.versions.registry.examine import was_registered

    there = {version.module.digest for version in versions}
    gone = sorted((one for one in named if one.digest not in there), key=lambda one: one.version)
    return [release for release in gone if was_registered(registry, name, release.digest)]


def _unfinished(registry: Registry, name: str) -> Iterator[Finding]:
    from pipeline.versions.registry.asking import is_silence
    from pipeline.versions.registry.claim import read_claim

    try:
        claim = read_claim(registry, name)
    except TesseraError as error:
        if is_silence(error):
            raise
        yield Finding(Kind.UNFINISHED, name, error.message, error.remedy)
        return
    if claim is not None:
        text = f"{claim}, and that is not finished: it came to step {claim.step!r}."
        remedy = "If it does not end by itself, `tessera verify --mend` finishes it."
        yield Finding(Kind.UNFINISHED, name, text, remedy)


def _told(name: str, chain: Chain, mirror: Mirror) -> tuple[Entry, ...]:
    # The longer telling of those that are whole: a cut file must not look like a moved alias.
    tellings = [mirror.chain.entries] if mirror.is_whole else []
    if not chain.faults or not tellings:
        tellings.append(chain.of(name))
    return max(tellings, key=len)
