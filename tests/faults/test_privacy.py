"""Nothing that could name a patient leaves DICOM, whatever attribute, path or failure it was in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest

from pipeline.workspace import Workspace
from tests.faults.canaries import CANARY, DAY, plant, secrets
from tests.faults.watch import watched


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    return plant(tmp_path)


@pytest.mark.slow
def test_no_canary_is_found_outside_dicom(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TMPDIR": str(scratch),
        "PYTHONWARNINGS": "default",
    }
    said = b""
    for _ in range(2):  # the second run reads what the first one kept
        command = [sys.executable, "-m", "pipeline", "run", str(dicom), "-o", str(out)]
        done = subprocess.run(
            [*command, "--workspace", str(small_workspace.root)],
            env=environment,
            capture_output=True,
            timeout=300,
        )
        assert done.returncode == 5, done.stderr
        said += done.stdout + done.stderr
    files = [p for f in (out, small_workspace.root, scratch) for p in f.rglob("*") if p.is_file()]
    plain = [path for path in files if path.suffix != ".dcm"]
    assert len(plain) > 12
    for path in plain:
        content = path.read_bytes()
        for secret in secrets(dicom):
            assert secret not in content, f"{secret!r} in {path.name}"
    assert CANARY.encode() not in said
    assert DAY.encode() not in said
    # A folder of the user's own naming is said back to them nowhere but here: not in the results.
    assert not [path for path in files if CANARY in str(path.relative_to(tmp_path))]
    assert list(out.rglob("*.seg.dcm")), "two studies ran"
    assert stat.S_IMODE(small_workspace.site_key.stat().st_mode) == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("engine", [[], ["--jobs", "2"]], ids=["here", "processes"])
def test_no_file_that_a_run_makes_and_takes_away_holds_a_canary(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, engine: list[str]
) -> None:
    out, scratch, known = tmp_path / "out", tmp_path / "scratch", secrets(dicom)
    scratch.mkdir()
    folders = (out, small_workspace.root, scratch)
    command = ["-m", "pipeline", "run", str(dicom), "-o", str(out), *engine]
    command += ["--workspace", str(small_workspace.root)]
    seen = watched(command, folders, tmp_path / "kept", scratch)
    assert seen.status == 5, seen.said
    plain = [content for content in seen.contents if not is_dicom(content)]
    for content in plain:
        for secret in known:
            assert secret not in content, f"{secret!r} in a file that began {content[:40]!r}"
    assert len(seen.contents) > len(plain) > 12
    assert [path for path in seen.opened if path.name.startswith(".result.json")]
    elsewhere = [path for path in seen.opened if not any(map(path.is_relative_to, folders))]
    assert elsewhere == []
    assert not [path for path in seen.opened if CANARY in str(path.relative_to(tmp_path))]


def is_dicom(content: bytes) -> bool:
    return content[128:132] == b"DICM"


def test_the_written_objects_carry_the_identity(small_workspace: Workspace, dicom: Path) -> None:
    from pipeline.batch.batch import run_batch
    from pipeline.batch.setting import open_setting
    from tests.faults.batch import Silent

    out = small_workspace.root.parent / "out"
    run_batch([dicom / f"{CANARY}-fine"], out, open_setting(small_workspace), Silent())
    source = pydicom.dcmread(next((dicom / f"{CANARY}-fine").rglob("*.dcm")))
    written = list(out.rglob("*.dcm"))
    assert len(written) == 3
    for path in written:
        header = pydicom.dcmread(path)
        for keyword in ("PatientName", "PatientID", "PatientBirthDate", "StudyID"):
            assert header[keyword].value == source[keyword].value
        for keyword in ("AccessionNumber", "ReferringPhysicianName", "StudyInstanceUID"):
            assert header[keyword].value == source[keyword].value
        if "FrameOfReferenceUID" in header:
            assert header.FrameOfReferenceUID == source.FrameOfReferenceUID
