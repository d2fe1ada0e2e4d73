"""What every folder in modules/ must be, whoever wrote it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from highdicom import Volume
from monai.bundle import ConfigParser
from pydicom.sr._concepts_dict import concepts

from pipeline.bundle.contract import read_contract
from pipeline.bundle.module import Module, load_module
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Prediction, Role, Verdict
from pipeline.versions.bundles.digest import bundle_digest

MODULES = sorted(p for p in (Path(__file__).parents[2] / "modules").iterdir() if p.is_dir())
REQUIRED = (
    *("version", "changelog", "monai_version", "pytorch_version", "numpy_version", "task"),
    *("required_packages_version", "description", "authors", "copyright", "network_data_format"),
)
GIVEN = (
    *("type", "format", "num_channels", "spatial_shape", "dtype", "value_range", "is_patch_data"),
    "channel_def",
)

every_module = pytest.mark.parametrize("folder", MODULES, ids=lambda path: path.name)


def metadata(folder: Path) -> dict:
    return json.loads((folder / "configs" / "metadata.json").read_text())


def ready(folder: Path) -> Module:
    found = bundle_digest(folder)
    name = read_contract(folder).name
    return load_module(
        folder, ModuleRef(name, "1.0.0", 1, found.digest, found.weights, found.code, found.contract)
    )


def head(shape: tuple[int, ...], spacing: tuple[float, ...]) -> Volume:
    """A noisy ball in an empty field of view."""
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = -(np.array(shape) - 1) / 2 * spacing
    where = np.indices(shape).reshape(3, -1).T * spacing + affine[:3, 3]
    inside = (np.linalg.norm(where, axis=1) < 0.35 * shape[0] * spacing[0]).reshape(shape)
    noise = np.random.default_rng(0).normal(1000, 200, shape)
    return Volume((inside * noise).astype(np.float32), affine, coordinate_system="PATIENT")


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


@every_module
def test_metadata_holds_what_a_monai_bundle_must(folder: Path) -> None:
    found = metadata(folder)
    assert not [key for key in REQUIRED if not found.get(key)]
    assert re.fullmatch(r"\d+\.\d+\.\d+", found["version"])
    assert found["version"] in found["changelog"]
    assert "not a medical device" in found["intended_use"].lower()
    layout = found["network_data_format"]
    for entry in (*layout["inputs"].values(), *layout["outputs"].values()):
        assert not [key for key in GIVEN if key not in entry]
        assert entry["num_channels"] == len(entry["channel_def"])


@every_module
def test_codes_mean_what_the_contract_calls_them(folder: Path) -> None:
    """Each SNOMED CT code that DICOM's own context groups list goes by one of its names there."""
    meanings: dict[str, list[set[str]]] = {}
    for entry in concepts["SCT"].values():
        for code, (meaning, _) in entry.items():
            meanings.setdefault(code, []).append(words(meaning))
    for segment in read_contract(folder).segments:
        for concept in (segment.category, segment.type):
            known = meanings.get(concept.value, [words(concept.meaning)])
            assert any(words(concept.meaning) <= other for other in known), (segment.name, known)


@every_module
def test_the_network_is_a_monai_network_of_the_promised_channels(folder: Path) -> None:
    parser = ConfigParser(json.loads((folder / "configs" / "inference.json").read_text()))
    network = parser.get_parsed_content("network_def").eval()
    assert type(network).__module__.startswith("monai.networks")
    layout = metadata(folder)["network_data_format"]
    side = 96 if read_contract(folder).needs.shape else 32
    image = torch.zeros(1, layout["inputs"]["image"]["num_channels"], side, side, side)
    with torch.inference_mode():
        assert network(image).shape[1] == layout["outputs"]["pred"]["num_channels"]


@every_module
def test_weights_are_safetensors_of_at_most_16_megabytes(folder: Path) -> None:
    files = list((folder / "models").iterdir())
    assert [path.name for path in files] == ["model.safetensors"]
    assert files[0].stat().st_size < 16e6


@every_module
def test_the_card_says_data_scores_and_limits(folder: Path) -> None:
    card = (folder / "docs" / "README.md").read_text().lower()
    for word in ("data", "licence", "n=", "limits", "not a medical device", "hardware"):
        assert word in card, word


@every_module
def test_a_prediction_keeps_the_contract(folder: Path) -> None:
    contract = read_contract(folder)
    needs = contract.needs
    shape = needs.shape or (48, 56, 40)
    role = needs.at_least[0]
    volume = head(tuple(shape), needs.spacing_mm)
    mask = Prediction((volume.array > 0).astype(np.uint8))
    inputs = Inputs({role: volume}, {role: volume}, dict.fromkeys(needs.upstream, mask))
    prediction = ready(folder).predict(inputs)
    numbers = {segment.number for segment in contract.segments}
    if contract.segments:
        assert prediction.labels is not None
        assert prediction.labels.shape == tuple(shape)
        assert set(np.unique(prediction.labels)) <= numbers | {0}
    names = [(m.name, m.role) for m in prediction.measurements]
    assert len(set(names)) == len(names)
    assert {m.segment for m in prediction.measurements} <= {s.name for s in contract.segments} | {
        ""
    }
    for finding in prediction.findings:
        assert 0 <= finding.confidence <= 1
    for assessment in prediction.assessments:
        assert assessment.role is role
        assert assessment.verdict in Verdict
        assert assessment.reason


@every_module
def test_a_brain_that_was_not_found_gives_no_finding(folder: Path) -> None:
    needs = read_contract(folder).needs
    volume = head(tuple(needs.shape or (32, 32, 32)), needs.spacing_mm)
    role: Role = needs.at_least[0]
    nothing = Prediction(np.zeros(volume.spatial_shape, np.uint8))
    upstream = dict.fromkeys(needs.upstream, nothing)
    prediction = ready(folder).predict(Inputs({role: volume}, {role: volume}, upstream))
    assert not prediction.findings


@every_module
def test_scores_that_a_registry_shows_stand_in_the_card(folder):
    card = (folder / "docs" / "README.md").read_text(encoding="utf-8")
    scores = metadata(folder)["scores"]
    assert scores
    assert {name for name, value in scores.items() if f"{value:.3f}" not in card} == set()
