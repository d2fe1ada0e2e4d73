from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.configuration import read_json
from pipeline.errors import BundleError


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "configs").mkdir()
    return tmp_path


def test_an_object_is_read(bundle: Path) -> None:
    (bundle / "configs" / "train.json").write_text('{"steps": 3}')
    assert read_json(bundle, "train.json") == {"steps": 3}


def test_a_bundle_that_has_yaml_only_learns_which_file_is_read(bundle: Path) -> None:
    (bundle / "configs" / "inference.yaml").write_text("network_def: {}\n")
    with pytest.raises(BundleError, match=r"inference\.json is missing\. .* YAML"):
        read_json(bundle, "inference.json")


@pytest.mark.parametrize(
    ("text", "said"), [("[]", "a list, no object"), ("{", "as JSON"), ("[" * 100_000, "as JSON")]
)
def test_what_is_no_object_is_refused(bundle: Path, text: str, said: str) -> None:
    (bundle / "configs" / "inference.json").write_text(text)
    with pytest.raises(BundleError, match=said):
        read_json(bundle, "inference.json")
