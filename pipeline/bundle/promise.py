"""Holds what a network and a bundle's own code gave against what the contract promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from pipeline.bundle.contract import Contract
from pipeline.errors import BundleError
from pipeline.types import Assessment, Concept, Finding, Measurement, Prediction, Role, Verdict

Entry = TypeVar("Entry")
WRONG = (TypeError, ValueError, AttributeError)


def require_numbers(output: np.ndarray, contract: Contract) -> None:
    """Raise BundleError where a network's output holds a value that is no finite number."""
    with np.errstate(all="ignore"):
        # A sum is one pass without a mask as large as the output; one that overflows tells nothing.
        if np.isfinite(output.sum()) or np.isfinite(output).all():
            return
    raise BundleError(
        f"The network of {contract.name} gave values that are no numbers.",
        "Look at its weights and at its preprocessing; NaN and infinity come from there.",
    )


def promised(given: object, contract: Contract, shape: tuple[int, ...]) -> Prediction:
    """What a module gave, if it is a prediction that its contract allows.

    Parameters
    ----------
    given : object
        What the bundle's code returned.
    contract : Contract
        Names the labels there may be.
    shape : tuple of int
        Of the volumes the module was handed.

    Returns
    -------
    Prediction
        Its figures as Python's own numbers, whichever library they came from.

    Raises
    ------
    BundleError
        It is no Prediction, its label map has another shape or type or a label that no segment
        describes, or an entry has a field of the wrong type.
    """
    if not isinstance(given, Prediction):
        raise BundleError(
            f"{contract.name} gave {type(given).__name__} in place of a Prediction.",
            "Let its predict.py return a pipeline.types.Prediction.",
        )
    if given.labels is not None:
        _require_labels(given.labels, contract, shape)
    return replace(
        given,
        measurements=_each(_measurement, given.measurements, contract),
        findings=_each(_finding, given.findings, contract),
        assessments=_each(_assessment, given.assessments, contract),
    )


def _require_labels(labels: np.ndarray, contract: Contract, shape: tuple[int, ...]) -> None:
    if labels.shape != shape or labels.dtype != np.uint8:
        found = f"{labels.dtype} {labels.shape}"
        raise BundleError(
            f"{contract.name} gave a label map of {found}, not uint8 {shape}.",
            "Mend its predict.py.",
        )
    # Segments are numbered from 1 without gaps, so the largest label tells.
    if (largest := int(labels.max(initial=0))) > len(contract.segments):
        raise BundleError(
            f"{contract.name} gave the label {largest}, which no segment describes.",
            "Name every label the module gives in module.toml, or mend its predict.py.",
        )


def _each(
    plain: Callable[[Entry], Entry], given: Iterable[Entry], contract: Contract
) -> tuple[Entry, ...]:
    try:
        return tuple(plain(entry) for entry in given)
    except WRONG as error:
        raise BundleError(
            f"{contract.name} gave a {plain.__name__[1:]} with a field of the wrong type "
            f"({type(error).__name__}).",
            "Compare its predict.py with the types in pipeline/types.py.",
        ) from error


def _measurement(given: Measurement) -> Measurement:
    return Measurement(
        name=_text(given.name),
        value=float(given.value),
        unit=_text(given.unit),
        concept=_concept(given.concept),
        role=None if given.role is None else Role(given.role),
        segment=_text(given.segment),
    )


def _finding(given: Finding) -> Finding:
    x, y, z = given.centroid_mm
    return Finding(
        number=int(given.number),
        volume_ml=float(given.volume_ml),
        longest_diameter_mm=float(given.longest_diameter_mm),
        centroid_mm=(float(x), float(y), float(z)),
        confidence=float(given.confidence),
    )


def _assessment(given: Assessment) -> Assessment:
    return Assessment(Role(given.role), Verdict(given.verdict), _text(given.reason))


def _concept(given: Concept) -> Concept:
    return Concept(_text(given.value), _text(given.scheme), _text(given.meaning))


def _text(given: str) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given
