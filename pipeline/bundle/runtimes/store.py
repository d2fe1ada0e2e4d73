"""Converted networks on disk: whole or absent, sealed by digest, checked before they are used."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.bundle.runtimes.parity import Parity
from pipeline.digest import digest
from pipeline.errors import OutputError

SEAL = "seal.json"
SCHEMA = 2


@dataclass(frozen=True)
class Seal:
    """What was found when a bundle was brought to a runtime.

    Attributes
    ----------
    accepted : bool
        Whether it agrees with PyTorch; if not, PyTorch computes.
    reason : str
        Why it was refused, empty where accepted.
    parity : Parity
        How near it came.
    files : mapping of str to str
        Digest of each file beside the seal.
    """

    accepted: bool
    reason: str
    parity: Parity
    files: Mapping[str, str]


def place(folder: Path, digest: str, runtime: str, versions: Mapping[str, str]) -> Path:
    """Where a bundle's conversion belongs: another bundle, runtime or library has its own place."""
    text = "\n".join([str(SCHEMA), digest, runtime, *(f"{k} {v}" for k, v in versions.items())])
    return folder / hashlib.sha256(text.encode()).hexdigest()


def read_seal(folder: Path) -> Seal | None:
    """The seal in `folder`, or None where there is none or it cannot be read."""
    try:
        entry = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return Seal(**{**entry, "parity": Parity(**entry["parity"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_files(folder: Path, seal: Seal) -> dict[str, bytes] | None:
    """The sealed files' contents, or None where one is missing or is not what was sealed."""
    found: dict[str, bytes] = {}
    for name, sealed in seal.files.items():
        try:
            found[name] = (folder / name).read_bytes()
        except OSError:
            return None
        if digest(found[name]) != sealed:
            return None
    return found


def write(folder: Path, seal: Seal, files: Mapping[str, bytes]) -> Seal:
    """Write files and seal into `folder`, which appears whole; one already there is replaced.

    Raises
    ------
    OutputError
        The folder around it cannot be written.
    """
    sealed = replace(seal, files={name: digest(data) for name, data in files.items()})
    seal_text = json.dumps(asdict(sealed), indent=2) + "\n"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _write(folder, {**files, SEAL: seal_text.encode()})
    except OSError as error:
        # Another process that converted the same bundle came first: its work is as good.
        if read_seal(folder) is None:
            raise OutputError(
                f"{folder.parent} cannot be written: {error.strerror}.",
                "Converted networks are kept there: mend its rights or free disk space.",
            ) from error
    return sealed


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        for name, data in files.items():
            (partial / name).write_bytes(data)
        partial.chmod(0o755)  # every user of the workspace may read it
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
