"""Who made a DICOM object, and from what: what every object we write has in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from highdicom import AlgorithmIdentificationSequence, ContributingEquipment
from highdicom.sr import AlgorithmIdentification
from pydicom import Dataset
from pydicom.sr.codedict import codes

from pipeline.result import ModuleRef

MANUFACTURER = "Tessera"


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


def read_provenance(dataset: Dataset) -> tuple[Stamp, ...]:
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
