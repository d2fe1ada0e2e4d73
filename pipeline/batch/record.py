"""result.json: a study's outcomes for programs to read, and its row for the next run to pick up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.digest import digest
from pipeline.errors import Code
from pipeline.report.figures import plain
from pipeline.report.row import Row, Status, Volumes
from pipeline.result import CaseResult, ModuleRef, Outcome, Result
from pipeline.run.codec import measurement_from
from pipeline.types import Measurement, Role, Verdict

SCHEMA = 1


@dataclass(frozen=True)
class Ended:
    """A study that ended.

    Attributes
    ----------
    row : Row
        Its line in cases.csv.
    resumed : bool
        An earlier run had finished it.
    seconds : mapping of str to float
        Wall time by stage.
    peak_mib : float
        Most memory that the worker process it ran in has needed so far; 0 where it ran in this one.
    """

    row: Row
    resumed: bool
    seconds: Mapping[str, float]
    peak_mib: float = 0.0


def study_record(
    result: CaseResult, row: Row, request: str, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Everything about one study but its images and its patient.

    Parameters
    ----------
    result : CaseResult
        What was computed.
    row : Row
        Its line in cases.csv.
    request : str
        What the result was asked for; see `pipeline.batch.request`.
    files : mapping of str to bytes
        What each file written beside it holds.
    """
    return {
        "schema": SCHEMA,
        "request": request,
        "pseudonym": result.pseudonym,
        "lock": result.lock,
        "reference": result.reference,
        "alignment": [asdict(a) for a in result.alignment],
        "outcomes": [_outcome(outcome) for outcome in result.outcomes],
        "seconds": {stage: round(spent, 3) for stage, spent in result.seconds.items()},
        "files": {name: digest(files[name]) for name in sorted(files)},
        "sizes": {name: len(files[name]) for name in sorted(files)},
        "row": row_record(row),
    }


def row_record(row: Row) -> dict[str, Any]:
    """A row as JSON; NaN becomes null."""
    return {key: plain(value) for key, value in asdict(row).items()}


def row_from(record: Mapping[str, Any]) -> Row:
    """Inverse of `row_record`; raises KeyError, TypeError or ValueError on anything else."""
    fields = dict(record)
    return Row(
        **{
            **fields,
            "status": Status(fields["status"]),
            "code": Code(fields["code"]) if fields["code"] else None,
            "verdicts": {Role(r): Verdict(v) for r, v in fields["verdicts"].items()},
            "roles": tuple(Role(r) for r in fields["roles"]),
            "volumes_ml": Volumes(**{k: _number(v) for k, v in fields["volumes_ml"].items()}),
            "others": tuple(_measurement(m) for m in fields["others"]),
            "versions": tuple(ModuleRef(**v) for v in fields["versions"]),
            "seconds": _number(fields["seconds"]),
        }
    )


def ended_from(record: Mapping[str, Any]) -> Ended:
    """A study as its result.json tells it."""
    return Ended(row_from(record["row"]), True, dict(record["seconds"]))


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if not isinstance(outcome, Result):
        return {"kind": type(outcome).__name__.lower(), **plain(asdict(outcome))}
    prediction = outcome.prediction
    return {
        "kind": "result",
        "module": asdict(outcome.module),
        "role": outcome.role,
        "key": outcome.key,
        "output": outcome.output,
        "cached": outcome.cached,
        "lock": outcome.lock,
        "seconds": round(outcome.seconds, 3),
        "measurements": [plain(asdict(m)) for m in prediction.measurements],
        "findings": [plain(asdict(f)) for f in prediction.findings],
        "assessments": [plain(asdict(a)) for a in prediction.assessments],
    }


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _measurement(entry: Mapping[str, Any]) -> Measurement:
    return measurement_from({**entry, "value": _number(entry["value"])})
