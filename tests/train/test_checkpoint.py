from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.train.checkpoint import restore, save


def network(weight: float = 0.0) -> torch.nn.Module:
    layer = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(layer.weight, weight)
    return layer


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    save(tmp_path / "new" / "checkpoint.pt", 5, network(0.5))
    again = network()
    assert restore(tmp_path / "new" / "checkpoint.pt", again) == 5
    assert again.weight.item() == 0.5


def test_without_a_checkpoint_it_begins_at_the_first_step(tmp_path: Path) -> None:
    assert restore(tmp_path / "checkpoint.pt", network()) == 0


def test_folds_side_by_side_do_not_take_each_others_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other fold writes, and renames, between this one's writing and renaming."""
    shared, plain = tmp_path / "shared.pt", Path.replace

    def slowly(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", plain)
        monkeypatch.setattr("pipeline.train.checkpoint.os.getpid", lambda: 1)
        save(shared, 7, network(2.0))
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", slowly)
    save(shared, 7, network(1.0))
    again = network()
    restore(shared, again)
    assert again.weight.item() == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["shared.pt"]


def test_what_a_gpu_has_written_is_read_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(torch.serialization, "location_tag", lambda _: "cuda:0")
        save(tmp_path / "checkpoint.pt", 3, network(0.25))
    again = network()
    assert restore(tmp_path / "checkpoint.pt", again) == 3
    assert again.weight.item() == 0.25


def test_an_interrupted_save_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "checkpoint.pt", 3, network())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.train.checkpoint.torch.save", full)
    with pytest.raises(OSError, match="No space"):
        save(tmp_path / "checkpoint.pt", 4, network())
    assert restore(tmp_path / "checkpoint.pt", network()) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
