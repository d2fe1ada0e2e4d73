from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BundleError
from pipeline.versions.bundles.digest import bundle_digest, members

Make = Callable[..., Path]


def test_a_copy_elsewhere_with_other_dates_has_the_same_digest(
    make_bundle: Make, tmp_path: Path
) -> None:
    bundle = make_bundle(tmp_path / "tumour", code="A = 1\n")
    copy = shutil.copytree(bundle, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    os.utime(copy / "predict.py", (0, 0))
    (copy / "predict.py").chmod(0o700)
    assert bundle_digest(copy) == bundle_digest(bundle)


def test_the_digest_is_the_documented_formula(make_bundle: Make, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    names = sorted(p.relative_to(bundle).as_posix() for p in bundle.rglob("*") if p.is_file())
    lines = (f"{n}\0{hashlib.sha256((bundle / n).read_bytes()).hexdigest()}\n" for n in names)
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    weights = hashlib.sha256((bundle / "models/model.safetensors").read_bytes()).hexdigest()
    found = bundle_digest(bundle)
    assert (found.digest, found.weights) == (f"sha256:{expected}", f"sha256:{weights}")


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("models/model.safetensors", {"digest", "weights"}),
        ("predict.py", {"digest", "code"}),
        ("module.toml", {"digest", "contract"}),
        ("configs/inference.json", {"digest"}),
        ("docs/README.md", {"digest"}),
    ],
)
def test_each_part_has_its_own_digest(
    make_bundle: Make, tmp_path: Path, file: str, changed: set[str]
) -> None:
    bundle = make_bundle(tmp_path / "tumour", code="A = 1\n")
    before = vars(bundle_digest(bundle))
    (bundle / file).parent.mkdir(exist_ok=True)
    with (bundle / file).open("a") as text:
        text.write("\n")
    after = vars(bundle_digest(bundle))
    assert {key for key in before if before[key] != after[key]} == changed


def test_moving_code_between_files_changes_the_digest(make_bundle: Make, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tumour", code="A = 1\n")
    before = bundle_digest(bundle)
    (bundle / "predict.py").rename(bundle / "predict2.py")
    assert bundle_digest(bundle).code != before.code


def test_byte_code_and_dot_files_do_not_count(make_bundle: Make, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    before = bundle_digest(bundle)
    (bundle / "__pycache__").mkdir()
    (bundle / "__pycache__" / "predict.cpython-311.pyc").write_bytes(b"x")
    (bundle / ".DS_Store").write_bytes(b"x")
    (bundle / ".git").mkdir()
    (bundle / ".git" / "HEAD").write_bytes(b"x")
    assert bundle_digest(bundle) == before


@pytest.mark.parametrize("target", ["../secret.txt", "module.toml", "nowhere"])
def test_links_are_refused(make_bundle: Make, tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("x")
    bundle = make_bundle(tmp_path / "tumour")
    (bundle / "link").symlink_to(target)
    with pytest.raises(BundleError, match="plain files only"):
        bundle_digest(bundle)


def test_a_linked_folder_and_a_pipe_are_refused(make_bundle: Make, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    (bundle / "more").symlink_to(tmp_path)
    with pytest.raises(BundleError, match="plain files only"):
        members(bundle)
    (bundle / "more").unlink()
    os.mkfifo(bundle / "pipe")
    with pytest.raises(BundleError, match="plain files only"):
        members(bundle)


def test_without_weights_it_is_no_bundle(make_bundle: Make, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    weights = bundle / "models" / "model.safetensors"
    weights.rename(weights.with_name("model.pt"))
    assert bundle_digest(bundle).weights.startswith("sha256:")
    weights.with_name("model.pt").unlink()
    with pytest.raises(BundleError, match=r"lacks models/model\.safetensors"):
        bundle_digest(bundle)
    with pytest.raises(BundleError, match="not a folder"):
        bundle_digest(tmp_path / "absent")
