"""What a module's train.py hands over: a network, a stream of samples and a loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from pipeline.errors import ConfigError

Sample = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn.

    Attributes
    ----------
    steps : int
        Optimiser steps in all.
    batch : int
        Samples per step.
    learning_rate : float
        Peak of each cycle of the cosine, which ends at zero.
    weight_decay : float
        AdamW's decoupled decay.
    average : float
        Decay per step of the running mean of the weights that is released.
    settle : float
        Share of the steps after which batch norm's statistics stand still. A batch of one
        normalises itself in training but not when it predicts; the rest of the steps learn to
        live with that.
    seed : int
        Seeds initial weights and every drawn sample.
    restarts : tuple of int
        Steps at which another cycle begins: the rate climbs again, so that a network that was
        released can learn on (Loshchilov & Hutter, arXiv:1608.03983).
    """

    steps: int
    batch: int = 1
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    average: float = 0.998
    settle: float = 0.25
    seed: int = 0
    restarts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise ConfigError where a value from configs/train.json is of another kind."""
        for name in ("steps", "batch", "seed"):
            _require(type(getattr(self, name)) is int, name, getattr(self, name), "a whole number")
        for name in ("learning_rate", "weight_decay", "average", "settle"):
            value = getattr(self, name)
            _require(type(value) in (int, float), name, value, "a number")
        whole = isinstance(self.restarts, list | tuple) and {type(r) for r in self.restarts} <= {
            int
        }
        _require(whole, "restarts", self.restarts, "a list of whole numbers")


def _require(fits: bool, name: str, value: object, kind: str) -> None:
    if not fits:
        raise ConfigError(
            f"The schedule's {name} takes {kind}, not {value!r}.",
            "Mend it in the module's configs/train.json.",
        )


@dataclass(frozen=True)
class Recipe:
    """One module's training task.

    Attributes
    ----------
    network : torch.nn.Module
        Freshly initialised.
    draw : callable
        ``draw(generator, step)`` gives one (image, target) pair without a batch axis; the same
        generator state and step give the same pair, which is what makes a resumed run exact.
    loss : callable
        ``loss(output, target)`` for a batch, a scalar.
    schedule : Schedule
        Steps and rates.
    cases : tuple of str
        Names of the cases learnt from, for the record.
    shared : int
        How many of the first steps are the same whichever fold is left out; learnt once for all.
    files : tuple of pathlib.Path
        What is read, for the digest in the record.
    """

    network: torch.nn.Module
    draw: Callable[[np.random.Generator, int], Sample]
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    schedule: Schedule
    cases: tuple[str, ...]
    shared: int = 0
    files: tuple[Path, ...] = ()
