from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.digest import digest


def test_a_digest_is_what_sha256sum_prints(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"tessera\n")
    printed = subprocess.run(
        ["sha256sum", tmp_path / "file"], capture_output=True, text=True, check=True
    ).stdout
    assert digest(b"tessera\n") == f"sha256:{printed.split()[0]}"
