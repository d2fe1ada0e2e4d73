"""What a network's output means where a bundle brings no predict.py: classes are the segments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.bundle.contract import Contract
from pipeline.errors import BundleError
from pipeline.types import Concept, Inputs, Measurement, Prediction

VOLUME = Concept("118565006", "SCT", "Volume")


def interpreter(contract: Contract) -> Callable[[np.ndarray, Inputs], Prediction]:
    """Build the adapter for one contract.

    An output of one channel is taken as labels; of as many as there are segments, as independent
    probabilities or logits already thresholded to 0 and 1, later segments on top; of one more, as
    class scores with background first.
    """
    return lambda output, inputs: interpret(contract, output, inputs)


def interpret(contract: Contract, output: np.ndarray, inputs: Inputs) -> Prediction:
    """Label map and one volume per segment, from an output (channels, x, y, z)."""
    labels = label_map(output, len(contract.segments))
    volume = next(iter(inputs.volumes.values()))
    millilitres = float(volume.voxel_volume) / 1000
    counts = np.bincount(labels.ravel(), minlength=256)
    return Prediction(
        labels=labels,
        measurements=tuple(
            Measurement(
                f"{segment.name} volume",
                float(counts[segment.number]) * millilitres,
                "mL",
                VOLUME,
                segment=segment.name,
            )
            for segment in contract.segments
        ),
    )


def label_map(output: np.ndarray, segments: int) -> np.ndarray:
    """One uint8 label per voxel.

    Raises
    ------
    BundleError
        The one channel there is holds something else than labels, which would wrap around.
    """
    if output.shape[0] == 1:
        found = output[0].round()
        if found.min(initial=0) < 0 or found.max(initial=0) > segments:
            raise BundleError(
                f"The network's one channel holds other values than the labels 0 to {segments}.",
                "Add the missing step to postprocessing, or a predict.py that reads it.",
            )
        return np.asarray(found, np.uint8)
    if output.shape[0] == segments + 1:
        return np.asarray(output.argmax(0), np.uint8)
    labels = np.zeros(output.shape[1:], np.uint8)
    for number in range(min(segments, output.shape[0])):
        labels[output[number] > 0.5] = number + 1
    return labels
