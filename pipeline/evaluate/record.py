"""Evaluations as JSON and back; NaN becomes null, and digests keep what they were."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.errors import RegistryError
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation, Interval
from pipeline.evaluation.unlabelled import Agreed
from pipeline.report.figures import plain
from pipeline.result import ModuleRef

SCHEMA = 1


def to_json(evaluation: Evaluation) -> str:
    """The evaluation as a JSON document; metrics keep their order, the cohort's."""
    document = {"schema": SCHEMA, **asdict(evaluation)}
    return json.dumps(plain(document), indent=1) + "\n"


def from_json(text: str) -> Evaluation:
    """Inverse of `to_json`.

    Raises
    ------
    RegistryError
        The text is no evaluation, or of a newer Tessera.
    """
    try:
        document = json.loads(text)
        if document.pop("schema") != SCHEMA:
            raise ValueError("unknown schema")
        return _evaluation(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f"A recorded evaluation cannot be read: {type(error).__name__}.",
            "Validate the version again.",
        ) from error


def case_record(score: CaseScore) -> dict[str, Any]:
    """One case as a JSON object."""
    record: dict[str, Any] = plain(asdict(score))
    return record


def case_from(entry: Mapping[str, Any]) -> CaseScore:
    """Inverse of `case_record`; raises KeyError or TypeError on anything else."""
    return CaseScore(
        case=entry["case"],
        values={key: _number(value) for key, value in entry["values"].items()},
        groups=dict(entry["groups"]),
        output=entry["output"],
        seconds=_number(entry["seconds"]),
        memory_mib=_number(entry["memory_mib"]),
        failure=entry["failure"],
        lock=entry.get("lock", ""),
    )


def agreed_from(entry: Mapping[str, Any]) -> Agreed:
    """One study of an unlabelled comparison; raises KeyError or TypeError on anything else."""
    values = {key: _number(value) for key, value in entry["values"].items()}
    return Agreed(**{**entry, "values": values, "changes": tuple(entry["changes"])})


def _evaluation(document: Mapping[str, Any]) -> Evaluation:
    fixed = {
        "module": ModuleRef(**document["module"]),
        "cases": tuple(case_from(entry) for entry in document["cases"]),
        "summary": {key: _interval(entry) for key, entry in document["summary"].items()},
        "counters": Counters(**document["counters"]),
    }
    return Evaluation(**{**document, **fixed})


def _interval(entry: Mapping[str, Any]) -> Interval:
    value, low, high = (_number(entry[key]) for key in ("value", "low", "high"))
    return Interval(value, low, high, int(entry["n"]))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
