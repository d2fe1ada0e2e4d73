from __future__ import annotations

import logging
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.uid import MRImageStorage

from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.write.provenance import Stamp, derive_uid, read_provenance
from pipeline.dicom.write.seg import write_segmentation
from pipeline.errors import BundleError, OutputError
from pipeline.result import ModuleRef
from pipeline.types import Concept, Segment
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import Sample
from tests.dicom.oracle.phantom import write as write_sample

TISSUE = Concept("85756007", "SCT", "Tissue")
CSF = Segment(
    1,
    "CSF",
    Concept("91720002", "SCT", "Body substance"),
    Concept("65216001", "SCT", "Cerebrospinal fluid"),
    (70, 130, 220),
)
GREY = Segment(2, "GM", TISSUE, Concept("389080008", "SCT", "Gray matter of brain"), (150,) * 3)
WHITE = Segment(3, "WM", TISSUE, Concept("389081007", "SCT", "White matter of brain"), (235,) * 3)
SEGMENTS = (CSF, GREY, WHITE)
DIGEST = "sha256:" + "a" * 64
STAMP = Stamp(ModuleRef("tissue", "1.2.0", 7, DIGEST, DIGEST, DIGEST, DIGEST), DIGEST, "0.1.0")

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
OBLIQUE = (0.9848, 0.1736, 0.0, -0.1632, 0.9254, -0.3420)
SHAPE = (6, 9, 7)  # slices, rows, columns: a frame is no whole number of bytes


def series(
    orientation: tuple[float, ...] = AXIAL, step_mm: float = 3.0
) -> tuple[list[Dataset], highdicom.Volume]:
    """Headers of a series whose slices lie `step_mm` apart along the normal, and an empty map."""
    right, down = np.array(orientation[:3]), np.array(orientation[3:])
    normal = np.cross(right, down)
    affine = np.eye(4)
    affine[:3] = np.c_[step_mm * normal, 2.0 * down, 1.5 * right, [-20.0, 30.0, 5.0]]
    headers = [header(orientation, affine[:3, 3] + i * affine[:3, 0], i) for i in range(SHAPE[0])]
    frame = str(headers[0].FrameOfReferenceUID)
    empty = np.zeros(SHAPE, np.uint8)
    return headers, highdicom.Volume(empty, affine, "PATIENT", frame_of_reference_uid=frame)


def header(orientation: tuple[float, ...], position: NDArray[np.float64], i: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"1.2.3.4.{i + 1}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    dataset.FrameOfReferenceUID, dataset.Modality = "1.2.3.5", "MR"
    dataset.PatientName, dataset.PatientID, dataset.PatientSex = "Secret^Sam", "S-1", "O"
    dataset.PatientBirthDate, dataset.StudyDate, dataset.StudyTime = "19700101", "20200102", "1011"
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "5", "A-9", "Who^Doc"
    dataset.Rows, dataset.Columns, dataset.PixelSpacing = SHAPE[1], SHAPE[2], [2.0, 1.5]
    dataset.ImageOrientationPatient = list(orientation)
    dataset.ImagePositionPatient = [round(float(x), 6) for x in position]
    dataset.SliceThickness = 3.0
    return dataset


def labelled(volume: highdicom.Volume) -> highdicom.Volume:
    """All three labels somewhere, and one voxel in the last slice's first row, second column."""
    array = np.zeros(volume.spatial_shape, np.uint8)
    array[1, 2:5, 1:4], array[2, 3:6, 2:5], array[2, 4, 3] = 1, 2, 3
    array[-1, 0, 1] = 3
    return volume.with_array(array)


def write(path: Path, labels: highdicom.Volume, sources: list[Dataset], **changes: object) -> str:
    arguments = {"segments": SEGMENTS, "stamp": STAMP, "series_number": 901} | changes
    return write_segmentation(
        path, labels, sources=sources, description="Tessera tissue", **arguments
    )


def from_file(source: Dataset, folder: Path) -> Dataset:
    source.save_as(folder / "source.dcm", implicit_vr=False, little_endian=True)
    return dcmread(folder / "source.dcm", force=True)


def as_highdicom_reads(path: Path, like: highdicom.Volume) -> NDArray[np.uint8]:
    segmentation = highdicom.seg.segread(path)
    volume = segmentation.get_volume(combine_segments=True, dtype=np.uint8, atol=0.01)
    return volume.match_geometry(like, tol=0.01).array


def as_positions_say(path: Path, like: highdicom.Volume) -> NDArray[np.uint8]:
    """Read frames with pydicom alone: each goes where its own patient position says."""
    dataset, array = dcmread(path), np.zeros(like.spatial_shape, np.uint8)
    frames = dataset.pixel_array.reshape(-1, *like.spatial_shape[1:])
    to_index = np.linalg.inv(like.affine)
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        position = group.PlanePositionSequence[0].ImagePositionPatient
        index = to_index @ [*position, 1.0]
        assert np.allclose(index[1:3], 0, atol=0.01)
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        array[round(index[0])][frame > 0] = number
    return array


def complaints(path: Path) -> list[str]:
    """Lines dciodvfy calls errors; dcmdump must read the file too."""
    for tool in ("dciodvfy", "dcmdump"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (dicom3tools, dcmtk)")
    subprocess.run(["dcmdump", "-q", path], check=True, capture_output=True)
    result = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    assert "Segmentation" in result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith("Error")]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, OBLIQUE])
def test_every_voxel_comes_back_where_it_was(
    tmp_path: Path, orientation: tuple[float, ...], backwards: bool
) -> None:
    sources, empty = series(orientation, -3.0 if backwards else 3.0)
    labels, path = labelled(empty), tmp_path / "tissue.seg.dcm"
    write(path, labels, sources)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert complaints(path) == []


def test_the_order_of_headers_does_not_matter_to_the_voxels(tmp_path: Path) -> None:
    sources, empty = series(SAGITTAL)
    labels, path = labelled(empty), tmp_path / "tissue.seg.dcm"
    write(path, labels, sources[::-1])
    assert np.array_equal(as_positions_say(path, labels), labels.array)


@settings(max_examples=25, deadline=None)
@given(array=arrays(np.uint8, SHAPE, elements=st.integers(0, 3)))
def test_any_label_map_survives(
    tmp_path_factory: pytest.TempPathFactory, array: NDArray[np.uint8]
) -> None:
    sources, empty = series(OBLIQUE)
    labels, path = empty.with_array(array), tmp_path_factory.getbasetemp() / "any.seg.dcm"
    write(path, labels, sources)
    assert np.array_equal(as_highdicom_reads(path, labels), array)
    assert np.array_equal(as_positions_say(path, labels), array)


def test_each_frame_names_the_slice_it_was_drawn_on(tmp_path: Path) -> None:
    sources, empty = series(OBLIQUE)
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    positions = {s.SOPInstanceUID: s.ImagePositionPatient for s in sources}
    groups = dcmread(tmp_path / "seg.dcm").PerFrameFunctionalGroupsSequence
    assert len(groups) == 4  # CSF in one slice, grey matter in one, white matter in two
    for group in groups:
        (image,) = group.DerivationImageSequence[0].SourceImageSequence
        drawn_on = positions[image.ReferencedSOPInstanceUID]
        assert group.PlanePositionSequence[0].ImagePositionPatient == drawn_on


def test_a_real_sagittal_series_comes_back(tmp_path: Path, real_dicom: Path) -> None:
    sources = [dcmread(path) for path in sorted((real_dicom / "siemens_hfp").glob("*.dcm"))]
    if not sources:
        pytest.skip("needs siemens_hfp")
    labels, path = labelled(highdicom.get_volume_from_series(sources)), tmp_path / "seg.dcm"
    write(path, labels, [_without_pixels(source) for source in sources[::-1]])
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert complaints(path) == []


def test_a_real_multi_frame_object_comes_back(tmp_path: Path, real_dicom: Path) -> None:
    files = sorted((real_dicom / "siemens_enhanced_mixed").glob("*.dcm"))
    multi_frame = [
        path
        for path in files
        if dcmread(path, specific_tags=[0x00280008]).get("NumberOfFrames") == 96
    ]
    if not multi_frame:
        pytest.skip("needs siemens_enhanced_mixed")
    labels = labelled(highdicom.imread(multi_frame[0]).get_volume())
    path = tmp_path / "seg.dcm"
    write(path, labels, [dcmread(multi_frame[0], stop_before_pixels=True)])
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert complaints(path) == []


def _without_pixels(source: Dataset) -> Dataset:
    del source.PixelData
    return source


def test_an_empty_map_is_written_as_one_empty_plane_a_segment(tmp_path: Path) -> None:
    sources, empty = series(SAGITTAL)
    path = tmp_path / "seg.dcm"
    write(path, empty, sources)
    assert int(dcmread(path).NumberOfFrames) == len(SEGMENTS)
    assert not as_highdicom_reads(path, empty).any()
    assert complaints(path) == []


def test_a_segment_without_voxels_is_described_but_has_no_frame(tmp_path: Path) -> None:
    sources, empty = series()
    path, labels = (
        tmp_path / "seg.dcm",
        empty.with_array((labelled(empty).array == 1) * np.uint8(1)),
    )
    write(path, labels, sources)
    segmentation = highdicom.seg.segread(path)
    assert [s.SegmentLabel for s in segmentation.SegmentSequence] == ["CSF", "GM", "WM"]
    assert int(segmentation.NumberOfFrames) == 1
    assert complaints(path) == []


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    sources, empty = series()
    for name in ("once", "again"):
        write(tmp_path / name, labelled(empty), sources)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_whatever_differs_is_another_object(tmp_path: Path) -> None:
    sources, empty = series()
    labels, path = labelled(empty), tmp_path / "seg.dcm"
    moved = labels.with_array(np.roll(labels.array, 1, axis=1))
    upgraded = replace(STAMP, module=replace(STAMP.module, version="1.2.1"))
    uids = {
        write(path, labels, sources),
        write(path, moved, sources),
        write(path, labels, sources, stamp=upgraded),
        write(path, labels, sources, stamp=replace(STAMP, inputs=(DIGEST,))),
        write(path, labels, sources, series_number=902),
    }
    assert len(uids) == 5


def test_identity_and_frame_of_reference_are_carried_over(tmp_path: Path) -> None:
    sources, empty = series()
    uid = write(tmp_path / "seg.dcm", labelled(empty), sources)
    written = dcmread(tmp_path / "seg.dcm")
    for keyword in (
        *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID"),
        *("StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"),
        "FrameOfReferenceUID",
    ):
        assert written[keyword].value == sources[0][keyword].value
    assert written.SOPInstanceUID == uid
    assert written.ContentDate == "20200102"
    assert read_provenance(written) == (STAMP,)


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 192", "Müller^Zoë"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (None, "Anonymous"),
    ],
)
def test_names_survive_in_their_character_set(
    tmp_path: Path, character_set: str | list[str] | None, name: str
) -> None:
    sources, empty = series()
    if character_set:
        sources[0].SpecificCharacterSet = character_set
    sources[0].PatientName = name
    sources[0] = from_file(sources[0], tmp_path)
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    written = dcmread(tmp_path / "seg.dcm")
    assert written.PatientName == name
    assert written.PatientName.original_string == sources[0].PatientName.original_string
    assert written.get("SpecificCharacterSet") == sources[0].get("SpecificCharacterSet")


def test_a_segment_name_beyond_the_character_set_moves_the_object_to_utf_8(tmp_path: Path) -> None:
    sources, empty = series()
    sources[0].SpecificCharacterSet, sources[0].PatientName = "ISO_IR 144", "Иванов^Иван"
    other = Dataset()
    other.PatientID, other.TypeOfPatientID = "А-1", "TEXT"  # the letter is Cyrillic
    sources[0].OtherPatientIDsSequence = [other]
    sources[0] = from_file(sources[0], tmp_path)
    segments = (replace(CSF, name="Ödem"), GREY, WHITE)
    write(tmp_path / "seg.dcm", labelled(empty), sources, segments=segments)
    written = dcmread(tmp_path / "seg.dcm")
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert written.PatientName == "Иванов^Иван"
    assert written.OtherPatientIDsSequence[0].PatientID == "А-1"
    assert written.SegmentSequence[0].SegmentLabel == "Ödem"


def test_a_poor_header_still_gives_a_valid_object(tmp_path: Path) -> None:
    sources, empty = series()
    for source in sources:
        source.FrameOfReferenceUID = ""
        source.SpacingBetweenSlices = 0.5  # the gap, not the distance: a common mistake
        for keyword in ("PatientID", "PatientSex", "StudyID", "AccessionNumber", "SliceThickness"):
            del source[keyword]
        source.StudyDate = source.PatientBirthDate = ""
        source.ProcedureCodeSequence = []
    labels = highdicom.Volume(labelled(empty).array, empty.affine, "PATIENT")
    path = tmp_path / "seg.dcm"
    write(path, labels, sources)
    written = dcmread(path)
    assert written.PatientID == ""
    assert written.FrameOfReferenceUID == derive_uid("frame of reference", "1.2.3.4")
    measures = written.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == 3.0
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert complaints(path) == []


def test_slices_parallel_but_for_the_last_digit_are_one_series(tmp_path: Path) -> None:
    sources, empty = series(OBLIQUE)
    sources[1].ImageOrientationPatient = [value + 1e-7 for value in OBLIQUE]
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    assert np.array_equal(as_positions_say(tmp_path / "seg.dcm", empty), labelled(empty).array)


def test_nothing_is_said_of_the_patient(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    sources, empty = series()
    sources[0].PatientName = "Secretsam"  # highdicom would warn of this name and print it
    with caplog.at_level(logging.DEBUG):
        write(tmp_path / "seg.dcm", labelled(empty), sources)
    said = caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in ("Secretsam", "S-1", "19700101", "A-9") if secret in said]


def test_the_headers_given_are_not_changed(tmp_path: Path) -> None:
    sources, empty = series()
    before = [source.to_json() for source in sources]
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    assert [source.to_json() for source in sources] == before


def test_a_label_nobody_described_is_refused(tmp_path: Path) -> None:
    sources, empty = series()
    with pytest.raises(BundleError, match=r"\[7\]"):
        write(tmp_path / "seg.dcm", empty.with_array(np.full(SHAPE, 7, np.uint8)), sources)


@pytest.mark.parametrize("segments", [(), (CSF, WHITE), (GREY, CSF)])
def test_segments_must_be_numbered_without_gaps(
    tmp_path: Path, segments: tuple[Segment, ...]
) -> None:
    sources, empty = series()
    with pytest.raises(BundleError, match="numbered"):
        write(tmp_path / "seg.dcm", empty, sources, segments=segments)


def test_a_folder_that_is_missing_is_an_output_error(tmp_path: Path) -> None:
    sources, empty = series()
    with pytest.raises(OutputError):
        write(tmp_path / "nowhere" / "seg.dcm", labelled(empty), sources)


CORNER = (0, 0, 1)


def sampled(name: str) -> Sample:
    return next(sample for sample in samples() if sample.name == name)


@pytest.mark.parametrize(
    "name",
    [
        "rows and columns to LP",
        "rows and columns to PF",
        "rows and columns to HA",
        "double oblique",
        "numbered downwards",
        "pixels not square",
        "big endian",
        "enhanced, per-frame groups",
        "enhanced, frames in no order",
        "enhanced, nothing shared",
        "enhanced, spacing outside its groups",
        "concatenation",
    ],
)
def test_a_planted_corner_lands_on_the_source_voxel_for_voxel(tmp_path: Path, name: str) -> None:
    (given,) = scan([write_sample(sampled(name), tmp_path / "source")]).studies[0].series
    volume, sources = load(given), reference_headers(given)
    array = np.zeros(volume.spatial_shape, np.uint8)
    array[CORNER], array[2:5, 10:20, 5:9], array[-1, -2, -1] = 3, 1, 2
    path = tmp_path / "seg.dcm"
    write(path, volume.with_array(array), sources)
    assert complaints(path) == []
    assert np.array_equal(as_highdicom_reads(path, volume), array)
    marked = {(tuple(index), array[tuple(index)]) for index in np.argwhere(array).tolist()}
    assert as_simpleitk_reads(path, volume) == marked
    written = dcmread(path)
    known = {str(source.SOPInstanceUID): source.SOPClassUID for source in sources}
    (referred,) = written.ReferencedSeriesSequence
    for instance in referred.ReferencedInstanceSequence:
        uid = instance.ReferencedSOPInstanceUID
        assert instance.ReferencedSOPClassUID == known[uid]
    assert written.FrameOfReferenceUID == sources[0].FrameOfReferenceUID
    assert written.PatientName == sources[0].PatientName


def as_simpleitk_reads(path: Path, like: highdicom.Volume) -> set[tuple[tuple[int, ...], int]]:
    """Voxels that SimpleITK finds, frame by frame, put where each frame's position says."""
    dataset, found = dcmread(path, stop_before_pixels=True), set()
    frames = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).reshape(-1, *like.spatial_shape[1:])
    to_index = np.linalg.inv(like.affine)
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        index = to_index @ [*group.PlanePositionSequence[0].ImagePositionPatient, 1.0]
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        found |= {((round(index[0]), int(r), int(c)), number) for r, c in np.argwhere(frame)}
    return found
