from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from pipeline.errors import BundleError, OutputError, UsageError
from pipeline.train.checkpoint import Checkpoint
from pipeline.train.export import export
from pipeline.train.loop import computes_bfloat16, fit, learning_rate
from pipeline.train.recipe import Recipe, Sample, Schedule


def recipe(steps: int) -> Recipe:
    """Learn to double a field, with batch norm on the way."""
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv3d(1, 2, 3, padding=1), torch.nn.BatchNorm3d(2), torch.nn.Conv3d(2, 1, 1)
    )

    def draw(generator: np.random.Generator, _: int) -> Sample:
        image = torch.from_numpy(generator.standard_normal((1, 8, 8, 8), np.float32))
        return image, 2 * image

    schedule = Schedule(steps, learning_rate=0.05, average=0.9)
    return Recipe(network, draw, torch.nn.functional.mse_loss, schedule, ("one",))


def at(folder: Path, name: str) -> Checkpoint:
    return Checkpoint(folder / f"{name}.pt", "the recipe above", folder)


def test_the_loss_falls(tmp_path: Path) -> None:
    losses: list[float] = []
    fit(recipe(80), at(tmp_path, "checkpoint"), lambda _, loss: losses.append(loss))
    assert np.mean(losses[-10:]) < 0.3 * np.mean(losses[:5])


@pytest.mark.parametrize("stop", [3, 7])
def test_an_interrupted_training_ends_like_an_undisturbed_one(tmp_path: Path, stop: int) -> None:
    whole = fit(recipe(12), at(tmp_path, "whole"), lambda *_: None)

    def interrupt(step: int, _: float) -> None:
        if step == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(recipe(12), at(tmp_path, "part"), interrupt, save_every_s=0)
    seen: list[int] = []
    again = fit(recipe(12), at(tmp_path, "part"), lambda step, _: seen.append(step), save_every_s=0)
    assert seen[0] == stop, "the step that was interrupted is repeated, none before it"
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("where", ["draw", "loss", "report"])
@pytest.mark.parametrize("stop", [0, 7, 11])
def test_the_step_at_which_a_signal_comes_is_kept(tmp_path: Path, stop: int, where: str) -> None:
    """However long ago the last checkpoint was written."""
    whole = fit(recipe(12), at(tmp_path, "whole"), lambda *_: None)
    steps: list[int] = []

    def interrupt(step: int) -> None:
        if step == stop:
            signal.raise_signal(signal.SIGINT)

    def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        if where == "loss":
            interrupt(len(steps))
        return torch.nn.functional.mse_loss(output, target)

    def report(step: int, _: float) -> None:
        steps.append(step)
        if where == "report":
            interrupt(step)

    task = replace(recipe(12), loss=loss)
    if where == "draw":  # in its own thread, while the main one waits or learns
        plain = task.draw

        def draw(generator: np.random.Generator, step: int) -> Sample:
            if step == stop:
                os.kill(os.getpid(), signal.SIGINT)
            return plain(generator, step)

        task = replace(task, draw=draw)
    with pytest.raises(KeyboardInterrupt):
        fit(task, at(tmp_path, "part"), report)
    assert steps[-1] in ({stop - 1, stop} if where == "draw" else {stop})
    again: list[int] = []
    found = fit(recipe(12), at(tmp_path, "part"), lambda step, _: again.append(step))
    assert steps + again == list(range(12)), "no step is lost, none is done twice"
    for name, value in whole.state_dict().items():
        assert torch.equal(value, found.state_dict()[name]), name


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            FileNotFoundError(2, "No such file or directory", "t1.nii.gz"),
            UsageError,
            r"t1\.nii\.gz",
        ),
        (KeyError("seg"), BundleError, "stopped with KeyError: 'seg'"),
    ],
)
def test_a_sample_that_cannot_be_drawn_is_named_with_its_step(
    tmp_path: Path, error: Exception, kind: type[Exception], said: str
) -> None:
    task = recipe(12)

    def draw(generator: np.random.Generator, step: int) -> Sample:
        if step == 3:
            raise error
        return task.draw(generator, step)

    with pytest.raises(kind, match=f"The sample of step 4, .*{said}"):
        fit(replace(task, draw=draw), at(tmp_path, "checkpoint"), lambda *_: None)


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_checkpoint_that_cannot_be_written_costs_no_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, kept = fit(recipe(4), at(tmp_path, "whole"), lambda *_: None), at(tmp_path, "part")
    monkeypatch.setattr("os.fsync", full)
    with pytest.warns(RuntimeWarning, match="No space left on device.* Stopped now"):
        found = fit(
            replace(recipe(4), shared=2),
            kept,
            lambda *_: None,
            save_every_s=0,
            shared=at(tmp_path, "shared"),
        )
    assert not kept.path.exists()
    for name, value in whole.state_dict().items():
        assert torch.equal(value, found.state_dict()[name]), name


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_says_that_its_step_could_not_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        fit(recipe(4), at(tmp_path, "part"), lambda *_: signal.raise_signal(signal.SIGINT))


def test_a_loss_that_is_not_finite_stops_with_the_last_checkpoint_kept(tmp_path: Path) -> None:
    task = recipe(12)

    def draw(generator: np.random.Generator, step: int) -> Sample:
        image, target = task.draw(generator, step)
        return image, target * (float("inf") if step == 5 else 1)

    kept = at(tmp_path, "checkpoint")
    with pytest.raises(BundleError, match="At step 6 the loss is inf") as caught:
        fit(replace(task, draw=draw), kept, lambda *_: None, save_every_s=0)
    assert str(kept.place) in caught.value.remedy
    assert torch.load(kept.path, weights_only=True)["step"] == 5


def test_a_gradient_that_is_not_finite_stops_though_the_loss_is(tmp_path: Path) -> None:
    def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return (output - output.detach()).abs().sqrt().sum() + 1  # endless slope at nothing

    with pytest.raises(BundleError, match="At step 1 the loss is 1, the length of its gradient"):
        fit(replace(recipe(1), loss=loss), at(tmp_path, "checkpoint"), lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_the_rate_rises_then_falls_to_nothing() -> None:
    schedule = Schedule(100, learning_rate=1.0)
    rates = [learning_rate(step, schedule) for step in range(100)]
    assert max(rates) == pytest.approx(1.0, abs=1e-3)
    assert rates.index(max(rates)) < 5
    assert rates[-1] < 0.001


def test_the_rate_rises_again_where_another_cycle_begins() -> None:
    schedule = Schedule(150, learning_rate=1.0, restarts=(100,))
    rates = [learning_rate(step, schedule) for step in range(150)]
    assert rates[:100] == [
        learning_rate(step, Schedule(100, learning_rate=1.0)) for step in range(100)
    ]
    assert rates[100:] == [
        learning_rate(step, Schedule(50, learning_rate=1.0)) for step in range(50)
    ]


def test_released_weights_are_half_precision_but_for_batch_norm_statistics(tmp_path: Path) -> None:
    network = recipe(1).network
    state = load_file(export(network, tmp_path / "models" / "model.safetensors"))
    assert state["0.weight"].dtype == torch.float16
    assert state["1.running_var"].dtype == torch.float32
    torch.testing.assert_close(state["0.weight"].float(), network[0].weight, atol=1e-3, rtol=1e-3)


def test_weights_that_cannot_be_written_leave_the_older_ones(
    tmp_path: Path, limit: Callable[[int], None]
) -> None:
    path = export(recipe(1).network, tmp_path / "model.safetensors")
    before = path.read_bytes()
    limit(len(before) - 1)
    with pytest.raises(OutputError, match=rf"{tmp_path} cannot be written: File too large"):
        export(recipe(1).network, path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_folds_begin_where_the_shared_steps_ended(tmp_path: Path) -> None:
    shared = at(tmp_path, "shared")
    task = replace(recipe(10), shared=6)
    first = fit(task, at(tmp_path, "one"), lambda *_: None, shared=shared)
    seen: list[int] = []
    second = fit(
        replace(recipe(10), shared=6),
        at(tmp_path, "two"),
        lambda step, _: seen.append(step),
        shared=shared,
    )
    assert seen == [6, 7, 8, 9], "what folds share is learnt once"
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name


@pytest.mark.parametrize(
    ("processor", "computes"),
    [
        ({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, False),
        ({"avx512_bf16": True, "amx_bf16": False}, True),
        ({"amx_bf16": True}, True),
        ({}, False),
    ],
)
def test_half_precision_is_used_where_the_processor_has_it(
    processor: dict[str, object], computes: bool
) -> None:
    assert computes_bfloat16(processor) is computes
