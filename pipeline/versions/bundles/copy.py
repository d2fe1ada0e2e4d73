"""Copies of registered bundles, named by digest: what a run really executes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipeline.bundle.contract import read_contract
from pipeline.disk import writing
from pipeline.errors import BundleError, LockError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import BundleDigest, bundle_digest, is_left_out, members
from pipeline.versions.bundles.metadata import read_metadata
from pipeline.workspace import Workspace


def place_of(workspace: Workspace, module: ModuleRef) -> Path:
    """Return where the copy of `module` that runs belongs."""
    return workspace.bundles / module.digest.removeprefix("sha256:")


def copy_members(folder: Path, destination: Path) -> None:
    """Copy what belongs to the bundle in `folder`, and nothing else, into `destination`."""
    for path in members(folder):
        target = destination / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, target)


def is_intact(copy: Path, digest: str) -> bool:
    """Say whether `copy` is there and unchanged; files its digest cannot vouch for are removed.

    Byte code is such a file: Python would run a planted ``__pycache__`` in place of the source.
    """
    if not copy.is_dir() or copy.is_symlink():
        return False
    _sweep(copy)
    try:
        return bundle_digest(copy).digest == digest
    except BundleError:
        return False


def install(fill: Callable[[Path], Path], destination: Path, module: ModuleRef) -> Path:
    """Fill a temporary folder, verify it against `module`, and move it to `destination`.

    `fill` is given an empty folder and returns the bundle's folder inside it. The destination is
    only ever absent or whole; one that is damaged is replaced.

    Raises
    ------
    LockError
        What was fetched is not what `module` says.
    OutputError
        The folder around the destination cannot be written.
    """
    with writing(destination.parent):
        destination.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".fetch-") as scratch:
            source = fill(Path(scratch))
            _sweep(source)
            verify(source, module)
            if not is_intact(destination, module.digest):
                _replace(source, destination, Path(scratch) / "damaged")
    return destination


def verify(bundle: Path, module: ModuleRef) -> None:
    """Raise LockError unless name, version and digests of `bundle` are those of `module`."""
    found = bundle_digest(bundle)
    expected = BundleDigest(module.digest, module.weights, module.code, module.contract)
    if found != expected:
        raise LockError(
            f"{module.name} {module.version}: expected {module.digest}, found {found.digest}.",
            f"The files or the lock were changed; restore them, or pin anew with "
            f"`tessera lock {module.name}`.",
        )
    name, version = read_contract(bundle).name, read_metadata(bundle).version
    if (name, version) != (module.name, module.version):
        raise LockError(
            f"{module.name} {module.version} is pinned, but the files say {name} {version}.",
            f"Pin anew with `tessera lock {module.name}`.",
        )


def _replace(source: Path, destination: Path, aside: Path) -> None:
    if destination.exists() or destination.is_symlink():
        destination.rename(aside)
    source.rename(destination)


def _sweep(copy: Path) -> None:
    for path in copy.iterdir():
        is_folder = path.is_dir() and not path.is_symlink()
        if is_left_out(path.name):
            shutil.rmtree(path) if is_folder else path.unlink()
        elif is_folder:
            _sweep(path)
