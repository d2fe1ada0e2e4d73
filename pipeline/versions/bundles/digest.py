"""What a module folder is, in 64 hexadecimal digits."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import BundleError

WEIGHTS = ("models/model.safetensors", "models/model.pt")
CONTRACT = "module.toml"
DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class BundleDigest:
    """Digests of a bundle and its parts, each ``sha256:`` and 64 hexadecimal digits.

    Attributes
    ----------
    digest : str
        Of all members: names and contents.
    weights, contract : str
        Of the one file's content, as ``sha256sum`` prints it.
    code : str
        Of all Python files: names and contents.
    """

    digest: str
    weights: str
    code: str
    contract: str


def bundle_digest(folder: Path) -> BundleDigest:
    """Digest the module in `folder`, whatever its place, dates and permissions.

    Notes
    -----
    sha256 over ``path NUL sha256(content) LF`` of every member, sorted by POSIX path.

    Raises
    ------
    BundleError
        No folder, no weights or contract, a link or device inside, or an unreadable file.
    """
    try:
        files = {path: file_sha256(folder / path) for path in members(folder)}
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BundleError(
            f"{folder} cannot be read: {reason}.", "Check its permissions."
        ) from error
    return BundleDigest(
        digest=_tree(files.items()),
        weights=_one(files, WEIGHTS, folder),
        code=_tree((path, found) for path, found in files.items() if path.endswith(".py")),
        contract=_one(files, (CONTRACT,), folder),
    )


def members(folder: Path) -> tuple[str, ...]:
    """Return the sorted POSIX paths of what belongs to a bundle: no dot files, no byte code.

    Raises
    ------
    BundleError
        `folder` is none, or holds a link or device: a version must be complete in itself.
    """
    if not folder.is_dir():
        raise BundleError(f"{folder} is not a folder.", "Name a module's folder.")
    return tuple(sorted(_walk(folder, PurePosixPath())))


def is_left_out(name: str) -> bool:
    """Say whether a file or folder of this name never belongs to a bundle."""
    return name.startswith(".") or name == "__pycache__" or name.endswith(".pyc")


def file_sha256(path: Path) -> str:
    """Return ``sha256:`` and the digest of the file's content."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def contract_digest(folder: Path) -> str:
    """Return the digest of a folder's module.toml, empty where it holds none."""
    path = folder / CONTRACT
    return file_sha256(path) if path.is_file() else ""


def _walk(folder: Path, inside: PurePosixPath) -> Iterator[str]:
    for entry in (folder / inside).iterdir():
        if is_left_out(entry.name):
            continue
        path, mode = inside / entry.name, entry.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _walk(folder, path)
        elif stat.S_ISREG(mode):
            yield path.as_posix()
        else:
            raise BundleError(
                f"{entry} is a link or a device; a module holds plain files only.",
                "Put a copy of the file in its place.",
            )


def _tree(files: Iterable[tuple[str, str]]) -> str:
    total = hashlib.sha256()
    for path, found in files:
        total.update(
            f"{path}\0{found.removeprefix('sha256:')}\n".encode("utf-8", "surrogateescape")
        )
    return f"sha256:{total.hexdigest()}"


def _one(files: dict[str, str], names: tuple[str, ...], folder: Path) -> str:
    for name in names:
        if name in files:
            return files[name]
    raise BundleError(f"{folder} lacks {' or '.join(names)}.", "Complete the module's folder.")
