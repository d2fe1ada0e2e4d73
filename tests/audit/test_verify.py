from __future__ import annotations

import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audit.finding import Finding
from pipeline.audit.mend import mend
from pipeline.audit.verify import verify
from pipeline.errors import OutputError, RegistryError
from pipeline.promote.promote import promote
from pipeline.promote.rollback import rollback
from pipeline.versions.ensure import ensure
from pipeline.versions.ledger.chain import chained, check
from pipeline.versions.ledger.file import append, read_ledger
from pipeline.versions.ledger.line import entry_hash, render
from pipeline.versions.lock import read_lock, write_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.evaluations import EvaluationRun
from pipeline.versions.registry.mirror import read_mirror
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import asked, register
from tests.promote.test_promote import aliases, ledger
from tests.promote.test_settle import claimed

Clone = Callable[[Workspace], Workspace]


@pytest.fixture
def promoted(pinned: Workspace) -> Workspace:
    """1.0.0, then 1.1.0, then 1.2.0 was champion; the lock pins 1.0.0 still."""
    for number in ("1.1.0", "1.2.0"):
        promote(pinned, asked(pinned, number))
    return pinned


def found(workspace: Workspace) -> list[tuple[str, str]]:
    return [(finding.kind.value, finding.subject) for finding in verify(workspace)]


def only(workspace: Workspace) -> Finding:
    (finding,) = verify(workspace)
    assert finding.remedy
    return finding


def client(workspace: Workspace) -> object:
    return Registry(workspace).client


def weights(workspace: Workspace, number: str) -> Path:
    version = Registry(workspace).version("tissue", number)
    return next(workspace.mlruns.rglob(f"{version.run_id}/artifacts/bundle/models/*"))


def test_all_is_well_before_and_after_promotions(workspace: Workspace, promoted: Workspace) -> None:
    assert verify(promoted) == ()
    rollback(promoted, "tissue", "why not")
    assert verify(promoted) == ()


def test_a_workspace_that_was_never_used_is_well_but_for_its_lock(workspace: Workspace) -> None:
    shutil.rmtree(workspace.mlruns)
    assert found(workspace) == [("lock", "configs/pipeline.lock")]
    assert not workspace.mlruns.exists()


def test_an_alias_moved_by_hand(promoted: Workspace) -> None:
    client(promoted).set_registered_model_alias("tessera.tissue", "champion", "1")
    finding = only(promoted)
    assert (finding.kind, finding.subject) == ("alias", "tissue")
    assert "champion is 1.0.0 in MLflow, and 1.2.0 by the ledger" in finding.message
    assert "`tessera promote tissue@1.2.0 --override REASON --by NAME`" in finding.remedy
    promote(promoted, asked(promoted, "1.2.0", by="Ann"))
    assert verify(promoted) == ()


def test_an_alias_set_or_taken_away_by_hand(pinned: Workspace) -> None:
    client(pinned).set_registered_model_alias("tessera.tissue", "challenger", "2")
    client(pinned).delete_registered_model_alias("tessera.tissue", "champion")
    said = [finding.message for finding in verify(pinned)]
    assert "champion is nobody in MLflow, and 1.0.0" in said[0]
    assert "challenger is 1.1.0 in MLflow, and nobody" in said[1]


def test_aliases_taken_away_by_hand_are_set_again(promoted: Workspace) -> None:
    for alias in ("champion", "previous"):
        client(promoted).delete_registered_model_alias("tessera.tissue", alias)
    with pytest.raises(RegistryError, match="alias champion of tissue names nobody") as caught:
        Registry(promoted).version("tissue")
    assert "`tessera verify`" in caught.value.remedy
    assert [(f.kind.value, "`tessera verify --mend`" in f.remedy) for f in verify(promoted)] == [
        ("alias", True)
    ] * 2
    assert [entry.sequence for entry in mend(promoted)] == [2]
    assert aliases(promoted) == {"champion": "1.2.0", "previous": "1.1.0"}
    assert verify(promoted) == ()


def test_a_champion_that_was_registered_again_is_champion_again(promoted: Workspace) -> None:
    registry = Registry(promoted)
    files = registry.fetch(registry.version("tissue", "1.2.0"), promoted.state / "again")
    client(promoted).delete_model_version("tessera.tissue", "3")
    assert not mend(promoted), "what is not registered cannot be champion"
    registry.register(files)
    mend(promoted)
    assert aliases(promoted) == {"champion": "1.2.0", "previous": "1.1.0"}
    assert registry.version("tissue").module.mlflow_version == 4


def test_only_what_the_ledger_says_is_set_and_only_where_nobody_is(pinned: Workspace) -> None:
    client(pinned).set_registered_model_alias("tessera.tissue", "champion", "2")
    assert not mend(pinned)
    assert aliases(pinned) == {"champion": "1.1.0"}, "a person decides"
    client(pinned).delete_registered_model_alias("tessera.tissue", "champion")
    mend(pinned)
    assert aliases(pinned) == {"champion": "1.0.0"}
    # Nobody was promoted yet, and the first version is gone: the second need not follow it.
    client(pinned).delete_model_version("tessera.tissue", "1")
    mend(pinned)
    assert aliases(pinned) == {}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("models/model.safetensors", "weights"),
        ("module.toml", "module.toml"),
        ("new.py", "code"),
        ("docs/README.md", "another file"),
    ],
)
def test_an_artifact_file_edited_or_added(promoted: Workspace, name: str, part: str) -> None:
    path = weights(promoted, "1.1.0").parents[1] / name
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("\n")
    finding = only(promoted)
    assert (finding.kind, finding.subject) == ("artifact", "tissue@1.1.0")
    assert finding.message == f"Its files are not what was registered: {part} changed."


def test_an_artifact_that_is_gone(promoted: Workspace) -> None:
    weights(promoted, "1.1.0").unlink()
    assert "lacks models/model.safetensors" in only(promoted).message


def test_artifacts_that_are_gone_altogether(promoted: Workspace) -> None:
    shutil.rmtree(weights(promoted, "1.1.0").parents[1])
    finding = only(promoted)
    assert (finding.kind, finding.subject) == ("artifact", "tissue@1.1.0")


def test_a_full_folder_for_temporary_files_is_no_tampering(
    promoted: Workspace, limit: Callable[[int], None]
) -> None:
    limit(20)
    with pytest.raises(OutputError, match=r"cannot be written: .*File too large"):
        verify(promoted)
    limit(resource.RLIM_INFINITY)
    assert verify(promoted) == ()


@pytest.mark.parametrize(
    "key", ["bundle.sha256", "weights.sha256", "code.sha256", "contract.sha256", "bundle.trusted"]
)
def test_a_tag_that_identifies_a_version_changed(promoted: Workspace, key: str) -> None:
    value = "true" if key == "bundle.trusted" else "sha256:" + "0" * 64
    client(promoted).set_model_version_tag("tessera.tissue", "2", key, value)
    first = verify(promoted)[0]
    assert (first.kind, first.subject) == ("tag", "tissue@1.1.0")
    assert f"The tag {key} of MLflow version 2 says {value}" in first.message


def test_a_tag_that_no_longer_identifies_anything(promoted: Workspace) -> None:
    client(promoted).delete_model_version_tag("tessera.tissue", "2", "module.semver")
    assert ("tag", "tissue@1.1.0") in found(promoted)


@pytest.mark.parametrize("number", ["1.0.0", "1.1.0", "1.2.0"])
def test_a_version_deleted_is_named_until_its_files_are_registered_again(
    promoted: Workspace, number: str
) -> None:
    register(promoted, "1.3.0")
    promote(promoted, asked(promoted, "1.3.0"))
    pin(promoted)
    version = Registry(promoted).version("tissue", number)
    files = Registry(promoted).fetch(version, promoted.state / "again")
    client(promoted).delete_model_version("tessera.tissue", str(version.module.mlflow_version))
    finding = only(promoted)
    assert (finding.kind, finding.subject) == ("version", f"tissue@{number}")
    Registry(promoted).register(files)
    mend(promoted)
    assert verify(promoted) == ()


def test_the_last_version_deleted_is_named_where_the_lock_pins_it(pinned: Workspace) -> None:
    pin(pinned, "tissue@1.2.0")
    client(pinned).delete_model_version("tessera.tissue", "3")
    assert found(pinned) == [("version", "tissue@1.2.0")]


def test_a_version_that_nobody_used_may_be_deleted(pinned: Workspace) -> None:
    client(pinned).delete_model_version("tessera.tissue", "2")
    assert verify(pinned) == ()


def rested(workspace: Workspace) -> Path:
    """Promote 1.1.0 on an evaluation of it; return that evaluation's document."""
    registry, request = Registry(workspace), asked(workspace, "1.1.0")
    evidence = EvaluationRun({"cohort": "site-b"}, {}, "{}", "case")
    runs = (registry.record(request.version, evidence),)
    promote(workspace, replace(request, evidence=replace(request.evidence, runs=runs)))
    return next(workspace.mlruns.rglob("evaluation.json"))


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"{} ", "was changed"), (b"\xff", "was changed")],
)
def test_an_evaluation_that_the_ledger_rests_on(
    pinned: Workspace, content: bytes | None, said: str
) -> None:
    document = rested(pinned)
    assert verify(pinned) == ()
    document.unlink() if content is None else document.write_bytes(content)
    finding = only(pinned)
    assert (finding.kind, finding.subject) == ("evidence", "tissue@1.1.0")
    assert finding.message.endswith(f"which entry 1 of its ledger rests on, {said}.")


def test_a_workspace_that_was_moved_is_well(pinned: Workspace, tmp_path: Path) -> None:
    rested(pinned)
    assert verify(Workspace(pinned.root.rename(tmp_path / "moved"))) == ()


def test_a_ledger_line_altered(promoted: Workspace) -> None:
    text = promoted.ledger.read_bytes()
    promoted.ledger.write_bytes(text.replace(b'"1.1.0"', b'"1.1.9"', 1))
    finding = only(promoted)
    assert (finding.kind, finding.subject) == ("ledger", "configs/ledger.jsonl")
    assert finding.message == "Line 1 is not what was written."


def test_a_ledger_line_removed_from_the_middle(promoted: Workspace) -> None:
    promoted.ledger.write_bytes(promoted.ledger.read_bytes().splitlines(keepends=True)[1])
    assert only(promoted).message == "Line 1 is missing before it: entry 1 of tissue."


@pytest.mark.parametrize("left", [0, 1])
def test_a_ledger_cut_by_whole_lines_is_found_by_its_mirror(promoted: Workspace, left: int) -> None:
    text = b"".join(promoted.ledger.read_bytes().splitlines(keepends=True)[:left])
    promoted.ledger.write_bytes(text)
    finding = only(promoted)
    assert finding.kind == "ledger"
    assert "lacks entr" in finding.message
    assert "2, which MLflow has" in finding.message
    assert [entry.sequence for entry in mend(promoted)] == [1, 2][left:]
    assert verify(promoted) == ()


def test_a_ledger_cut_within_a_line(promoted: Workspace) -> None:
    promoted.ledger.write_bytes(promoted.ledger.read_bytes()[:-9])
    assert only(promoted).message.startswith("Line 2 is not whole")
    assert mend(promoted) == ()


def test_a_last_line_written_anew_with_its_hash_differs_from_its_mirror(
    promoted: Workspace,
) -> None:
    first, second = read_ledger(promoted.ledger).entries
    forged = replace(second, move=replace(second.move, actor="somebody else"))
    forged = replace(forged, hash=entry_hash(forged))
    promoted.ledger.write_text(f"{render(first)}\n{render(forged)}\n")
    assert check(promoted.ledger.read_bytes()).faults == ()
    finding = only(promoted)
    assert finding.kind == "mirror"
    assert "Entry 2 is not the same" in finding.message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ledger.000001", "x", "The tag ledger.000001 is not what was written"),
        ("ledger.000002", None, "The tag ledger.head is not that of the last entry"),
        ("ledger.000001", None, "The tag ledger.000002 is missing before it: entry 1 of tissue"),
        ("ledger.head", "sha256:0", "The tag ledger.head is not that of the last entry"),
    ],
)
def test_a_mirror_edited_by_hand(
    promoted: Workspace, key: str, value: str | None, said: str
) -> None:
    if value is None:
        client(promoted).delete_registered_model_tag("tessera.tissue", key)
    else:
        client(promoted).set_registered_model_tag("tessera.tissue", key, value)
    first = verify(promoted)[0]
    assert (first.kind, first.subject) == ("mirror", "tissue")
    assert said in first.message


def test_a_mirror_removed_as_a_whole(promoted: Workspace) -> None:
    for key in ("ledger.000001", "ledger.000002", "ledger.head"):
        client(promoted).delete_registered_model_tag("tessera.tissue", key)
    assert only(promoted).message.startswith("MLflow lacks entries 1, 2")
    mend(promoted)
    assert verify(promoted) == ()


def test_a_lock_that_pins_something_unknown(promoted: Workspace) -> None:
    lock = read_lock(promoted.lock)
    tissue = lock.modules["tissue"]
    write_lock(promoted.lock, lock.replaced(replace(tissue, digest="sha256:" + "0" * 64)))
    assert only(promoted).kind == "lock"
    write_lock(promoted.lock, lock.replaced(replace(tissue, version="9.9.9")))
    assert "block of tissue is not what was registered" in only(promoted).message
    promoted.lock.write_text("<<<<<<<")
    assert only(promoted).subject == "configs/pipeline.lock"


def test_an_unfinished_promotion_is_named_and_mended(pinned: Workspace) -> None:
    claimed(pinned, process="999999999")
    finding = only(pinned)
    assert finding.kind == "unfinished"
    assert "set out to make tissue 1.1.0 champion" in finding.message
    (entry,) = mend(pinned)
    assert entry.move.after.version == "1.1.0"
    assert verify(pinned) == ()
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]


def test_a_fresh_clone_is_well(promoted: Workspace, clone: Clone) -> None:
    pin(promoted, "tissue")
    cloned = clone(promoted)
    assert verify(cloned) == ()
    ensure(cloned)
    assert verify(cloned) == ()
    promote(promoted, asked(promoted, "1.1.0", by="Ann"))
    shutil.copy(promoted.ledger, cloned.ledger)
    assert ("version", "tissue@1.1.0") in found(cloned)


def test_promotions_that_came_by_git_are_taken_over(promoted: Workspace, clone: Clone) -> None:
    rollback(promoted, "tissue", "so that 1.1.0 and 1.0.0 are left")
    pin(promoted, "tissue")
    behind = clone(promoted)
    registry = ensure(promoted)
    for number in ("1.0.0", "1.1.0"):
        place = registry.fetch(registry.version("tissue", number), behind.state / number)
        Registry(behind).register(place)
    assert [kind for kind, _ in found(behind)] == ["alias", "alias"]
    assert len(mend(behind)) == 3
    assert aliases(behind) == {"champion": "1.1.0", "previous": "1.0.0"}
    assert verify(behind) == ()


def test_forked_ledgers_are_left_for_a_person(promoted: Workspace) -> None:
    first = read_ledger(promoted.ledger).entries[0]
    promoted.ledger.unlink()
    append(promoted, [chained(replace(first.move, actor="x"), None, first.time)])
    before = read_mirror(Registry(promoted), "tissue")
    assert mend(promoted) == ()
    assert read_mirror(Registry(promoted), "tissue") == before


def test_a_server_that_cannot_be_reached_is_no_finding(
    promoted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(RegistryError):
        verify(promoted)
