"""For whom a DICOM object is: the patient, study and moment it takes over from its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy

from pydicom import DataElement, Dataset
from pydicom.config import RAISE, disable_value_validation
from pydicom.datadict import dictionary_VR
from pydicom.multival import MultiValue
from pydicom.valuerep import validate_value

from pipeline.dicom.write.provenance import Stamp, contribute, derive_uid
from pipeline.errors import Code, InputError

UNKNOWN_MOMENT = ("19000101", "000000")

# Type 2 of the Patient and General Study modules: always written, empty where unknown.
_IDENTITY = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
)
# What the Patient, Study and Patient Study modules are made of, sequences and UIDs aside.
_IDENTITY_GROUPS = (0x0008, 0x0010, 0x0032, 0x0038, 0x0040)


def content_moment(source: Dataset) -> tuple[str, str]:
    """Tell when `source` was acquired, as DICOM date and time; `UNKNOWN_MOMENT` where it is silent.

    Objects take it as their content date: the clock of the machine would make every resend differ.
    """
    with disable_value_validation():
        for kind in ("Series", "Study", "Acquisition"):
            date, time = source.get(f"{kind}Date"), source.get(f"{kind}Time")
            if date and _is_valid("DA", date):
                return str(date), str(time) if time and _is_valid("TM", time) else "000000"
    return UNKNOWN_MOMENT


def require_one_patient(headers: Iterable[Dataset]) -> None:
    """Refuse to write for one patient what was seen in images of another.

    Raises
    ------
    InputError
        SEVERAL_PATIENTS: two headers name different patient IDs; one that names none is any's.
    """
    named = {str(header.get("PatientID") or "").strip() for header in headers} - {""}
    if len(named) > 1:
        raise InputError(Code.SEVERAL_PATIENTS, f"The study's images are of {len(named)} patients.")


def frame_of_reference(source: Dataset) -> str:
    """Frame of Reference UID of `source`, derived from its series where the header has none."""
    uid = str(source.get("FrameOfReferenceUID") or "")
    return uid or derive_uid("frame of reference", str(source.SeriesInstanceUID))


def copy_header(source: Dataset, **changes: object) -> Dataset:
    """Copy a header, by keyword with other values.

    ``Dataset(source)`` would share its elements, and setting one would change `source` too.
    """
    header = Dataset({tag: source.get_item(tag) for tag in source.keys()})  # noqa: SIM118
    for keyword, value in changes.items():
        header.add_new(keyword, dictionary_VR(keyword), value)
    return header


def stand_in(source: Dataset, frame: str) -> Dataset:
    """Copy a header into `frame`, without identity or values that break their own rules.

    highdicom warns of odd names by printing them, so it is never shown one;
    `restore_identity` puts the identity back.
    """
    lossy = source.get("LossyImageCompression") or "00"
    header = copy_header(source, FrameOfReferenceUID=frame, LossyImageCompression=lossy)
    tags = [tag for tag in header.keys() if tag.group in _IDENTITY_GROUPS]  # noqa: SIM118
    with disable_value_validation():
        for tag in tags:
            if not _is_sound(header[tag]):
                del header[tag]
    return copy_header(header, **dict.fromkeys(_IDENTITY))


def restore_identity(
    dataset: Dataset, source: Dataset, stamps: Sequence[Stamp], own_text: str = ""
) -> None:
    """Give a new object the patient and study of `source`, its character set, and its makers.

    Identity is carried over as it stands, except a date, time or sex that is no such value, which
    is left empty. The object is in the source's character set, in UTF-8 where `own_text` is not
    ASCII. Whatever the clock or chance put in is removed or derived from the object's UID.
    """
    with disable_value_validation():
        for keyword in _IDENTITY:
            dataset.add_new(keyword, dictionary_VR(keyword), None)
            if keyword in source and _is_sound(source[keyword]):
                dataset[keyword] = deepcopy(source[keyword])
        if source.get("SpecificCharacterSet"):
            dataset["SpecificCharacterSet"] = deepcopy(source["SpecificCharacterSet"])
        if not own_text.isascii():
            dataset.decode()
            dataset.add_new("SpecificCharacterSet", "CS", "ISO_IR 192")
    _forget_clock_and_chance(dataset)
    contribute(dataset, stamps)


def _forget_clock_and_chance(dataset: Dataset) -> None:
    del dataset.InstanceCreationDate, dataset.InstanceCreationTime
    library = dataset.ContributingEquipmentSequence[-1]
    del library.ContributionDateTime
    organization = derive_uid("dimension organization", str(dataset.SOPInstanceUID))
    for keyword in ("DimensionOrganizationSequence", "DimensionIndexSequence"):
        for item in dataset.get(keyword, ()):
            item.DimensionOrganizationUID = organization


def _is_sound(element: DataElement) -> bool:
    if element.keyword == "PatientSex":
        return element.value in ("M", "F", "O")
    if element.VR == "SQ":
        return len(element.value) > 0  # optional sequences must hold an item
    if element.VR in ("UI", "PN", "LO", "SH"):
        return True  # names and identifiers are the archive's keys: never ours to drop
    return _is_valid(element.VR, element.value)


def _is_valid(vr: str, value: object) -> bool:
    values = value if isinstance(value, MultiValue) else [value]
    try:
        for single in values:
            validate_value(vr, str(single), RAISE)
    except ValueError:
        return False
    return True
