from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import LedgerError
from pipeline.versions.ledger.chain import Chain, Damage
from pipeline.versions.ledger.file import append, read_ledger
from pipeline.workspace import GIT_ATTRIBUTES, Workspace
from tests.versions.ledger.conftest import content, entries

ROOT = Path(__file__).parents[3]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_what_is_appended_is_read_and_nothing_is_appended_twice(workspace: Workspace) -> None:
    assert read_ledger(workspace.ledger) == Chain((), ())
    made = entries("tut")
    append(workspace, made[:2])
    append(workspace, made)
    assert read_ledger(workspace.ledger).entries == made
    assert workspace.ledger.read_bytes() == content(made)
    assert [path.name for path in workspace.configs.iterdir()] == ["ledger.jsonl"]


@pytest.mark.parametrize("cut", [-1, -30])
def test_nothing_is_appended_to_a_ledger_cut_short(workspace: Workspace, cut: int) -> None:
    made = entries("ttt")
    workspace.configs.mkdir()
    workspace.ledger.write_bytes(content(made[:2])[:cut])
    before = workspace.ledger.read_bytes()
    with pytest.raises(LedgerError, match="line 2 is not whole") as caught:
        append(workspace, made[2:])
    assert "from git" in caught.value.remedy
    assert workspace.ledger.read_bytes() == before


def test_an_entry_that_does_not_follow_is_refused(workspace: Workspace) -> None:
    made = entries("ttt")
    append(workspace, made[:1])
    with pytest.raises(LedgerError, match="does not lead up"):
        append(workspace, made[2:])
    assert read_ledger(workspace.ledger).entries == made[:1]


def test_a_full_disk_leaves_the_ledger_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = entries("tt")
    append(workspace, made[:1])

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left on device") as caught:
        append(workspace, made)
    assert "Free disk space" in caught.value.remedy
    assert workspace.ledger.read_bytes() == content(made[:1])
    assert [path.name for path in workspace.configs.iterdir()] == ["ledger.jsonl"]


def test_processes_that_append_at_once_lose_nothing(workspace: Workspace) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.workspace import Workspace;"
        "from pipeline.versions.ledger.file import append;"
        "from tests.versions.ledger.conftest import entries;"
        "[append(Workspace(Path(sys.argv[1])), entries(sys.argv[2] * n)) for n in range(1, 30)]"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(workspace.root), name],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in "tuq"
    ]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    chain = read_ledger(workspace.ledger)
    assert chain.faults == ()
    assert Counter(entry.move.module for entry in chain.entries) == {"q": 29, "t": 29, "u": 29}


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, timeout=60)


def branches(
    workspace: Workspace, modules: str, ours: str, theirs: str, theirs_by: str = "räumer"
) -> None:
    """Promote `ours` on one branch and `theirs` on another, after `modules`, and merge."""
    folder = workspace.root
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / ".gitattributes").write_text(GIT_ATTRIBUTES)
    (folder / ".gitignore").write_text("/.tessera/\n")
    append(workspace, entries(modules))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "start")
    git(folder, "switch", "--quiet", "-c", "other")
    append(workspace, entries(modules + theirs, since=len(modules), actor=theirs_by))
    git(folder, "commit", "--quiet", "-am", "theirs")
    git(folder, "switch", "--quiet", "main")
    append(workspace, entries(modules + ours))
    git(folder, "commit", "--quiet", "-am", "ours")
    git(folder, "merge", "--quiet", "--no-edit", "other")


@pytest.mark.parametrize("modules", ["", "qtu", "tuuttq"])
def test_branches_that_promote_two_modules_merge(workspace: Workspace, modules: str) -> None:
    workspace.configs.mkdir()
    workspace.ledger.touch()
    branches(workspace, modules, "tt", "uu")
    chain = read_ledger(workspace.ledger)
    assert chain.faults == ()
    assert len(chain.of("t")) == modules.count("t") + 2
    assert len(chain.of("u")) == modules.count("u") + 2


def test_branches_that_promote_one_module_merge_into_a_named_fault(workspace: Workspace) -> None:
    workspace.configs.mkdir()
    workspace.ledger.touch()
    branches(workspace, "t", "tq", "t", theirs_by="somebody else")
    (fault,) = read_ledger(workspace.ledger).faults
    assert fault.damage is Damage.INSERTED
    assert "entry 2 of t" in fault.message


def test_the_repository_and_a_new_workspace_merge_the_ledger_so() -> None:
    assert GIT_ATTRIBUTES in (ROOT / ".gitattributes").read_text()
