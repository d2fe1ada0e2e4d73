"""Fit a recipe: resumable after any interruption, the same result as an undisturbed run."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from pipeline.errors import BundleError, OutputError
from pipeline.train.authored import authored
from pipeline.train.checkpoint import Checkpoint
from pipeline.train.device import accelerator
from pipeline.train.interrupt import deferred
from pipeline.train.norm import quicken
from pipeline.train.recipe import Recipe, Sample, Schedule

Report = Callable[[int, float], None]


def fit(
    recipe: Recipe,
    checkpoint: Checkpoint,
    report: Report,
    save_every_s: float = 120.0,
    shared: Checkpoint | None = None,
) -> torch.nn.Module:
    """Train until the schedule's last step and return the averaged network.

    Parameters
    ----------
    recipe : Recipe
        The task.
    checkpoint : Checkpoint
        Written every `save_every_s` seconds, at the end, and where training is interrupted;
        picked up where it exists.
    report : callable
        Called as ``report(step, loss)`` after each step.
    save_every_s : float
        Seconds between checkpoints.
    shared : Checkpoint, optional
        Where the state after the recipe's shared steps is kept: begun from where it exists,
        written where it does not.

    Returns
    -------
    torch.nn.Module
        The running mean of the weights, in evaluation mode.

    Raises
    ------
    UsageError
        A checkpoint is damaged or was begun with another recipe, or a file cannot be read.
    BundleError
        A sample cannot be drawn, or the loss or its gradient is not finite; the last checkpoint
        stays.
    OutputError
        It was told to end, and the checkpoint cannot be written.
    KeyboardInterrupt
        The process was told to end; the step it was at is in the checkpoint.

    Warns
    -----
    RuntimeWarning
        A checkpoint cannot be written; training goes on.
    """
    schedule = recipe.schedule
    device = accelerator()
    halved = device.type == "cuda" or computes_bfloat16(torch.cpu.get_capabilities())
    network = recipe.network.to(device)
    # Channels last: a tenth to a sixth less time a step; torch's annotations do not know the word.
    network.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
    average = AveragedModel(
        network, multi_avg_fn=get_ema_multi_avg_fn(schedule.average), use_buffers=True
    )
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay
    )
    if device.type == "cuda":
        quicken(network)
        torch.backends.cudnn.benchmark = True  # boxes have few sizes: it pays to try
    parts = (network, average, optimiser)
    first = checkpoint.restore(*parts) or (shared.restore(*parts) if shared else 0)
    saved = time.monotonic()
    with deferred() as interruption:
        for step, batch in zip(range(first, schedule.steps), _batches(recipe, first), strict=False):
            image, target = (x.to(device) for x in batch)
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, schedule)
            _train_mode(network, average, step - round(schedule.settle * schedule.steps))
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=halved):
                output = network(image)
            with authored("The loss of train.py"):
                loss = recipe.loss(output.float(), target)
            optimiser.zero_grad()
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            average.update_parameters(network)
            _require_finite(step, loss.item(), norm.item(), checkpoint)
            report(step, loss.item())
            last = interruption.asked or step == schedule.steps - 1
            if last or time.monotonic() - saved > save_every_s:
                with nullcontext() if interruption.asked else _spared():
                    checkpoint.save(step + 1, *parts)
                saved = time.monotonic()
            if shared and step + 1 == recipe.shared:
                with _spared():
                    shared.save(step + 1, *parts)
            if last:
                break
    if interruption.asked:
        raise KeyboardInterrupt
    released: torch.nn.Module = average.module.eval()
    return released


def learning_rate(step: int, schedule: Schedule) -> float:
    """In each cycle linear warm-up over the first 3 % of its steps, then a half cosine to zero."""
    first = max((start for start in schedule.restarts if start <= step), default=0)
    end = min((start for start in schedule.restarts if start > step), default=schedule.steps)
    step, steps = step - first, end - first
    warm = max(1, steps * 3 // 100)
    if step < warm:
        return schedule.learning_rate * (step + 1) / warm
    done = (step - warm) / max(1, steps - warm)
    return schedule.learning_rate * 0.5 * (1.0 + math.cos(math.pi * done))


def computes_bfloat16(processor: Mapping[str, object]) -> bool:
    """Whether a processor computes bfloat16 rather than imitate it, at a twentieth of the speed."""
    return bool(processor.get("avx512_bf16") or processor.get("amx_bf16"))


@contextmanager
def _spared() -> Iterator[None]:
    """A checkpoint that cannot be written costs nothing unless training is stopped."""
    try:
        yield
    except OutputError as error:
        warnings.warn(
            f"{error.message} Stopped now, training loses what it learnt since the last one.",
            RuntimeWarning,
            stacklevel=3,
        )


def _require_finite(step: int, loss: float, norm: float, checkpoint: Checkpoint) -> None:
    """A gradient that is not finite spoils every weight, though the loss may show it later."""
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise BundleError(
            f"At step {step + 1} the loss is {loss:g}, the length of its gradient {norm:g}; "
            "no weights were written.",
            "Lower the learning rate in configs/train.json or look for damaged images, then "
            f"remove {checkpoint.place} and train again.",
        )


def _train_mode(network: torch.nn.Module, average: AveragedModel, settled: int) -> None:
    """Training mode; from the settling step on, batch norm keeps the averaged statistics."""
    network.train()
    if settled < 0:
        return
    for layer, mean in zip(network.modules(), average.module.modules(), strict=True):
        if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
            layer.eval()
            if settled == 0:
                layer.load_state_dict({**layer.state_dict(), **dict(mean.named_buffers())})


def _batches(recipe: Recipe, first: int) -> Iterator[Sample]:
    """Batches from step `first` on, the next one drawn while the last one is learnt from."""
    if accelerator().type == "cuda":
        # Its queue runs ahead by itself; a second thread would only contend for the interpreter.
        yield from (_batch(recipe, step) for step in range(first, recipe.schedule.steps))
        return
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(_batch, recipe, first)
        for step in range(first + 1, recipe.schedule.steps + 1):
            batch = coming.result()
            if step < recipe.schedule.steps:
                coming = pool.submit(_batch, recipe, step)
            yield batch


def _batch(recipe: Recipe, step: int) -> Sample:
    """Draw a batch from a generator that depends on seed and step alone."""
    generator = np.random.default_rng([recipe.schedule.seed, step])
    with authored(f"The sample of step {step + 1}, drawn by train.py,"):
        pairs = [recipe.draw(generator, step) for _ in range(recipe.schedule.batch)]
    return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])
