"""A plan in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.run.preview import CasePlan, Preview


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
    taken = {series.uid: role for role, series in plan.case.roles.items()}
    numbers = {series.uid: series for series in plan.case.study.series}
    for candidate in plan.case.candidates:
        series = numbers[candidate.series_uid]
        role = taken.get(series.uid, "-")
        yield f"  {role:<6}series {series.number}, {series.frames} images: {candidate.reason}"
    for note in plan.case.notes:
        yield f"  note  {note}"
    for step in plan.steps:
        on = f" on {step.role}" if step.role else ""
        verb = "skip" if step.code else "run"
        yield f"  {verb:<6}{step.module}{on}: {step.reason}"


def _document(plan: CasePlan) -> dict[str, object]:
    taken = {series.uid: role for role, series in plan.case.roles.items()}
    numbers = {series.uid: series for series in plan.case.study.series}
    return {
        "pseudonym": plan.pseudonym,
        "series": [
            {
                "number": numbers[c.series_uid].number,
                "images": numbers[c.series_uid].frames,
                "role": taken.get(c.series_uid),
                "score": c.score,
                "reason": c.reason,
            }
            for c in plan.case.candidates
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
