"""Two clients at once, and a server that is killed: real processes, a real MLflow server."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.audit.verify import verify
from pipeline.errors import RegistryError
from pipeline.promote.settle import settle
from pipeline.versions.ledger.file import read_ledger
from pipeline.versions.pin import pin
from pipeline.versions.registry.claim import read_claim
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import register
from tests.promote.test_promote import aliases, ledger
from tests.promote.test_settle import ROOT, client
from tests.server import Server

pytestmark = pytest.mark.slow
ROUNDS = 4
KILLS = int(os.environ.get("TESSERA_KILLS", "4"))
LOSES = {"PromotionUnderWayError", "UsageError"}


@pytest.fixture
def server(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server(tmp_path / "server", empty_store) as started:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", started.uri)
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
        yield started


def copied(workspace: Workspace, place: Path) -> Workspace:
    """A clone: a working tree and a ledger of its own."""
    shutil.copytree(workspace.root, place, ignore=shutil.ignore_patterns("mlruns", ".tessera"))
    return Workspace(place)


def race(ours: Workspace, theirs: Workspace, folder: Path) -> list[list[str]]:
    """Let both promote in `ROUNDS` rounds at one moment each; return what each said, by round."""
    folder.mkdir()
    for number in range(ROUNDS):
        for minor in (1, 2):
            register(ours, f"1.{minor}.{number}")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.promote.client", str(place.root)]
            + [f"1.{minor}.{number}" for number in range(ROUNDS)]
            + ["--gate", str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for minor, place in ((1, ours), (2, theirs))
    ]
    for number in range(ROUNDS):
        end = time.monotonic() + 120
        while len(list(folder.glob(f"ready-?.?.{number}-*"))) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        (folder / f"go-{number}").touch()
    said = [process.communicate(timeout=120)[0].splitlines() for process in running]
    return [list(pair) for pair in zip(*said, strict=True)]


def check(rounds: list[list[str]], ours: Workspace, theirs: Workspace) -> None:
    """In every round one wins, the other is told who did, and both ledgers tell the same."""
    winners = []
    for said in rounds:
        won = [line for line in said if line.startswith("won")]
        lost = [line for line in said if not line.startswith("won")]
        assert (len(won), len(lost)) == (1, 1), rounds
        assert lost[0].split()[0] in LOSES, rounds
        assert any(word in lost[0] for word in ("just now", "was faster", "champion there is now"))
        winners.append(won[0].split()[1])
    registry = Registry(ours)
    assert read_claim(registry, "tissue") is None
    for place in (ours, theirs):
        settle(place, registry, "tissue")
        chain = read_ledger(place.ledger)
        assert chain.faults == ()
        told = [entry.move.after.version for entry in chain.of("tissue")]
        assert told == winners[: len(told)]
    versions = registry.versions("tissue")
    now = {alias: v.module.version for v in versions for alias in v.aliases}
    assert now == {"champion": winners[-1], "previous": winners[-2]}


def test_two_processes_on_one_embedded_store(pinned: Workspace, tmp_path: Path) -> None:
    rounds = race(pinned, pinned, tmp_path / "gate")
    check(rounds, pinned, pinned)
    assert len(ledger(pinned)) == ROUNDS


def test_two_clients_of_one_server(workspace: Workspace, server: Server, tmp_path: Path) -> None:
    pin(workspace)
    other = copied(workspace, tmp_path / "other")
    check(race(workspace, other, tmp_path / "gate"), workspace, other)
    assert not (workspace.mlruns / "artifacts").exists()


def test_a_server_that_dies_half_way_is_no_half_promotion(
    workspace: Workspace, server: Server, tmp_path: Path
) -> None:
    pin(workspace)
    other = copied(workspace, tmp_path / "other")
    done = []
    # Every step of a dying client is tried in test_settle; starting a server takes a while.
    for patch, step in enumerate(("head", "aliases", "release")):
        number = f"1.1.{patch}"
        register(workspace, number)
        ended = client(workspace, number, "--kill", server.group, step, "--by", "Ann")
        assert ended.returncode == 1, ended
        assert ended.stdout.startswith("RegistryError The MLflow server at")
        with pytest.raises(RegistryError):
            settle(other, Registry(other), "tissue")
        server.start()
        # Another client finishes it, in its own ledger and in MLflow; the first one's follows.
        settled = settle(other, Registry(other), "tissue")
        assert settled is not None
        assert settled.move.after.version == number
        done.append(("override", "champion", number))
        assert ledger(other) == done
        assert aliases(other)["champion"] == number
        assert read_claim(Registry(other), "tissue") is None
    assert read_ledger(workspace.ledger).faults == ()


def test_a_client_killed_at_any_moment_leaves_all_or_nothing(
    pinned: Workspace, tmp_path: Path
) -> None:
    chance, gate = random.Random(0), tmp_path / "gate"
    gate.mkdir()
    promoted = ["1.0.0"]
    for number in range(KILLS):
        register(pinned, version := f"1.3.{number}")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.promote.client"),
                *(str(pinned.root), version, "--gate", str(gate)),
            ],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        while not list(gate.glob(f"ready-{version}-*")):
            time.sleep(0.01)
        (gate / f"go-{number}").touch()
        time.sleep(chance.uniform(0, 0.6))
        process.kill()
        process.wait(30)
        settle(pinned, Registry(pinned), "tissue")
        if ledger(pinned) and ledger(pinned)[-1][2] == version:
            promoted.append(version)
        assert verify(pinned) == ()
        now = aliases(pinned)
        assert [now.get("previous"), now["champion"]] == ([None, *promoted])[-2:]
    assert len(ledger(pinned)) == len(promoted) - 1
