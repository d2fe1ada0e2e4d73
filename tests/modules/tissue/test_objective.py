from __future__ import annotations

from pathlib import Path

import torch

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tissue"
OBJECTIVE = import_file(BUNDLE, "objective.py", "sha256:working")


def certain(*classes: int) -> torch.Tensor:
    """Logits of a row of voxels, each sure of one class."""
    logits = torch.full((1, 6, len(classes), 1, 1), -9.0)
    for at, number in enumerate(classes):
        logits[0, number, at] = 9
    return logits


def codes(*numbers: int) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.uint8).reshape(1, 1, -1, 1, 1)


def test_what_the_label_says_costs_nothing() -> None:
    right, wrong = certain(5, 3, 0), certain(3, 5, 0)
    assert OBJECTIVE.loss(right, codes(5, 3, 0)) < OBJECTIVE.loss(wrong, codes(5, 3, 0)) - 1


def test_ibsr_grey_may_be_sulcal_csf_cortex_or_deep_grey_but_not_white() -> None:
    grey = codes(OBJECTIVE.REAL_GREY)
    free = [float(OBJECTIVE.loss(certain(number), grey)) for number in (2, 3, 4)]
    assert max(free) - min(free) < 1e-3
    assert float(OBJECTIVE.loss(certain(5), grey)) > max(free) + 1


def test_a_lesion_is_brain_of_no_certain_tissue() -> None:
    lesion = codes(OBJECTIVE.BRAIN)
    assert float(OBJECTIVE.loss(certain(0), lesion)) > float(OBJECTIVE.loss(certain(5), lesion)) + 1
