"""From a study's result, or its failure, to its row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from pipeline.errors import Code
from pipeline.report.outcome import first_trouble, remedy_of, sentence_of, severest, told
from pipeline.report.row import VOLUME_NAMES, Row, Status, Volumes
from pipeline.report.veil import veil, without_places
from pipeline.result import CaseResult, Outcome, Result
from pipeline.types import Measurement, Role


def row_of(result: CaseResult) -> Row:
    """Sum up a study; what its headers hold in free text is blanked in the message."""
    outcomes = told(result)
    trouble = first_trouble(outcomes)
    hide = veil(result.case)
    measurements = _figures(result.results)
    return Row(
        pseudonym=result.pseudonym,
        status=status_of(outcomes),
        code=trouble.code if trouble else None,
        message=hide(sentence_of(trouble)) if trouble else "",
        remedy=remedy_of(trouble) if trouble else "",
        verdicts=severest(result.results),
        roles=tuple(role for role in Role if role in result.case.roles),
        volumes_ml=_volumes(measurements),
        others=tuple(m for m in measurements if m.name not in VOLUME_NAMES.values()),
        lesions=_lesions(result.results),
        versions=tuple({r.module.name: r.module for r in result.results}.values()),
        seconds=sum(result.seconds.values()),
    )


def failed_row(pseudonym: str, code: Code, message: str, remedy: str) -> Row:
    """Sum up a study that gave nothing; paths and UIDs are blanked in the message."""
    return Row(pseudonym, Status.FAILED, code, without_places(message), remedy)


def status_of(outcomes: Iterable[Outcome]) -> Status:
    """Done where all outcomes are results, failed where none is."""
    finished = [isinstance(outcome, Result) for outcome in outcomes]
    if not any(finished):
        return Status.FAILED
    return Status.DONE if all(finished) else Status.PARTLY


def _figures(results: Iterable[Result]) -> list[Measurement]:
    """Figures of the whole case; what another module has named so, too, bears its module's name."""
    owners: dict[str, str] = {}
    found = []
    for result in results:
        module = result.module.name
        for one in result.prediction.measurements:
            if one.role is None:
                own = owners.setdefault(one.name, module) == module
                found.append(one if own else replace(one, name=f"{module}: {one.name}"))
    return found


def _volumes(measurements: Iterable[Measurement]) -> Volumes:
    values = {measurement.name: measurement.value for measurement in measurements}
    return Volumes(**{part: values.get(name, math.nan) for part, name in VOLUME_NAMES.items()})


def _lesions(results: Iterable[Result]) -> int | None:
    looked = [result.prediction for result in results if _looks_for_lesions(result)]
    return sum(len(prediction.findings) for prediction in looked) if looked else None


def _looks_for_lesions(result: Result) -> bool:
    names = [measurement.name for measurement in result.prediction.measurements]
    return bool(result.prediction.findings) or VOLUME_NAMES["whole_tumour"] in names
