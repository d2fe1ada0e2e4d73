"""Everything that can go wrong, with the remedy a user can act on.

    TesseraError                 what, where, what to do                                  exit 1
    ├── UsageError               an argument, a configuration file or the workspace       exit 2
    │   ├── ConfigError          a TOML or JSON file says something impossible
    │   ├── LockError            the lock cannot be read or written, or disagrees with what is here
    │   └── TrustError           a bundle wants to run code nobody has trusted
    ├── RegistryError            MLflow cannot be reached or refuses
    │   └── PromotionUnderWayError   another client is moving this module's aliases
    ├── LedgerError              the record of promotions is broken, or not what the aliases say
    ├── GateError                a policy did not let a version pass
    │   ├── RefusedError         a criterion was missed                                   exit 3
    │   └── InconclusiveError    too few cases to decide                                  exit 4
    ├── BundleError              a module folder is incomplete or its output is not what it promised
    │   └── ContractError        a contract changed without a higher major version
    ├── OutputError              the output folder cannot be written                      exit 1
    └── InputError               one study or series cannot be processed; the others go on

Messages name files, UIDs, roles and codes, never a patient.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """Why a file, series or study was left out; REMEDIES holds one sentence for each."""

    NOT_DICOM = "not_dicom"
    TRUNCATED = "truncated"
    NO_PERMISSION = "no_permission"
    VANISHED = "vanished"
    EMPTY = "empty"
    NOT_MR = "not_mr"
    NOT_IMAGE = "not_image"
    DERIVED = "derived"
    COLOUR = "colour"
    LOCALIZER = "localizer"
    DUPLICATE = "duplicate"
    TOO_FEW_SLICES = "too_few_slices"
    MISSING_SLICE = "missing_slice"
    DUPLICATE_SLICE = "duplicate_slice"
    MIXED_ORIENTATION = "mixed_orientation"
    MIXED_GEOMETRY = "mixed_geometry"
    NO_GEOMETRY = "no_geometry"
    SEVERAL_VOLUMES = "several_volumes"
    SEVERAL_PATIENTS = "several_patients"
    TOO_LARGE = "too_large"
    DECODE = "decode"
    BLANK = "blank"
    NO_ROLE = "no_role"
    UNDECIDED = "undecided"
    NOT_ENOUGH_ROLES = "not_enough_roles"
    QUALITY_GATE = "quality_gate"
    UPSTREAM = "upstream"
    REGISTRATION = "registration"
    MODULE_FAILED = "module_failed"
    DISK_FULL = "disk_full"
    INTERNAL = "internal"


REMEDIES: dict[Code, str] = {
    Code.NOT_DICOM: "Nothing to do unless it should be DICOM; then export it again.",
    Code.TRUNCATED: "Copy or export the file again; its end is missing or its lengths are wrong.",
    Code.NO_PERMISSION: "Give the user that runs Tessera read permission.",
    Code.VANISHED: "The file was there during the scan; run again when copying has ended.",
    Code.EMPTY: "Name the folder that holds the studies; `tessera plan --files` shows its files.",
    Code.NOT_MR: "Tessera reads MR images only; leave other modalities out.",
    Code.NOT_IMAGE: "Nothing to do: it is no scanner's image (segmentation, report, DICOMDIR …).",
    Code.DERIVED: "Send the original images as well as maps computed from them.",
    Code.COLOUR: "Colour maps and screen captures carry no signal; send the original images.",
    Code.LOCALIZER: "Nothing to do: localizers are never analysed.",
    Code.DUPLICATE: "Nothing to do: the same instance was read from another file.",
    Code.TOO_FEW_SLICES: "Send the whole series; a volume needs at least three slices.",
    Code.MISSING_SLICE: "Send the series again; a slice is missing between others.",
    Code.DUPLICATE_SLICE: "Send each slice once; two different images claim the same position.",
    Code.MIXED_ORIENTATION: "Split the series: its slices do not lie parallel.",
    Code.MIXED_GEOMETRY: "Split the series: its slices differ in size or pixel spacing.",
    Code.NO_GEOMETRY: "Export with Image Position and Orientation (Patient); they are missing.",
    Code.SEVERAL_VOLUMES: "Split the series: it holds several echoes, phases or time points.",
    Code.SEVERAL_PATIENTS: "Send each patient's images under a Study Instance UID of their own.",
    Code.TOO_LARGE: "The header claims a size no brain scan has; check the export.",
    Code.DECODE: "The pixel data cannot be decoded; export uncompressed or as JPEG lossless.",
    Code.BLANK: "All voxels are equal; send the series again, or leave it out.",
    Code.NO_ROLE: "No series is clearly T1, T1c, T2 or FLAIR; see `tessera plan` for why.",
    Code.UNDECIDED: "Leave out all but one, or tell them apart by `[[roles]]`; see `tessera plan`.",
    Code.NOT_ENOUGH_ROLES: "Send the contrasts the module needs; `tessera plan` names them.",
    Code.QUALITY_GATE: "Look at the picture in the report; repeat the scan if you agree.",
    Code.UPSTREAM: "Mend the module this one depends on; it gave no result for this study.",
    Code.REGISTRATION: "The contrasts could not be aligned; check that they are of one patient.",
    Code.MODULE_FAILED: "Run the study alone with --debug and report what it prints.",
    Code.INTERNAL: "Run the study alone with --debug and report what it prints.",
    Code.DISK_FULL: "Free disk space and run again; finished studies are kept.",
}


class TesseraError(Exception):
    """Base of all errors a user can meet; `exit_status` is what the console script returns."""

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class UsageError(TesseraError):
    """An argument, a configuration file or the workspace is wrong."""

    exit_status = 2


class ConfigError(UsageError):
    """A configuration file says something impossible."""


class LockError(UsageError):
    """The lock cannot be read or written, or disagrees with registry, bundle or library."""


class TrustError(UsageError):
    """A bundle wants to run code that nobody has trusted."""


class RegistryError(TesseraError):
    """MLflow cannot be reached or refuses."""


class PromotionUnderWayError(RegistryError):
    """Another client is moving the aliases of this module."""


class LedgerError(TesseraError):
    """The record of promotions is broken, or is not what the aliases say."""


class GateError(TesseraError):
    """A policy did not let a version pass."""


class RefusedError(GateError):
    """A criterion of the policy was missed."""

    exit_status = 3


class InconclusiveError(GateError):
    """The policy cannot decide on this many cases."""

    exit_status = 4


class BundleError(TesseraError):
    """A module folder is incomplete or its output is not what its contract promises."""


class ContractError(BundleError):
    """A contract changed without a higher major version."""


class OutputError(TesseraError):
    """The output folder cannot be written."""


class InputError(TesseraError):
    """One study or series cannot be processed; `code` says why, the others go on."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail, REMEDIES[code])
        self.code = code
