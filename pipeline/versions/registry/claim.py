"""One promotion of a module at a time, and what it is about to do written down before it starts.

MLflow moves an alias without looking at where it was. It does refuse to create a registered model
whose name is taken, and creates one with its tags in a single step: that model is the claim, and
its tags are the intent, so a crash at any moment leaves either no claim or all the next call needs.
"""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import RegistryError
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.line import parse, render
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.search import model_of

with quiet():
    from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry

PREFIX = "tessera-promotion."
TAKEN, ABSENT = "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST"


@dataclass(frozen=True)
class Claim:
    """A promotion under way.

    Attributes
    ----------
    entry : Entry
        What it will have done, ready for the ledger.
    token : str
        Tells this attempt from every other.
    host, process : str
        Where it runs.
    step : str
        The last step it began; a claim that is alive goes on.
    """

    entry: Entry
    token: str
    host: str
    process: str
    step: str = "start"

    @property
    def is_dead(self) -> bool:
        """Whether its process was on this machine and has ended."""
        return self.host == socket.gethostname() and not _runs(int(self.process))

    def __str__(self) -> str:
        move, time = self.entry.move, self.entry.time.isoformat(" ", "seconds")
        return (
            f"{move.actor} set out to make {move.module} {move.after.version} {move.alias} "
            f"({move.action}) at {time}"
        )


def new_claim(entry: Entry) -> Claim:
    """Prepare a claim of this process."""
    return Claim(entry, uuid.uuid4().hex, socket.gethostname(), str(os.getpid()))


def take(registry: Registry, claim: Claim) -> bool:
    """Claim the module; False where another claim stands."""
    tags = {
        "intent": render(claim.entry),
        **{key: getattr(claim, key) for key in ("token", "host", "process", "step")},
    }
    with asking():
        try:
            registry.client.create_registered_model(_model(claim.entry.move.module), tags)
        except MlflowException as error:
            if error.error_code not in (TAKEN, ABSENT):
                raise
    # Asked anew: an answer may have been lost and the request sent twice.
    return holds(registry, claim)


def holds(registry: Registry, claim: Claim) -> bool:
    """Say whether `claim` is the one that stands."""
    standing = read_claim(registry, claim.entry.move.module)
    return standing is not None and standing.token == claim.token


def read_claim(registry: Registry, name: str) -> Claim | None:
    """Return the claim that stands on module `name`.

    Raises
    ------
    RegistryError
        It was changed by hand.
    """
    with asking():
        try:
            tags = registry.client.get_registered_model(_model(name)).tags
        except MlflowException as error:
            if error.error_code != ABSENT:
                raise
            return None
    try:
        entry = parse(tags["intent"])
        found = Claim(entry, *(tags[key] for key in ("token", "host", "process", "step")))
        if entry.move.module != name or not found.process.isdecimal():
            raise ValueError(name)
    except (KeyError, ValueError) as error:
        raise RegistryError(
            f"The registered model {_model(name)} is not what Tessera wrote.",
            f"See that nobody is promoting {name}, delete that model in MLflow, and run "
            "`tessera verify`.",
        ) from error
    return found


def mark(registry: Registry, claim: Claim, step: str) -> None:
    """Write down that `step` begins."""
    with asking():
        model = _model(claim.entry.move.module)
        registry.client.set_registered_model_tag(model, "step", step)


def release(registry: Registry, claim: Claim) -> None:
    """Give the claim up; one that is no longer there is none to give up."""
    if holds(registry, claim):
        with asking():
            try:
                registry.client.delete_registered_model(_model(claim.entry.move.module))
            except MlflowException as error:
                if error.error_code != ABSENT:
                    raise


def _model(name: str) -> str:
    return PREFIX + model_of(name).removeprefix("tessera.")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
