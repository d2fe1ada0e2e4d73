from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.errors import BundleError, Code, InputError, UsageError
from pipeline.evaluate import unlabelled
from pipeline.evaluate.agree import agree
from pipeline.evaluate.shadow import compare_shadowed, holds_shadows, run_shadow
from pipeline.evaluate.unlabelled import compare_unlabelled
from pipeline.evaluation.unlabelled import Agreed
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.conftest import write_study
from tests.evaluate.conftest import Silent


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write_study(tmp_path / "dicom", name)
    (tmp_path / "dicom" / "third").mkdir()
    return tmp_path / "dicom"


def pinned(place: Workspace) -> Version:
    return ensure(place).version("tissue", "1.0.0")


def test_without_labels_only_agreement_is_claimed(
    bench: Workspace, candidate: Version, dicom: Path, watch: Silent
) -> None:
    found = compare_unlabelled(bench, pinned(bench), candidate, [dicom], watch)
    assert len(found.cases) == 2
    assert 0.5 < found.summary["dice/bright"].value < 1
    assert found.summary["change_ml/brain volume"].value < 0
    assert found.summary["dice/bright"].n == 2


def test_a_shadow_is_kept_apart_and_picked_up_again(
    bench: Workspace, candidate: Version, dicom: Path, tmp_path: Path, watch: Silent
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert not holds_shadows(out)
    run_shadow(bench, [dicom], out, (pinned(bench), candidate), watch)
    assert holds_shadows(out)
    written = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert all(path.parts[:2] == ("shadow", "tissue@1.1.0") for path in written)
    assert not [path for path in written if path.suffix == ".dcm"], "nothing that could be sent"
    found = compare_shadowed(pinned(bench), candidate, out)
    direct = compare_unlabelled(bench, pinned(bench), candidate, [dicom], watch)
    assert found.summary == direct.summary


def test_a_folder_without_an_image_says_what_it_holds(
    bench: Workspace, candidate: Version, tmp_path: Path, watch: Silent
) -> None:
    (tmp_path / "nifti").mkdir()
    for name in ("a.nii.gz", "b.nii.gz"):
        (tmp_path / "nifti" / name).write_text("no DICOM")
    with pytest.raises(InputError, match=r"None of the 2 files .*: not_dicom 2\.") as caught:
        compare_unlabelled(bench, pinned(bench), candidate, [tmp_path / "nifti"], watch)
    assert caught.value.code is Code.EMPTY


def test_a_study_that_cannot_be_read_is_named_with_the_reason(
    bench: Workspace, candidate: Version, dicom: Path, watch: Silent
) -> None:
    for path in sorted((dicom / "first").rglob("*.dcm"))[::2]:
        path.unlink()
    found = compare_unlabelled(bench, pinned(bench), candidate, [dicom], watch)
    said = {case.failure for case in found.cases}
    assert "" in said
    assert any(re.match(r"\w+: .+\.", failure) for failure in said), said


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Errors to come, one a study."""
    errors: list[Exception] = []

    def stumble(name: str, *rest: object) -> Agreed:
        if errors:
            raise errors.pop()
        return agree(name, *rest)

    monkeypatch.setattr(unlabelled, "agree", stumble)
    return errors


def test_what_befalls_one_study_ends_that_study_alone(
    bench: Workspace,
    candidate: Version,
    dicom: Path,
    tmp_path: Path,
    watch: Silent,
    stumbling: list[Exception],
) -> None:
    stumbling.append(KeyError("Canary^Nightingale"))
    found = compare_unlabelled(bench, pinned(bench), candidate, [dicom], watch)
    assert [case.failure for case in found.cases] == ["KeyError", ""]
    stumbling.append(KeyError("Canary^Nightingale"))
    run_shadow(bench, [dicom], tmp_path, (pinned(bench), candidate), watch)
    noted = compare_shadowed(pinned(bench), candidate, tmp_path)
    assert sorted(case.failure for case in noted.cases) == ["", "KeyError"]


def test_what_concerns_every_study_is_raised(
    bench: Workspace, candidate: Version, dicom: Path, watch: Silent, stumbling: list[Exception]
) -> None:
    stumbling.append(BundleError("Its weights are gone.", "Register it again."))
    with pytest.raises(BundleError):
        compare_unlabelled(bench, pinned(bench), candidate, [dicom], watch)


def test_records_of_other_versions_do_not_count(
    bench: Workspace, candidate: Version, dicom: Path, tmp_path: Path, watch: Silent
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    run_shadow(bench, [dicom], out, (pinned(bench), candidate), watch)
    for path in (out / "shadow" / "tissue@1.1.0").iterdir():
        record = json.loads(path.read_text())
        record["candidate"]["digest"] = "sha256:" + "0" * 64
        path.write_text(json.dumps(record))
    with pytest.raises(UsageError, match=r"--shadow tissue=1\.1\.0"):
        compare_shadowed(pinned(bench), candidate, out)
