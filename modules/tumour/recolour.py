"""Tumours lighter or darker than they are, as others are."""

from __future__ import annotations

import numpy as np
import torch

# Of what the brain reaches from dark to light.
SPREAD = 0.06


def recolour(images: torch.Tensor, regions: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Shift oedema, the core that does not enhance, and the enhancing part, each contrast anew.

    Every other draw is left as it is.

    Parameters
    ----------
    images, regions : torch.Tensor
        float32 (4, x, y, z), about 0 to 1, and (3, x, y, z): whole tumour, core, enhancing.
    rng : numpy.random.Generator
        Decides whether and how far.

    Returns
    -------
    torch.Tensor
        The images; zero where they were.
    """
    if rng.random() < 0.5:
        return images
    # What is whole tumour but not core is oedema, and so on inwards.
    rings = regions - torch.cat((regions[1:], torch.zeros_like(regions[:1])))
    shift = rng.normal(0, SPREAD, (4, 3)).astype(np.float32)
    shifted = images + torch.einsum("cr,rxyz->cxyz", torch.from_numpy(shift).to(images), rings)
    return torch.where(images > 0, shifted.clamp_min(1e-3), images)
