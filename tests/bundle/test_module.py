from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from highdicom import Volume
from monai.networks.nets import UNet
from safetensors.torch import load_file, save_file

from pipeline.bundle.code import import_file
from pipeline.bundle.configuration import divisor
from pipeline.bundle.module import load_module
from pipeline.errors import BundleError
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Role
from tests import bundles


def ref(name: str, digit: str = "a") -> ModuleRef:
    return ModuleRef(name, "1.0.0", 1, *(f"sha256:{digit * 64}",) * 4)


def inputs() -> Inputs:
    array = np.random.default_rng(0).random((9, 10, 11), np.float32) + 1
    return Inputs({Role.T1: Volume(array, np.eye(4), coordinate_system="PATIENT")}, {})


def test_a_bundle_without_code_runs_by_the_generic_adapter(tmp_path: Path) -> None:
    bundle = bundles.write_bundle(tmp_path / "plain")
    prediction = load_module(bundle, ref("plain")).predict(inputs())
    assert prediction.labels is not None
    assert prediction.labels.shape == (9, 10, 11)
    network = UNet(3, 1, 2, (2, 4), (2,), norm="batch").eval()
    network.load_state_dict(load_file(bundle / "models" / "model.safetensors"))
    image = torch.from_numpy(np.pad(inputs().volumes[Role.T1].array, [(0, 1), (0, 0), (0, 1)]))
    with torch.inference_mode():
        expected = network(image[None, None])[0].argmax(0)[:9, :10, :11]
    np.testing.assert_array_equal(prediction.labels, expected)


def test_two_versions_of_one_module_live_side_by_side(tmp_path: Path) -> None:
    modules = []
    for digit, threshold in (("b", 0.5), ("c", 99.0)):
        bundle = bundles.write_bundle(
            tmp_path / digit, code=bundles.LABELLER, parameters={"threshold": threshold}
        )
        modules.append(load_module(bundle, ref("tissue", digit)))
    low, high = (module.predict(inputs()) for module in modules)
    assert low.labels is not None
    assert high.labels is not None
    assert low.labels.all()
    assert not high.labels.any()


def test_half_precision_weights_and_a_foreign_pt_file_load(tmp_path: Path) -> None:
    bundle = bundles.write_bundle(tmp_path / "foreign")
    safe = bundle / "models" / "model.safetensors"
    state = load_file(safe)
    before = load_module(bundle, ref("foreign", "d")).predict(inputs()).labels
    safe.unlink()
    torch.save(state, bundle / "models" / "model.pt")
    after = load_module(bundle, ref("foreign", "e")).predict(inputs()).labels
    np.testing.assert_array_equal(before, after)


def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(tmp_path: Path) -> None:
    bundle = bundles.write_bundle(tmp_path / "hostile")
    (bundle / "models" / "model.safetensors").unlink()
    witness = tmp_path / "ran"

    class Payload:
        def __reduce__(self):
            return (Path.touch, (witness,))

    torch.save({"layer": Payload()}, bundle / "models" / "model.pt")
    with pytest.raises(BundleError, match="do not load"):
        load_module(bundle, ref("hostile", "f"))
    assert not witness.exists()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    bundle = bundles.write_bundle(tmp_path / "wrong")
    save_file({"other": torch.zeros(3)}, bundle / "models" / "model.safetensors")
    with pytest.raises(BundleError, match="do not load"):
        load_module(bundle, ref("wrong", "0"))


def test_a_bundles_own_infer_leads_the_network_over_the_image(tmp_path: Path) -> None:
    bundle = bundles.write_bundle(tmp_path / "twice")
    once = load_module(bundle, ref("twice", "7"))
    (bundle / "infer.py").write_text(
        "def infer(network, image):\n    return network(image) + network(image)\n"
    )
    twice = load_module(bundle, ref("twice", "8"))
    image = np.random.default_rng(0).random((1, 16, 16, 16), np.float32)
    np.testing.assert_array_equal(
        twice.infer(twice.network, image), 2 * once.infer(once.network, image)
    )


def test_code_that_does_not_import_is_named(tmp_path: Path) -> None:
    (tmp_path / "predict.py").write_text("import a_library_nobody_has\n")
    with pytest.raises(BundleError, match="cannot be imported: ModuleNotFoundError"):
        import_file(tmp_path, "predict.py", "sha256:" + "1" * 64)


def test_code_that_ends_the_program_on_import_does_not(tmp_path: Path) -> None:
    (tmp_path / "predict.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(BundleError, match="cannot be imported: SystemExit"):
        import_file(tmp_path, "predict.py", "sha256:" + "3" * 64)


def test_relative_imports_stay_within_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("ANSWER = 42\n")
    (tmp_path / "predict.py").write_text("from .rule import ANSWER\n")
    assert import_file(tmp_path, "predict.py", "sha256:" + "2" * 64).ANSWER == 42


@pytest.mark.parametrize(
    ("shape", "multiple"), [(["16*n"] * 3, 16), ([96, 96, 96], 1), (["8*n", 16, "4*m"], 8)]
)
def test_the_metadata_says_what_sides_must_divide_by(shape: list, multiple: int) -> None:
    metadata = {"network_data_format": {"inputs": {"image": {"spatial_shape": shape}}}}
    assert divisor(metadata) == multiple
