"""`tessera compare` and `upgrade`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import TesseraError, UsageError
from pipeline.workspace import Workspace
from tests.cli.verb import run


def test_compare_in_three_forms_and_a_page(place: Workspace, tmp_path: Path) -> None:
    asked = ("compare", "tissue", "1.0.0", "1.1.0", "--cohort", "tissue-balls")
    text = run(place, *asked, "--out", tmp_path / "out").stdout
    assert "tissue 1.0.0 → 1.1.0 on tissue-balls (n=4)" in text
    assert (tmp_path / "out" / "comparison.html").is_file()
    assert run(place, *asked, "--md").stdout.startswith("### tissue 1.0.0 → 1.1.0")
    document = json.loads(run(place, *asked, "--json").stdout)
    assert {"reference", "candidate", "metrics", "subgroups", "agreement"} <= set(document)


@pytest.mark.parametrize("words", [("1.0.0",), ("1.0.0", "1.1.0")])
def test_compare_says_what_it_needs(place: Workspace, words: tuple[str, ...]) -> None:
    found = run(place, "compare", "tissue", *words).exception
    assert isinstance(found, TesseraError)
    assert "either --cohort or --on" in found.message


def test_compare_without_labels_writes_no_page_and_says_so(
    place: Workspace, tmp_path: Path
) -> None:
    asked = ("compare", "tissue", "1.0.0", "1.1.0", "--on", tmp_path, "-o", tmp_path / "out")
    found = run(place, *asked).exception
    assert isinstance(found, UsageError)
    assert "--out needs --cohort" in found.message


def test_upgrade_prints_the_plan_first_and_the_counters_last(place: Workspace) -> None:
    plan = run(place, "upgrade", "tissue@1.1.0", "--dry-run").stdout
    assert "rerun where its input changed" in plan
    text = run(place, "upgrade", "tissue@1.1.0").stdout
    assert text.index("its version is new") < text.index("Predictions")
    counts = {line.split()[0]: line.split()[1:] for line in text.splitlines()[-4:] if line}
    assert counts["quality"] == ["0", "0"]
    assert counts["tissue"][0] == "4"


def test_an_out_that_is_a_file_is_refused_before_anything_runs(
    place: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("mine")
    done = run(place, "upgrade", "tissue@1.1.0", "-o", tmp_path / "note.txt")
    assert "is a file" in str(done.exception)
    assert not list(place.root.glob("mlruns/**/evaluation.json"))
