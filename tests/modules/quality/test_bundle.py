from __future__ import annotations

import json
import re

import numpy as np
import pytest
import SimpleITK as sitk
from safetensors.numpy import load_file

from pipeline.bundle.contract import read_contract
from pipeline.bundle.module import load_module
from pipeline.grid.lattice import resample, working_geometry
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Role, Verdict

from .conftest import as_volume

REF = ModuleRef("quality", "1.0.0", 1, "sha256:quality-bundle", "", "", "")
REQUIRED = {
    "version",
    "changelog",
    "monai_version",
    "pytorch_version",
    "numpy_version",
    "required_packages_version",
    "task",
    "description",
    "authors",
    "copyright",
    "data_source",
    "intended_use",
    "network_data_format",
}
FIELDS = {
    "type",
    "format",
    "num_channels",
    "spatial_shape",
    "dtype",
    "value_range",
    "is_patch_data",
    "channel_def",
}


@pytest.fixture(scope="module")
def module(bundle):
    return load_module(bundle, REF)


def series(array, spacing_mm=2.0):
    native = as_volume(array, spacing_mm)
    grid = resample(native, working_geometry(native, (2.0,) * 3, (96,) * 3))
    return Inputs({Role.T1: grid}, {Role.T1: native})


def test_scores_that_the_registry_shows_are_those_of_the_card(bundle):
    metadata = json.loads((bundle / "configs" / "metadata.json").read_text())
    card = (bundle / "docs" / "README.md").read_text(encoding="utf-8")
    ours = card[card.index("### Artefacts as we simulate") : card.index("### Artefacts as TorchIO")]
    severe = re.findall(r"^\| (\w+) \| 0\.9 \| (\d+) \+ (\d+) \| ([\d.]+)", ours, re.MULTILINE)
    told = {f"auroc_severe_{name}": float(auroc) for name, *_, auroc in severe}
    error, answers = re.search(r"- all: ([\d.]+) \(n=(\d+)\)", card).groups()
    assert metadata["scores"] == {**told, "calibration_error": float(error)}
    assert len(told) == 6
    (counts,) = {(n, clean) for _, n, clean, _ in severe}
    said = metadata["scores_cohort"]
    assert f"n={counts[0]} and {counts[1]} clean series" in said
    assert f"n={answers} answers" in said


def test_metadata_has_what_a_monai_bundle_must_say(bundle, code):
    metadata = json.loads((bundle / "configs" / "metadata.json").read_text())
    assert set(metadata) >= REQUIRED
    assert metadata["version"] in metadata["changelog"]
    formats = metadata["network_data_format"]
    for described in (formats["inputs"]["image"], formats["outputs"]["pred"]):
        assert set(described) >= FIELDS
    outputs = formats["outputs"]["pred"]["channel_def"]
    assert tuple(outputs.values()) == code("judge.outputs").OUTPUTS


def test_metadata_and_contract_describe_the_same_input(bundle):
    metadata = json.loads((bundle / "configs" / "metadata.json").read_text())
    image = metadata["network_data_format"]["inputs"]["image"]
    assert tuple(image["spatial_shape"]) == read_contract(bundle).needs.shape


def test_every_artefact_has_a_chance_to_warn_from_and_a_severity_to_fail_from(module, code):
    for name in code("judge.outputs").OUTPUTS:
        assert 0 < module.parameters[f"{name}_warn"] < 1
        assert 0 < module.parameters[f"{name}_fail"] < 1


def test_weights_are_small_and_finite(bundle):
    path = bundle / "models" / "model.safetensors"
    assert path.stat().st_size < 16e6
    assert all(np.isfinite(value).all() for value in load_file(path).values())


def test_noise_that_is_no_head_does_not_pass(module):
    noise = np.abs(np.random.default_rng(0).normal(0, 300, (128, 128, 96))).astype(np.float32)
    (assessment,) = module.predict(series(noise)).assessments
    assert assessment.verdict in (Verdict.FAIL, Verdict.ABSTAIN)


@pytest.mark.parametrize("artefact", ["", "noise", "blur", "bias"])
def test_a_held_out_scan_passes_until_it_is_spoilt(module, data, code, artefact):
    image = sitk.ReadImage(str(data / "tumour" / "BraTS2021_01478" / "t1.nii.gz"), sitk.sitkFloat32)
    subject = code("scans.subjects").subject(image, "held out", "t1", "stripped")
    brain = code("scans.scene").scene(subject, np.random.default_rng(0), strength=0.0).image
    if artefact:
        spoilt = code("artefacts.scanner").ARTEFACTS[artefact](brain, 1.0, np.random.default_rng(0))
        brain = spoilt * (brain > 0)
    (assessment,) = module.predict(series(brain)).assessments
    if artefact:
        assert assessment.verdict in (Verdict.WARN, Verdict.FAIL)
        assert code("judge.outputs").SPOKEN[artefact] in assessment.reason
    else:
        assert assessment.verdict == Verdict.PASS
