from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest

from pipeline.batch.batch import run_batch
from pipeline.batch.done import Done
from pipeline.batch.setting import open_setting
from pipeline.dicom.read.labels import read_labels
from pipeline.errors import Code, InputError, LockError, OutputError
from pipeline.report.row import Row, Status
from pipeline.types import Role, Verdict
from pipeline.workspace import Workspace
from tests import bundles
from tests.conftest import write_study

CANARIES = (b"Canary", b"Nightingale", b"CANARY-4711", b"19010203", b"ACC-0815")


class Silent:
    """A watch that keeps what it was told."""

    def __init__(self) -> None:
        self.resumed: list[bool] = []

    def scanned(self, found) -> None: ...

    def started(self, name: str) -> None: ...

    def done(self, row: Row, resumed: bool) -> None:
        self.resumed.append(resumed)


def run(place: Workspace, dicom: Path, out: Path) -> Done:
    return run_batch([dicom], out, open_setting(place), Silent())


def digests(out: Path) -> dict[str, str]:
    """What every study's files are, by the digests in its record."""
    return {
        record.parent.name: json.dumps(json.loads(record.read_text())["files"], sort_keys=True)
        for record in out.glob("*/result.json")
    }


def test_a_batch_writes_what_the_design_promises(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    done = run(small_workspace, dicom, tmp_path / "out")
    assert [row.status for row in done.rows] == [Status.DONE, Status.DONE]
    assert done.exit_status == 0
    top = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"run.json", "cases.csv", "index.html"} < top
    for row in done.rows:
        assert {path.name for path in (tmp_path / "out" / row.pseudonym).iterdir()} == {
            "tissue.seg.dcm",
            "tumour.seg.dcm",
            "report.sr.dcm",
            "report.html",
            "result.json",
        }
    with (tmp_path / "out" / "cases.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 2


def test_the_segmentation_lies_where_the_ball_is(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    done = run(small_workspace, dicom, tmp_path / "out")
    labels = read_labels(tmp_path / "out" / done.rows[0].pseudonym / "tissue.seg.dcm")
    where = labels.map_indices_to_reference(np.argwhere(labels.array > 0))
    np.testing.assert_allclose(where.mean(0), [0, 0, 0], atol=1.0)
    assert np.linalg.norm(where, axis=1).max() == pytest.approx(45, abs=5)


def test_no_identity_leaves_dicom(small_workspace: Workspace, dicom: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(small_workspace, dicom, out)
    places = [*out.rglob("*"), *small_workspace.root.rglob("*")]
    texts = [path for path in places if path.is_file() and path.suffix != ".dcm"]
    assert len(texts) > 10
    for path in texts:
        content = path.read_bytes()
        assert not [canary for canary in CANARIES if canary in content], path
    for path in out.rglob("*.dcm"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        assert header.PatientName == "Canary^Nightingale"
        assert header.PatientID == "CANARY-4711"


def test_a_second_run_computes_nothing_and_changes_nothing(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(small_workspace, dicom, out)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/*")}
    again = run(small_workspace, dicom, out)
    assert again.resumed == 2
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/*")} == before


def test_a_second_run_into_the_same_folder_is_refused_while_the_first_one_runs(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    class Second(Silent):
        def started(self, name: str) -> None:
            with pytest.raises(OutputError, match="Another run writes"):
                run(small_workspace, dicom, tmp_path / "out")

    done = run_batch([dicom], tmp_path / "out", open_setting(small_workspace), Second())
    assert [row.status for row in done.rows] == [Status.DONE, Status.DONE]


def test_another_output_folder_is_filled_from_the_cache_with_the_same_bytes(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    run(small_workspace, dicom, tmp_path / "out")
    run(small_workspace, dicom, tmp_path / "again")
    record = json.loads(next((tmp_path / "again").glob("*/result.json")).read_text())
    assert all(outcome["cached"] for outcome in record["outcomes"])
    assert {outcome["lock"] for outcome in record["outcomes"]} == {record["lock"]}
    for study in (tmp_path / "out").glob("study-*"):
        for name in ("tissue.seg.dcm", "tumour.seg.dcm", "report.sr.dcm"):
            twin = tmp_path / "again" / study.name / name
            assert (study / name).read_bytes() == twin.read_bytes()


def test_one_broken_study_leaves_the_others(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    broken = write_study(dicom, "broken", (Role.FLAIR,))
    sorted(broken.rglob("*.dcm"))[10].unlink()
    done = run(small_workspace, dicom, tmp_path / "out")
    by_status = sorted((row.status, row.code) for row in done.rows)
    assert (Status.FAILED, Code.MISSING_SLICE) in by_status
    assert [status for status, _ in by_status].count(Status.DONE) == 2
    assert done.exit_status == 5


def test_a_broken_series_leaves_the_rest_of_its_study(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    study = write_study(tmp_path / "dicom", "one", (Role.T1, Role.T2, Role.FLAIR))
    sorted((study / Role.T2).glob("*.dcm"))[10].unlink()
    (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    assert (row.status, row.code) == (Status.PARTLY, Code.MISSING_SLICE)
    assert row.lesions is not None or row.volumes_ml.brain > 0


def test_a_study_that_fails_now_keeps_no_older_result_but_one_of_the_same_request(
    small_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.batch import study

    def stumble(*_: object) -> None:
        raise ValueError

    source = write_study(tmp_path / "dicom", "one", (Role.T1,))
    (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    result = tmp_path / "out" / row.pseudonym
    (result / "report.html").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(study, "write_study", stumble)
        (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    assert row.status is Status.FAILED
    assert (result / "tissue.seg.dcm").exists(), "the same files and lock gave it"
    sorted(source.rglob("*.dcm"))[10].unlink()
    (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    assert (row.status, row.code) == (Status.FAILED, Code.MISSING_SLICE)
    assert not result.exists(), "other files gave it"


def test_two_patients_under_one_study_identifier_are_not_written_as_one(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    for path in (write_study(tmp_path / "mixed", "mixed") / Role.FLAIR).iterdir():
        header = pydicom.dcmread(path)
        header.PatientID = "another"
        header.save_as(path)
    (row,) = run(small_workspace, tmp_path / "mixed", tmp_path / "out").rows
    assert (row.status, row.code) == (Status.FAILED, Code.SEVERAL_PATIENTS)
    assert not list((tmp_path / "out").rglob("*.dcm"))


def test_two_patients_in_one_series_are_met_when_written(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    path = sorted((write_study(tmp_path / "mixed", "mixed") / Role.FLAIR).iterdir())[-1]
    header = pydicom.dcmread(path)
    header.PatientID = "another"
    header.save_as(path)
    (row,) = run(small_workspace, tmp_path / "mixed", tmp_path / "out").rows
    assert (row.status, row.code) == (Status.FAILED, Code.SEVERAL_PATIENTS)
    assert not list((tmp_path / "out").rglob("*.dcm"))


def test_a_series_that_fails_the_gate_stops_what_follows(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    study = write_study(tmp_path / "dicom", "flat", (Role.T1,))
    for path in study.rglob("*.dcm"):
        header = pydicom.dcmread(path)
        header.PixelData = (header.pixel_array % 2).astype("<u2").tobytes()
        header.save_as(path)
    (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    assert row.verdicts == {Role.T1: Verdict.FAIL}
    assert row.code is Code.QUALITY_GATE
    assert not list((tmp_path / "out").rglob("tissue.seg.dcm"))
    assert list((tmp_path / "out").rglob("report.html")), "the page shows why"


def test_a_blank_series_is_named(small_workspace: Workspace, tmp_path: Path) -> None:
    study = write_study(tmp_path / "dicom", "blank", (Role.T1, Role.FLAIR))
    for path in (study / Role.T1).glob("*.dcm"):
        header = pydicom.dcmread(path)
        header.PixelData = bytes(len(header.PixelData))
        header.save_as(path)
    (row,) = run(small_workspace, tmp_path / "dicom", tmp_path / "out").rows
    assert (row.status, row.code) == (Status.PARTLY, Code.BLANK)


def test_a_module_that_crashes_is_one_outcome_without_its_words(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    shutil.rmtree(small_workspace.modules / "tissue")
    bundles.write_bundle(small_workspace.modules / "tissue", code=bundles.CRASHER)
    done = run(small_workspace, dicom, tmp_path / "out")
    assert {row.code for row in done.rows} == {Code.MODULE_FAILED}
    assert "Canary" not in (tmp_path / "out" / "cases.csv").read_text()


def test_what_one_study_does_to_tessera_itself_spares_the_others(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.batch import study

    write, met = study.write_study, list[Path]()

    def stumble(folder: Path, *rest: object) -> None:
        met.append(folder)
        if len(met) == 1:
            raise ValueError("Canary^Nightingale")
        write(folder, *rest)

    monkeypatch.setattr(study, "write_study", stumble)
    done = run(small_workspace, dicom, tmp_path / "out")
    assert sorted((row.status, row.code) for row in done.rows) == [
        (Status.DONE, None),
        (Status.FAILED, Code.INTERNAL),
    ]
    assert "Canary" not in (tmp_path / "out" / "cases.csv").read_text()
    assert done.exit_status == 5


def test_a_folder_without_an_image_is_named(small_workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no image")
    with pytest.raises(InputError, match=r"None of the 1 files .* not_dicom 1") as caught:
        run(small_workspace, tmp_path / "texts", tmp_path / "out")
    assert caught.value.code is Code.EMPTY
    assert not (tmp_path / "out" / "cases.csv").exists()


def test_results_that_come_back_as_input_delete_nothing(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    run(small_workspace, dicom, out)
    shutil.copytree(out, back)
    kept = digests(out)
    with pytest.raises(InputError, match="not_image"):
        run(small_workspace, back, out)
    assert digests(out) == kept


def test_a_study_that_is_no_longer_sent_is_counted(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    assert run(small_workspace, dicom, tmp_path / "out").strays == 0
    assert run(small_workspace, dicom / "first", tmp_path / "out").strays == 1


def test_an_empty_folder_is_named(small_workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError) as caught:
        run(small_workspace, tmp_path / "nothing", tmp_path / "out")
    assert caught.value.code is Code.EMPTY


def test_an_edit_in_modules_does_not_change_a_pinned_run(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    first = run(small_workspace, dicom, tmp_path / "out")
    (small_workspace.modules / "tissue" / "predict.py").write_text(bundles.CRASHER)
    shutil.rmtree(small_workspace.cache)
    again = run(small_workspace, dicom, tmp_path / "again")
    assert [row.status for row in again.rows] == [row.status for row in first.rows]
    assert digests(tmp_path / "again").keys() == digests(tmp_path / "out").keys()


def test_a_run_refuses_a_lock_that_names_other_content(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    run(small_workspace, dicom, tmp_path / "out")
    text = small_workspace.lock.read_text()
    start = text.index("digest = ", text.index("[modules.tissue]"))
    other = text[:start] + 'digest = "sha256:' + "0" * 64 + text[start + 10 + 71 :]
    small_workspace.lock.write_text(other)
    with pytest.raises(LockError, match="tissue"):
        run(small_workspace, dicom, tmp_path / "again")
    assert not list((tmp_path / "again").glob("study-*"))
