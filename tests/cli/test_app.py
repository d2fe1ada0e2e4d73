from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.types import Role
from pipeline.workspace import Workspace
from tests.conftest import write_study

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "monai", "mlflow", "SimpleITK", "scipy", "openvino", "ray")


def tessera(*arguments: object, code: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    program = ["-c", code] if code else ["-m", "pipeline"]
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


def imported(*arguments: object) -> set[str]:
    """Which heavy libraries a command imports."""
    code = (
        "import sys, pipeline.cli.app as a\n"
        "try: a.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print('IMPORTED', *(n for n in {HEAVY} if n in sys.modules), file=sys.stderr)"
    )
    ended = tessera(*arguments, code=code)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stderr.rsplit("IMPORTED", 1)[1].split())


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    return write_study(tmp_path / "dicom", "one", (Role.T1, Role.FLAIR))


def test_help_imports_nothing_heavy() -> None:
    assert imported("--help") == set()


def test_plan_imports_nothing_heavy_and_explains_itself(
    small_workspace: Workspace, dicom: Path
) -> None:
    heavy = imported("plan", dicom, "--workspace", small_workspace.root)
    assert not heavy & {"torch", "monai", "mlflow", "openvino", "ray"}
    text = tessera("plan", dicom, "--workspace", small_workspace.root).stdout
    assert "run   tumour: on T1, FLAIR" in text
    assert "nothing was computed" in text


def test_plan_as_json_accounts_for_every_file(small_workspace: Workspace, dicom: Path) -> None:
    (dicom / "notes.txt").write_text("not DICOM")
    ended = tessera("plan", dicom, "--json", "--workspace", small_workspace.root)
    document = json.loads(ended.stdout)
    read = sum(series["images"] for study in document["studies"] for series in study["series"])
    assert document["files"] == read + len(document["left_out"])
    assert [left["code"] for left in document["left_out"]] == ["not_dicom"]


def test_a_file_name_in_another_encoding_is_listed_and_its_study_runs(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")  # as in a UTF-8 locale
    names = (os.fsencode(path.parent) + b"/\xe9%d.dcm" % n for n, path in enumerate(files(dicom)))
    for path, name in zip(files(dicom), names, strict=True):
        os.rename(path, name)  # noqa: PTH104 - the new name is bytes
    Path(os.fsdecode(os.fsencode(dicom) + b"/\xe9.txt")).write_text("not DICOM")
    place = ["--workspace", small_workspace.root]
    listed = tessera("plan", dicom, "--files", *place)
    assert listed.returncode == 0, listed.stderr
    assert "\\udce9.txt: not_dicom" in listed.stdout
    ended = tessera("run", dicom, "-o", tmp_path / "out", *place)
    assert ended.returncode == 0, ended.stderr


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.dcm"))


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["nonsense"], 2, "nonsense"),
        (["modules", "--workspace", "/nowhere"], 2, "no Tessera workspace"),
        (["run"], 2, "Missing"),
    ],
)
def test_a_wrong_call_says_so_without_a_traceback(arguments: list, status: int, said: str) -> None:
    ended = tessera(*arguments)
    assert ended.returncode == status
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_run_and_then_its_modules(small_workspace: Workspace, dicom: Path, tmp_path: Path) -> None:
    place = ["--workspace", small_workspace.root]
    ended = tessera("run", dicom, "-o", tmp_path / "out", *place)
    assert ended.returncode == 0, ended.stderr
    assert "done" in ended.stdout
    listed = json.loads(tessera("modules", "--json", *place).stdout)
    assert [(entry["name"], entry["pinned"]["version"]) for entry in listed] == [
        ("quality", "1.0.0"),
        ("tissue", "1.0.0"),
        ("tumour", "1.0.0"),
    ]
    assert tessera("lock", "--check", *place).returncode == 0


def test_a_broken_study_exits_with_5_and_a_remedy(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    for path in sorted(dicom.rglob("*.dcm"))[10::24]:
        path.unlink()
    ended = tessera("run", dicom, "-o", tmp_path / "out", "--workspace", small_workspace.root)
    assert ended.returncode == 5
    assert "missing_slice" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_an_output_that_cannot_be_written_is_one_sentence(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file stands here")
    ended = tessera("run", dicom, "-o", tmp_path / "out", "--workspace", small_workspace.root)
    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_init_makes_a_workspace_from_the_shipped_modules(tmp_path: Path) -> None:
    assert tessera("init", tmp_path / "site").returncode == 0
    assert (tmp_path / "site" / "modules" / "tumour" / "module.toml").is_file()
    again = tessera("init", tmp_path / "site")
    assert again.returncode == 2
    assert "not an empty folder" in again.stderr
