"""A plan in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.run.preview import CasePlan, Preview
from pipeline.study import Candidate, Series
from pipeline.types import Role


def as_text(found: Preview, files: bool) -> str:
    """Studies, series and modules, one line each; with `files`, every file that was left out."""
    lines = [line for plan in found.cases for line in _case(plan)]
    for code, count in sorted(found.scan.reasons.items()):
        lines.append(f"left out: {count} files, {code}")
    if files:
        lines += [
            f"  {left.path}: {left.code} {left.detail}".rstrip() for left in found.scan.left_out
        ]
    lines.append(f"{found.scan.found} files, {len(found.cases)} studies; nothing was computed.")
    return "\n".join(lines)


def as_document(found: Preview) -> str:
    """The same as JSON, with every file that was left out."""
    document = {
        "files": found.scan.found,
        "studies": [_document(plan) for plan in found.cases],
        "left_out": [
            {"path": str(left.path), "code": left.code, "detail": left.detail}
            for left in found.scan.left_out
        ],
    }
    return json.dumps(document, indent=2)


def _case(plan: CasePlan) -> Iterator[str]:
    yield plan.pseudonym
    for candidate, series, role in _series(plan):
        about = f"series {series.number}, {series.frames} images: {candidate.reason}"
        yield f"  {role or '-':<6}{about}"
    for note in plan.case.notes:
        yield f"  note  {note}"
    for step in plan.steps:
        on = f" on {step.role}" if step.role else ""
        verb = "skip" if step.code else "run"
        yield f"  {verb:<6}{step.module}{on}: {step.reason}"


def _series(plan: CasePlan) -> Iterator[tuple[Candidate, Series, Role | None]]:
    """Every series with what speaks for its role, and the role it took."""
    taken = {series.uid: role for role, series in plan.case.roles.items()}
    known = {series.uid: series for series in plan.case.study.series}
    for candidate in plan.case.candidates:
        yield candidate, known[candidate.series_uid], taken.get(candidate.series_uid)


def _document(plan: CasePlan) -> dict[str, object]:
    return {
        "pseudonym": plan.pseudonym,
        "series": [
            {
                "number": series.number,
                "images": series.frames,
                "role": role,
                "score": candidate.score,
                "reason": candidate.reason,
            }
            for candidate, series, role in _series(plan)
        ],
        "notes": list(plan.case.notes),
        "steps": [
            {
                "module": step.module,
                "role": step.role,
                "runs": step.code is None,
                "code": step.code,
                "reason": step.reason,
            }
            for step in plan.steps
        ],
    }
