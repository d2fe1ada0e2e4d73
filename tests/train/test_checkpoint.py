from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from pipeline.errors import OutputError, UsageError
from pipeline.train.checkpoint import Checkpoint


def network(weight: float = 0.0) -> torch.nn.Module:
    layer = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(layer.weight, weight)
    return layer


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(tmp_path / "fold-1" / "checkpoint.pt", "this recipe", tmp_path / "fold-1")


def test_what_was_saved_comes_back(checkpoint: Checkpoint) -> None:
    checkpoint.save(5, network(0.5))
    again = network()
    assert checkpoint.begun()
    assert checkpoint.restore(again) == 5
    assert again.weight.item() == 0.5


def test_without_a_checkpoint_it_begins_at_the_first_step(checkpoint: Checkpoint) -> None:
    assert not checkpoint.begun()
    assert checkpoint.restore(network()) == 0


def test_another_recipe_does_not_go_on_from_it(checkpoint: Checkpoint) -> None:
    checkpoint.save(5, network())
    other = replace(checkpoint, recipe="another recipe")
    for look in (other.begun, lambda: other.restore(network())):
        with pytest.raises(UsageError, match="begun with another recipe") as caught:
            look()
        assert f"Remove {checkpoint.place} " in caught.value.remedy


@pytest.mark.parametrize(
    "damage", [lambda b: b"garbage", lambda b: b"", lambda b: b[: len(b) // 2]]
)
def test_a_damaged_one_says_what_to_remove(
    checkpoint: Checkpoint, damage: Callable[[bytes], bytes]
) -> None:
    checkpoint.save(5, network())
    checkpoint.path.write_bytes(damage(checkpoint.path.read_bytes()))
    with pytest.raises(UsageError, match=r"checkpoint\.pt is damaged") as caught:
        checkpoint.begun()
    assert caught.value.remedy == f"Remove {checkpoint.place} to begin anew."


def test_one_that_holds_something_else_is_damaged(checkpoint: Checkpoint) -> None:
    checkpoint.place.mkdir()
    torch.save([1, 2], checkpoint.path)
    with pytest.raises(UsageError, match="is damaged"):
        checkpoint.begun()


def test_one_that_names_no_recipe_is_refused(checkpoint: Checkpoint) -> None:
    """As they were written before recipes had an identity."""
    checkpoint.place.mkdir()
    torch.save({"step": 5, "parts": [network().state_dict()]}, checkpoint.path)
    with pytest.raises(UsageError, match="begun with another recipe"):
        checkpoint.restore(network())


def test_folds_side_by_side_do_not_take_each_others_partial_file(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other fold writes, and renames, between this one's writing and renaming."""
    plain = Path.replace

    def slowly(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", plain)
        checkpoint.save(7, network(2.0))
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", slowly)
    checkpoint.save(7, network(1.0))
    again = network()
    checkpoint.restore(again)
    assert again.weight.item() == 1.0
    assert list(checkpoint.place.iterdir()) == [checkpoint.path]


def test_a_disk_that_is_full_half_way_is_an_error_of_the_disk(
    checkpoint: Checkpoint, limit: Callable[[int], None]
) -> None:
    """Of which torch itself makes another one."""
    checkpoint.save(3, network())
    limit(300)
    with pytest.raises(OutputError, match="File too large"):
        checkpoint.save(4, network())
    assert checkpoint.restore(network()) == 3


def test_what_a_gpu_has_written_is_read_without_one(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(torch.serialization, "location_tag", lambda _: "cuda:0")
        checkpoint.save(3, network(0.25))
    again = network()
    assert checkpoint.restore(again) == 3
    assert again.weight.item() == 0.25


def test_an_interrupted_save_leaves_the_older_one(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(3, network())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=rf"{checkpoint.place} cannot be written: No space"):
        checkpoint.save(4, network())
    assert checkpoint.restore(network()) == 3
    assert list(checkpoint.place.iterdir()) == [checkpoint.path]
