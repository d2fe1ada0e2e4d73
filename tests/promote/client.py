"""A client in a process of its own: promotes tissue, and can be made to die or to kill a server.

python -m tests.promote.client WORKSPACE NUMBER… [--die STEP] [--kill GROUP STEP] [--gate FOLDER]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import TesseraError
from pipeline.promote import promote as promotion
from pipeline.promote import steps, transaction
from pipeline.promote.steps import Work
from pipeline.workspace import Workspace
from tests.promote.conftest import asked

ENDED = 9


def main() -> int:
    """Promote each number in turn; print ``won`` or the error's name and text."""
    options = parse()
    if options.die:
        hook(options.die, lambda: os._exit(ENDED))
    if options.kill:
        group, step = options.kill
        hook(step, lambda: os.killpg(int(group), signal.SIGKILL))
    workspace, status = Workspace(options.workspace), 0
    for number in options.numbers:
        request = asked(workspace, number, by=options.by)
        wait(options.gate, number)
        try:
            entry = promotion.promote(workspace, request)
            print("won", entry.move.after.version, flush=True)
        except TesseraError as error:
            print(type(error).__name__, error, flush=True)
            status = error.exit_status
    return status


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=Path)
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--die")
    parser.add_argument("--kill", nargs=2)
    parser.add_argument("--gate", type=Path)
    parser.add_argument("--by", default="")
    return parser.parse_args()


def hook(step: str, act: Callable[[], None]) -> None:
    """Do `act` once before `step`; ``claimed`` is before anything, ``head`` within the mirror."""
    done = []

    def first(work: Work) -> None:
        if not done:
            done.append(step)
            act()

    def wrap(name: str, run: Callable[[Work], None]) -> Callable[[Work], None]:
        return lambda work: (first(work) if name == step else None, run(work))[1]

    steps.STEPS = tuple((name, wrap(name, run)) for name, run in steps.STEPS)
    if step == "claimed":
        begin = transaction._begin
        transaction._begin = lambda work: (first(work), begin(work))[1]
    if step == "release":
        release = steps.release
        steps.release = lambda registry, claim: (act(), release(registry, claim))[1]
    if step == "head":
        from mlflow import MlflowClient

        write = MlflowClient.set_registered_model_tag

        def half(client: MlflowClient, name: str, key: str, value: str) -> None:
            if key == "ledger.head" and not done:
                done.append(step)
                act()
            write(client, name, key, value)

        MlflowClient.set_registered_model_tag = half


def wait(gate: Path | None, number: str) -> None:
    """Say that this client is ready, and go when the gate opens."""
    if gate is not None:
        (gate / f"ready-{number}-{os.getpid()}").touch()
        while not (gate / f"go-{number.split('.')[2]}").exists():
            time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
