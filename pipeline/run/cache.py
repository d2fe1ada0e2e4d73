"""Results by content address: the same module on the same input is computed once.

A key is a digest of everything that can change the output, the versions of the libraries that
compute among it, and upstream enters by the digest of its output: an upgrade whose output is the
same bit for bit leaves every key downstream as it was. The lock is no part of the key, or pinning
one module anew would compute all of them again; an entry carries the digest of the lock under which
it was computed instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.digest import digest
from pipeline.result import ModuleRef
from pipeline.run.codec import decode, encode
from pipeline.types import Prediction
from pipeline.versions.environment import computing
from pipeline.whole import write

# Raised whenever the same module computes otherwise from the same input, though no version says so.
EDITION = 3
# A lock's digest in an entry: "sha256:" and 64 digits, padded.
LOCK = 72


def key(module: ModuleRef, runtime: str, pipeline: str, inputs: Iterable[str]) -> str:
    """Content address of a result in this process, whose libraries are part of it.

    Parameters
    ----------
    module : ModuleRef
        Its digest covers code, weights and parameters.
    runtime : str
        Who computes, for example ``torch-cpu``.
    pipeline : str
        Tessera's own version.
    inputs : iterable of str
        Fingerprints of volumes, grid and alignment, digests of upstream outputs; order counts.
    """
    parts = (module.name, module.digest, runtime, pipeline, str(EDITION), computing(), *inputs)
    return digest("\n".join(parts).encode())


@dataclass(frozen=True)
class Entry:
    """What lies under a key.

    Attributes
    ----------
    prediction : Prediction
        As it was computed.
    output : str
        Its digest.
    lock : str
        Digest of the lock file under which it was computed.
    """

    prediction: Prediction
    output: str
    lock: str


class Cache:
    """A folder of predictions; entries appear whole or not at all, so processes can share it.

    Parameters
    ----------
    folder : pathlib.Path
        Made on first use.
    lock : str
        Digest of the lock file in force, carried by every entry that is put.
    """

    def __init__(self, folder: Path, lock: str) -> None:
        self._folder = folder
        self.lock = lock

    def get(self, address: str) -> Entry | None:
        """The entry under a key, or None; a damaged entry is dropped."""
        path = self._path(address)
        try:
            data = path.read_bytes()
            seal, body = data[:32], data[32:]
            if hashlib.sha256(body).digest() == seal:
                lock, content = body[:LOCK], body[LOCK:]
                return Entry(decode(content), digest(content), lock.decode().strip())
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError):
            pass
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def put(self, address: str, prediction: Prediction) -> str:
        """Store a prediction and return its digest; where there is no room, it is not kept."""
        content = encode(prediction)
        body = self.lock.encode().ljust(LOCK) + content
        path = self._path(address)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, hashlib.sha256(body).digest() + body, shared=True)
        return digest(content)

    def obstacle(self) -> str:
        """Why nothing can be kept, in words; empty where it can."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder) as file:
                file.write(b"room")
        except OSError as error:
            return f"results cannot be kept in {self._folder}: {error.strerror}"
        return ""

    def _path(self, address: str) -> Path:
        name = address.removeprefix("sha256:")
        return self._folder / name[:2] / name[2:]
