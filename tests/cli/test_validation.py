"""`tessera validate`, and what no verb finds, as a user types them."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import TesseraError
from pipeline.workspace import Workspace
from tests.cli.verb import run


def test_validate_prints_every_case_and_means_with_n(place: Workspace) -> None:
    text = run(place, "validate", "tissue@1.1.0", "--cohort", "tissue-balls").stdout
    assert "tissue 1.1.0 on tissue-balls: every case" in text
    assert text.count("dice/bright") == 2
    assert "MLflow run" in text


def test_validate_json_is_the_recorded_evaluation(place: Workspace) -> None:
    done = run(place, "validate", "tissue@1.1.0", "--cohort", "tissue-balls", "--json")
    document = json.loads(done.stdout)
    assert document["module"]["version"] == "1.1.0"
    assert len(document["cases"]) == 4


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "tissue@9.9.9", "--cohort", "tissue-balls"),
        ("validate", "lung@1.0.0", "--cohort", "tissue-balls"),
        ("validate", "tissue@1.1.0", "--cohort", "nowhere"),
        ("upgrade", "tissue@9.9.9"),
        ("promote", "tissue@9.9.9"),
    ],
)
def test_what_does_not_exist_is_named_with_a_remedy(place: Workspace, words: tuple) -> None:
    found = run(place, *words).exception
    assert isinstance(found, TesseraError)
    assert found.remedy
