"""`tessera register` and `lock`, as a user types them."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.app import app
from pipeline.errors import BundleError, TrustError
from pipeline.versions.lock import read_lock, write_lock
from pipeline.versions.pin import pin
from pipeline.workspace import Workspace
from tests import bundles


def lock(place: Workspace, *words: str) -> Result:
    asked = ["lock", *words, "--workspace", str(place.root)]
    return CliRunner().invoke(app, asked, standalone_mode=False)


@pytest.fixture
def place(small_workspace: Workspace) -> Workspace:
    pin(small_workspace)
    return small_workspace


def test_lock_names_the_libraries_it_records_anew(place: Workspace) -> None:
    before = read_lock(place.lock)
    write_lock(place.lock, replace(before, libraries={**before.libraries, "torch": "0.1"}))
    assert lock(place).stdout == f"torch: 0.1 → {before.libraries['torch']}\n"
    assert lock(place).stdout == "Nothing changed.\n"


@pytest.mark.parametrize("wanted", ['tissue = ">=9"', 'tisue = "champion"'])
def test_lock_check_finds_what_lock_would_refuse(place: Workspace, wanted: str) -> None:
    assert lock(place, "--check").return_value == 0
    place.settings.write_text(f"[modules]\n{wanted}\n")
    assert lock(place).exception is not None
    found = lock(place, "--check")
    assert (found.return_value, found.stdout) == (2, "The lock differs.\n")


def test_lock_asks_for_trust_and_says_what_it_drops(place: Workspace) -> None:
    fourth = bundles.write_bundle(place.modules / "fourth", code=bundles.CRASHER)
    assert isinstance(lock(place, "fourth").exception, TrustError)
    assert lock(place, "fourth", "--trust").stdout.startswith("fourth: nothing → 1.0.0 (sha256:")
    shutil.rmtree(fourth)
    said = "fourth: 1.0.0 → nothing (neither in modules/ nor named in configs/pipeline.toml)\n"
    assert lock(place).stdout == said
    assert lock(place, "--check").return_value == 0


def test_register_gives_no_number_to_what_cannot_be_opened(place: Workspace) -> None:
    fourth = bundles.write_bundle(place.modules / "fourth")
    inference = fourth / "configs" / "inference.json"
    whole = inference.read_text()
    inference.write_text("[]")
    asked = ["register", "fourth", "--workspace", str(place.root)]
    refused = CliRunner().invoke(app, asked, standalone_mode=False)
    assert isinstance(refused.exception, BundleError)
    inference.write_text(whole)
    done = CliRunner().invoke(app, asked, standalone_mode=False)
    assert done.stdout.startswith("fourth 1.0.0 is MLflow version 1;")
