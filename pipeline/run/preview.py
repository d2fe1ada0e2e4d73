"""What a batch would do, found from headers, contracts and the lock alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle.contract import Contract, read_contract
from pipeline.config import read_settings
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.run.plan import Step, steps
from pipeline.run.pseudonym import pseudonym, site_key
from pipeline.study import Case, Scan
from pipeline.versions.bundles.copy import place_of
from pipeline.versions.bundles.folders import folders
from pipeline.versions.lock import read_lock
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class CasePlan:
    """One study: its pseudonym, which series takes which role, which module would run."""

    pseudonym: str
    case: Case
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Preview:
    """All studies of a scan, and the scan with what it left out."""

    scan: Scan
    cases: tuple[CasePlan, ...]


def preview(paths: Sequence[Path], workspace: Workspace) -> Preview:
    """Plan a batch without computing anything.

    Raises
    ------
    InputError
        EMPTY, where `paths` hold no file.
    """
    found = scan(paths)
    if not found.found:
        raise InputError(Code.EMPTY, found.why_empty)
    contracts = pinned_contracts(workspace)
    overrides = read_settings(workspace.settings).roles
    key = site_key(workspace.site_key)
    cases = [assign(study, overrides) for study in found.studies]
    return Preview(
        found,
        tuple(
            CasePlan(pseudonym(case.study.uid, key), case, steps(case.roles, contracts))
            for case in cases
        ),
    )


def pinned_contracts(workspace: Workspace) -> dict[str, Contract]:
    """Contracts of the pinned versions, or of modules/ where a version has not been copied yet."""
    lying = folders(workspace)
    if not workspace.lock.exists():
        return {name: read_contract(path) for name, path in lying.items()}
    places = {
        name: place_of(workspace, module)
        for name, module in read_lock(workspace.lock).modules.items()
    }
    return {
        name: read_contract(place if place.is_dir() else lying.get(name, place))
        for name, place in places.items()
    }
