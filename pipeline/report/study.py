"""report.html: one study on one page that stands alone."""

from __future__ import annotations

from pathlib import Path

from pipeline.report.gallery import overview
from pipeline.report.page import render
from pipeline.report.quality import quality_lines, quality_roles
from pipeline.report.scene import head_box
from pipeline.report.section import sections
from pipeline.report.sum_up import row_of
from pipeline.report.veil import veil
from pipeline.report.view import problems, series_lines, spares
from pipeline.report.write import write_whole
from pipeline.result import CaseResult


def write_study(path: Path, result: CaseResult) -> None:
    """Write a study's page: pictures inside, nothing fetched, no script, the same each time.

    Neither UIDs nor free text of the headers are shown; the pseudonym stands for the study.

    Raises
    ------
    OutputError
        The folder is missing, full or not writable; an older page is left as it was.
    """
    write_whole(path, study_page(result))


def study_page(result: CaseResult) -> str:
    """Compose the page as HTML."""
    hide = veil(result.case)
    head = head_box(result.volumes[result.reference])
    parts = sections(result, head)
    return render(
        "study.html",
        result=result,
        row=row_of(result),
        series=series_lines(result, hide),
        spares=spares(result, hide),
        notes=tuple(map(hide, result.case.notes)),
        problems=problems(result, hide),
        quality_roles=quality_roles(result),
        quality=quality_lines(result),
        sections=parts,
        overview=() if any(part.findings for part in parts) else overview(result, head),
    )
