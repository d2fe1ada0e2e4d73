"""What is asked of the network, where a label may leave open which of several classes is meant."""

from __future__ import annotations

import torch
from torch.nn import functional

from pipeline.train.heads import CORTEX, CSF, DEEP, VENTRICLE, WHITE

# Target codes: 0 to 5 are the classes themselves; the others allow several.
BRAIN, REAL_OUTSIDE, REAL_CSF, REAL_GREY = 6, 7, 8, 9
ALLOWED = (
    *((number,) for number in range(6)),
    # A lesion is brain, its tissue class means nothing.
    (CORTEX, DEEP, WHITE),
    # IBSR's labels: sulcal CSF lies outside or in grey matter, CSF is mostly ventricular.
    (0, CSF),
    (VENTRICLE, CSF),
    (CSF, CORTEX, DEEP),
)


def allowed() -> torch.Tensor:
    """float32 (codes, classes): 1 where a code admits a class."""
    table = torch.zeros(len(ALLOWED), 6)
    for code, classes in enumerate(ALLOWED):
        table[code, list(classes)] = 1
    return table


def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the admitted classes together, and soft Dice.

    Where a code admits several classes, the network's own belief among them is what Dice compares
    with: only what the label really says is taught.

    Parameters
    ----------
    output : torch.Tensor
        Logits (batch, 6, x, y, z).
    target : torch.Tensor
        Codes, uint8 (batch, 1, x, y, z).
    """
    chance = functional.softmax(output, 1)
    admitted = functional.embedding(target[:, 0].long(), allowed().to(output.device)).movedim(-1, 1)
    inside = chance * admitted
    together = inside.sum(1, keepdim=True).clamp_min(1e-6)
    wanted = (inside / together).detach()
    overlap = (chance * wanted).sum((0, 2, 3, 4))
    size = (chance + wanted).sum((0, 2, 3, 4))
    dice = 1 - ((2 * overlap + 1) / (size + 1))
    return dice[1:].mean() - together.log().mean()
