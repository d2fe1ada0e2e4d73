"""A bundle that means harm is refused before anything of it runs: a witness file never appears."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.batch.batch import run_batch
from pipeline.batch.setting import open_setting
from pipeline.errors import BundleError, LockError, TesseraError, TrustError
from pipeline.versions.ensure import ensure
from pipeline.versions.pin import pin
from pipeline.workspace import Workspace
from tests import bundles
from tests.conftest import write_study
from tests.faults.batch import Silent

Spoil = Callable[[Path, Path], object]


class Payload:
    """Unpickling it makes the witness."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.witness,)


def pickle(bundle: Path, witness: Path) -> None:
    (bundle / "models" / "model.safetensors").unlink()
    torch.save({"layer": Payload(witness)}, bundle / "models" / "model.pt")


def configure(bundle: Path, value: object) -> None:
    path = bundle / "configs" / "inference.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "extra": value}))


def expression(bundle: Path, witness: Path) -> None:
    configure(bundle, f"$__import__('pathlib').Path({str(witness)!r}).touch()")


def deep_expression(bundle: Path, witness: Path) -> None:
    configure(bundle, [{"a": [{"b": f"$open({str(witness)!r}, 'w')"}]}])


def target(bundle: Path, witness: Path) -> None:
    configure(bundle, {"_target_": "os.mknod", "path": str(witness)})


def preprocess(bundle: Path, *steps: dict[str, object], **sections: object) -> None:
    """The steps by their full names, as a bundle that asks for no trust has to write them."""
    path = bundle / "configs" / "inference.json"
    named = [{**step, "_target_": f"monai.transforms.{step['_target_']}"} for step in steps]
    chain = {"_target_": "monai.transforms.Compose", "transforms": named}
    document = {**json.loads(path.read_text()), "preprocessing": chain, **sections}
    path.write_text(json.dumps(document))


def loader(bundle: Path, witness: Path) -> None:
    """An image of one voxel becomes the name of a pickle, which MONAI's own reader opens."""
    pickled = bundle / "models" / "table.npy"
    np.save(pickled, np.array([Payload(witness)], dtype=object), allow_pickle=True)
    to_name = {"orig_labels": [1], "target_labels": [str(pickled)], "dtype": "str"}
    reader = {"reader": "NumpyReader", "allow_pickle": True, "image_only": True}
    preprocess(
        bundle,
        {"_target_": "CenterSpatialCropd", "keys": "image", "roi_size": [1, 1, 1]},
        {"_target_": "MapLabelValued", "keys": "image", **to_name},
        {
            "_target_": "Lambdad",
            "keys": "image",
            "func": {"_target_": "monai.transforms.LoadImage", **reader},
        },
    )


def saver(bundle: Path, witness: Path) -> None:
    """What the network is given is written where the bundle says."""
    writer = {"_target_": "monai.transforms.SaveImage", "output_dir": str(witness)}
    preprocess(bundle, {"_target_": "Lambdad", "keys": "image", "func": "@saver"}, saver=writer)


def other_file(bundle: Path, witness: Path) -> None:
    configure(bundle, "%../../../etc/passwd")


def code(bundle: Path, witness: Path) -> None:
    (bundle / "predict.py").write_text(f"open({str(witness)!r}, 'w')\n")


def link(bundle: Path, witness: Path) -> None:
    secret = witness.with_name("secret")
    secret.write_text("secret")
    (bundle / "configs" / "other.json").symlink_to(secret)


def linked_weights(bundle: Path, witness: Path) -> None:
    weights = bundle / "models" / "model.safetensors"
    moved = shutil.move(weights, witness.with_name("elsewhere"))
    weights.symlink_to(moved)


def climbing_name(bundle: Path, witness: Path) -> None:
    text = (bundle / "module.toml").read_text()
    (bundle / "module.toml").write_text(text.replace('"tumour"', f'"../../{witness.name}"'))


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (expression, TrustError),
        (deep_expression, TrustError),
        (target, TrustError),
        (loader, TrustError),
        (saver, TrustError),
        (other_file, TrustError),
        (code, TrustError),
        (link, BundleError),
        (linked_weights, BundleError),
        (climbing_name, BundleError),
    ],
)
def test_it_is_not_registered(
    small_workspace: Workspace, tmp_path: Path, spoil: Spoil, error: type[TesseraError]
) -> None:
    registry = ensure(small_workspace)
    before = registry.versions("tumour")
    bundle, witness = tmp_path / "given" / "tumour", tmp_path / "witness"
    bundles.write_bundle(bundle, take="all", upstream=("tissue",), version="6.6.6")
    spoil(bundle, witness)
    with pytest.raises(error):
        registry.register(bundle)
    assert not witness.exists()
    assert registry.versions("tumour") == before
    assert not list(small_workspace.root.parent.rglob("*6.6.6*"))


def test_what_is_not_registered_is_not_pinned_either(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    registry = ensure(small_workspace)
    bundle, witness = small_workspace.modules / "fourth", tmp_path / "witness"
    code(bundles.write_bundle(bundle), witness)
    with pytest.raises(TrustError, match=r"predict\.py"):
        registry.register(bundle)
    for spec in (None, "fourth"):
        with pytest.raises(TrustError, match=r"predict\.py"):
            pin(small_workspace, spec)
    assert "fourth" not in open_setting(small_workspace).shelf.refs
    assert not witness.exists()


def test_a_pickled_payload_is_never_unpickled_though_it_be_pinned(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    witness = tmp_path / "witness"
    pickle(small_workspace.modules / "tumour", witness)
    write_study(tmp_path / "dicom", "one")
    with pytest.raises(BundleError, match="do not load"):
        run_batch([tmp_path / "dicom"], tmp_path / "out", open_setting(small_workspace), Silent())
    assert not witness.exists()
    assert not list((tmp_path / "out").rglob("tumour.seg.dcm"))


@pytest.mark.parametrize("spoil", [pickle, expression, code, linked_weights])
def test_a_copy_spoilt_after_it_was_pinned_does_not_run(
    small_workspace: Workspace, tmp_path: Path, spoil: Spoil
) -> None:
    shelf = open_setting(small_workspace).shelf
    witness, place = tmp_path / "witness", shelf.bundles["tumour"]
    digest = shelf.refs["tumour"].digest
    spoil(place, witness)
    again = open_setting(small_workspace).shelf
    again.module("tumour")
    assert not witness.exists()
    assert again.refs["tumour"].digest == digest, "mended from the registry"


def test_a_wrong_digest_is_refused(small_workspace: Workspace, tmp_path: Path) -> None:
    open_setting(small_workspace)
    text = small_workspace.lock.read_text()
    start = text.index("weights = ", text.index("[modules.tumour]")) + len('weights = "sha256:')
    small_workspace.lock.write_text(text[:start] + "0" * 64 + text[start + 64 :])
    with pytest.raises(LockError, match="tumour"):
        open_setting(small_workspace)
