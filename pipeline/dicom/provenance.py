"""Who made a DICOM object, from what and for whom: what every object we write has in common."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from highdicom import AlgorithmIdentificationSequence, ContributingEquipment
from highdicom.sr import AlgorithmIdentification
from pydicom import DataElement, Dataset
from pydicom.config import RAISE, disable_value_validation
from pydicom.datadict import dictionary_VR
from pydicom.multival import MultiValue
from pydicom.sr.codedict import codes
from pydicom.valuerep import validate_value

from pipeline.errors import OutputError
from pipeline.result import ModuleRef

MANUFACTURER = "Tessera"
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


@dataclass(frozen=True)
class Stamp:
    """What made an object.

    Attributes
    ----------
    module : ModuleRef
        The version that computed the content.
    lock : str
        Digest of the lock file of the run.
    pipeline_version : str
        Version of Tessera itself.
    inputs : tuple of str
        Fingerprints of the pixels that went in, in the module's order.
    """

    module: ModuleRef
    lock: str
    pipeline_version: str
    inputs: tuple[str, ...] = ()


# What a file says of its maker is the stamp it was given.
Provenance = Stamp


def derive_uid(*parts: str) -> str:
    """Derive a UID from `parts`: the same parts give the same UID, so a resend is the same object.

    ``2.25.`` and a 128-bit integer (DICOM PS3.5 B.2), the first half of the SHA-256 of the parts;
    a part's length goes in too, so ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return f"2.25.{int.from_bytes(digest.digest()[:16], 'big')}"


def stamp_uid(kind: str, source: Dataset, stamps: Sequence[Stamp], *content: str) -> str:
    """Derive the UID of what `stamps` made of the series of `source`, told apart by `content`."""
    facts = (f"{name}={value}" for stamp in stamps for name, value in _facts(stamp))
    return derive_uid(kind, str(source.SeriesInstanceUID), *facts, "|", *content)


def algorithm(stamp: Stamp) -> AlgorithmIdentificationSequence:
    """Identify the module (PS3.3 10.16): family, name, semver, and digests as parameters."""
    return AlgorithmIdentificationSequence(
        name=algorithm_name(stamp),
        family=codes.DCM.ArtificialIntelligence,
        version=stamp.module.version,
        source=MANUFACTURER,
        parameters=dict(_parameters(stamp)),
    )


def algorithm_content(stamp: Stamp) -> AlgorithmIdentification:
    """Identify the module inside a structured report (TID 4019)."""
    return AlgorithmIdentification(
        name=algorithm_name(stamp),
        version=stamp.module.version,
        parameters=[f"{name}={value}" for name, value in _parameters(stamp)],
        family=codes.DCM.ArtificialIntelligence,
        manufacturer=MANUFACTURER,
    )


def algorithm_name(stamp: Stamp) -> str:
    """Name the module as the registry does, ``tessera.tissue``."""
    return f"tessera.{stamp.module.name}"


def contribute(dataset: Dataset, stamps: Iterable[Stamp]) -> None:
    """Append each stamp to `dataset` as Contributing Equipment (0018,A001)."""
    present = list(dataset.get("ContributingEquipmentSequence", ()))
    dataset.ContributingEquipmentSequence = present + [_equipment(stamp) for stamp in stamps]


def read_provenance(dataset: Dataset) -> tuple[Provenance, ...]:
    """Read the stamps in a header, in the order written; items of other makers are passed over."""
    items = dataset.get("ContributingEquipmentSequence", ())
    ours = (item for item in items if item.get("Manufacturer") == MANUFACTURER)
    stamps = (_read_facts(str(item.get("ContributionDescription", ""))) for item in ours)
    return tuple(stamp for stamp in stamps if stamp is not None)


def _facts(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    module = stamp.module
    return (
        ("module", module.name),
        ("version", module.version),
        ("mlflow_version", str(module.mlflow_version)),
        ("bundle", module.digest),
        ("weights", module.weights),
        ("code", module.code),
        ("contract", module.contract),
        ("lock", stamp.lock),
        ("pipeline", stamp.pipeline_version),
        ("inputs", " ".join(stamp.inputs)),
    )


def _parameters(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    return tuple(fact for fact in _facts(stamp) if fact[0] in ("bundle", "weights", "lock"))


def _read_facts(text: str) -> Stamp | None:
    facts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    try:
        module = ModuleRef(
            name=facts["module"],
            version=facts["version"],
            mlflow_version=int(facts["mlflow_version"]),
            digest=facts["bundle"],
            weights=facts["weights"],
            code=facts["code"],
            contract=facts["contract"],
        )
        return Stamp(module, facts["lock"], facts["pipeline"], tuple(facts["inputs"].split()))
    except (KeyError, ValueError):
        return None


def _equipment(stamp: Stamp) -> ContributingEquipment:
    return ContributingEquipment(
        manufacturer=MANUFACTURER,
        purpose_of_reference=codes.DCM.ProcessingEquipment,
        manufacturer_model_name=algorithm_name(stamp),
        software_versions=(stamp.module.version, stamp.pipeline_version),
        contribution_description=";".join(f"{name}={value}" for name, value in _facts(stamp)),
    )


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


def copy_header(source: Dataset, **changes: object) -> Dataset:
    """Copy a header, by keyword with other values.

    ``Dataset(source)`` would share its elements, and setting one would change `source` too.
    """
    header = Dataset({tag: source.get_item(tag) for tag in source.keys()})  # noqa: SIM118
    for keyword, value in changes.items():
        header.add_new(keyword, dictionary_VR(keyword), value)
    return header


def stand_in(source: Dataset, frame_of_reference: str) -> Dataset:
    """Copy a header without identity and without values that break their own rules.

    highdicom warns of odd names by printing them, so it is never shown one;
    `restore_identity` puts the identity back.
    """
    lossy = source.get("LossyImageCompression") or "00"
    header = copy_header(
        source, FrameOfReferenceUID=frame_of_reference, LossyImageCompression=lossy
    )
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


def save(dataset: Dataset, path: Path) -> None:
    """Write `dataset` whole or not at all: under a temporary name, synced, then renamed.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            dataset.save_as(file, enforce_file_format=True)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        # pydicom raises OSError too, with the value it could not encode: that is never repeated.
        why = error.strerror or "a value cannot be encoded"
        raise OutputError(
            f"{path} cannot be written: {why}.", "Free space or name another folder."
        ) from (error if error.strerror else None)
    finally:
        temporary.unlink(missing_ok=True)
