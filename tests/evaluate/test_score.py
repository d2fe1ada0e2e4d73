"""Figures of structures on label maps small enough to count by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume

from pipeline.bundle.contract import read_contract
from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase, Structure
from pipeline.evaluate.score import chance_scores, mask_scores
from pipeline.types import Concept, Measurement, Prediction

TISSUE = read_contract(Path(__file__).parents[2] / "modules" / "tissue")

CHANCE = Concept("C", "99TESSERA", "Chance")


def row(*values: int) -> Volume:
    array = np.array(values, np.uint8).reshape(-1, 1, 1)
    return Volume(array, np.eye(4), coordinate_system="PATIENT")


def dice_of(structure: Structure) -> float:
    found, known = row(2, 2, 3, 3, 5, 0), row(0, 2, 2, 2, 3, 0)
    image = row(0, 9, 9, 9, 9, 0)
    cohort = Cohort("c", "", "tissue", 1.0, (structure,), ())
    return mask_scores(found, known, image, cohort, TISSUE)[f"dice/{structure.name}"]


def test_segments_and_reference_labels_make_up_a_structure() -> None:
    assert dice_of(Structure("GM", (2,), ("cortical GM", "deep GM"))) == pytest.approx(4 / 5)


def test_a_label_may_be_larger_than_a_byte() -> None:
    found, known = row(2, 2, 0), row(2, 2, 0)
    labels = known.with_array(np.where(known.array == 2, 1024, 0).astype(np.uint16))
    cohort = Cohort("c", "", "tissue", 1.0, (Structure("GM", (1024,), ("cortical GM",)),), ())
    number = next(s.number for s in TISSUE.segments if s.name == "cortical GM")
    placed = found.with_array(np.where(found.array == 2, number, 0).astype(np.uint8))
    assert mask_scores(placed, labels, placed, cohort, TISSUE)["dice/GM"] == 1


def test_a_reference_that_ends_at_the_strip_is_compared_inside_the_image_only() -> None:
    everywhere = Structure("GM", (2,), ("sulcal CSF", "cortical GM"))
    inside = Structure("GM", (2,), ("sulcal CSF", "cortical GM"), inside_image=True)
    assert dice_of(everywhere) == pytest.approx(6 / 7)
    assert dice_of(inside) == 1


def test_what_lies_near_a_structure_counts_where_the_reference_draws_it_wider() -> None:
    everywhere = Structure("GM", (2,), ("cortical GM",), near=("sulcal CSF",), near_mm=9.0)
    nearby = Structure("GM", (2,), ("cortical GM",), near=("sulcal CSF",), near_mm=1.0)
    assert dice_of(everywhere) == pytest.approx(6 / 7)
    assert dice_of(nearby) == 1


def test_near_nothing_nothing_counts() -> None:
    none = Structure("GM", (2,), ("deep GM",), near=("sulcal CSF",), near_mm=9.0)
    assert dice_of(none) == 0


def chances(**truth: float) -> dict[str, float]:
    found = Prediction(measurements=(Measurement("motion_ghosting", 0.7, "1", CHANCE),))
    return chance_scores(found, CohortCase("a", None, {}, None, truth))


def test_an_event_that_is_misspelt_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(ConfigError, match="Case a tells the truth of motion_ghostin,") as caught:
        chances(motion_ghostin=1)
    assert "Name it motion_ghosting" in caught.value.remedy


def test_an_event_that_a_version_does_not_know_is_undefined() -> None:
    values = chances(motion_ghosting=1, wrap_around=0)
    assert values["chance/motion_ghosting"] == 0.7
    assert math.isnan(values["chance/wrap_around"])
