"""A training's state on the disk: written whole or not at all, read on any machine."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pipeline.disk import writing
from pipeline.errors import UsageError
from pipeline.whole import write


@dataclass(frozen=True)
class Checkpoint:
    """Where the state of one recipe's training is kept.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    recipe : str
        Identity of the recipe; a state that another one has begun is not taken up.
    place : pathlib.Path
        What to remove for a new beginning: a fold's folder, or the file that folds share.
    """

    path: Path
    recipe: str
    place: Path

    def begun(self) -> bool:
        """Whether there is a state to go on from.

        Raises
        ------
        UsageError
            There is one, of another recipe or damaged.
        """
        return self._read() is not None

    def save(self, step: int, *parts: Any) -> None:
        """Write how far the training has come and the state of each of its parts.

        Folds that are trained side by side may write the same file.

        Raises
        ------
        OutputError
            It cannot be written; an older one is as it was.
        """
        state = io.BytesIO()  # in a file torch does not always say that the disk is full
        states = [part.state_dict() for part in parts]
        torch.save({"recipe": self.recipe, "step": step, "parts": states}, state)
        with writing(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write(self.path, state.getvalue())

    def restore(self, *parts: Any) -> int:
        """Give each part its state back and return the step that comes next, 0 without a file.

        Raises
        ------
        UsageError
            Another recipe has begun it, or it is damaged.
        """
        state = self._read()
        if state is None:
            return 0
        for part, values in zip(parts, state["parts"], strict=True):
            part.load_state_dict(values)
        return int(state["step"])

    def _read(self) -> dict[str, Any] | None:
        if not self.path.exists():
            return None
        state = self._loaded()
        # One from before recipes had an identity does not say what it has learnt.
        if state.get("recipe") != self.recipe:
            raise UsageError(
                f"{self.path} was begun with another recipe: its code, configs/train.json, data or "
                "number of steps is not today's.",
                f"Remove {self.place} to begin anew, or take the change back.",
            )
        return state

    def _loaded(self) -> dict[str, Any]:
        try:
            # What a GPU has written is read without one; each part takes its state to its device.
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            if not isinstance(state, dict):
                raise TypeError("it holds no state")
        except (PermissionError, MemoryError) as error:
            raise UsageError(
                f"{self.path} cannot be read: {type(error).__name__}.",
                "It may be whole: mend its rights, or free memory, and go on.",
            ) from error
        except Exception as error:  # whatever torch makes of damaged bytes
            raise UsageError(
                f"{self.path} is damaged: {type(error).__name__}.",
                f"Remove {self.place} to begin anew.",
            ) from error
        return state
