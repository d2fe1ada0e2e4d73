"""The ledger, findings and explanations in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from pipeline.audit.explanation import Explanation, Made
from pipeline.audit.finding import Finding
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.line import document


def history_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """One line an entry, its evidence and reason below."""
    for entry in entries:
        yield _entry(entry)
        yield from (f"     {line}" for line in _grounds(entry))


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Two lines a finding, and one in the end."""
    for finding in findings:
        yield f"{finding.kind}: {finding.subject}: {finding.message}"
        yield f"  {finding.remedy}"
    count = len(findings)
    yield (
        f"{count} {'thing was' if count == 1 else 'things were'} changed outside, or left undone."
        if findings
        else "Registry, files, lock and ledger agree."
    )


def mended_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """One line an entry that was finished or taken over."""
    return (f"mended: {entry.move.module} {_entry(entry).strip()}" for entry in entries)


def explanation_lines(found: Explanation) -> Iterator[str]:
    """What made the object: a block for each module version, whatever number of images it saw."""
    of_version: dict[Made, list[str]] = {}
    for made in found.made:
        alike = replace(made, stamp=replace(made.stamp, inputs=()))
        of_version.setdefault(alike, []).extend(made.stamp.inputs)
    for made, inputs in of_version.items():
        yield from _made(made)
        yield f"  images   {', '.join(f'{digest[:19]}…' for digest in dict.fromkeys(inputs))}"
    yield f"content: {found.content}"
    for contradiction in found.contradictions:
        yield f"contradiction: {contradiction}"
    yield (
        "All that made it is here and unchanged."
        if found.matches
        else "Not everything is here and unchanged: see above."
    )


def explanation_document(found: Explanation) -> dict[str, Any]:
    """The same for programs."""
    return {
        "modality": found.modality,
        "matches": found.matches,
        "contradictions": list(found.contradictions),
        "content": found.content.name.lower(),
        "made": [
            {
                "stamp": asdict(made.stamp),
                "matches": made.matches,
                "registered": made.registered.name.lower(),
                "pinned": made.pinned.name.lower(),
                "recorded": made.recorded.name.lower(),
                "aliases": list(made.aliases),
                "evidence": [document(entry) for entry in made.evidence],
            }
            for made in found.made
        ],
    }


def _entry(entry: Entry) -> str:
    move = entry.move
    before = f"{move.before.version} → " if move.before else ""
    return (
        f"{entry.sequence:>3}  {entry.time:%Y-%m-%d %H:%M:%S} UTC  {move.action:<8}  {move.alias}  "
        f"{before}{move.after.version}  by {move.actor}"
    )


def _grounds(entry: Entry) -> Iterator[str]:
    move = entry.move
    if move.reason:
        yield f"reason: {move.reason}"
    if move.outcome:
        yield f"the policy said: {move.outcome}"
    for what in ("policy", "cohort", "lock"):
        if getattr(move, what):
            yield f"{what} {getattr(move, what)}"
    for name in move.left_out:
        yield f"left out: cohort {name}, which could not be read"
    for name in move.not_judged:
        yield f"not judged: {name}"
    for run in move.runs:
        yield f"MLflow run {run}"


def _made(made: Made) -> Iterator[str]:
    module, stamp = made.stamp.module, made.stamp
    aliases = f", {' and '.join(made.aliases)} now" if made.aliases else ""
    yield f"{module.name} {module.version} ({module.digest[:19]}…){aliases}"
    yield f"  files    {made.registered}"
    yield f"  lock     {made.pinned} ({stamp.lock[:19]}…; Tessera {stamp.pipeline_version})"
    yield f"  ledger   {made.recorded}"
    for entry in made.evidence:
        yield f"    {_entry(entry).strip()}"
        yield from (f"    {line}" for line in _grounds(entry))
