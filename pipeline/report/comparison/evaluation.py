"""evaluation.html: one version, or one recipe by folds, on one cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluation.scores import Evaluation
from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.page import render
from pipeline.report.picture import Picture
from pipeline.report.write import write_whole

PAGE = "evaluation.html"


@dataclass(frozen=True)
class Example:
    """A case worth looking at.

    Attributes
    ----------
    title : str
        Why it is shown.
    case, metric : str
        Whose value it is.
    value : float
        Of the metric.
    pictures : tuple of Picture
        The same slice: reference labels, then what was found.
    """

    title: str
    case: str
    metric: str
    value: float
    pictures: tuple[Picture, ...]


def write_evaluation(
    folder: Path, found: Evaluation, tables: Sequence[Lines], examples: Sequence[Example]
) -> Path:
    """Write the page into a folder and return its path.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    found : Evaluation
        What the tables are of.
    tables : sequence of Lines
        In the order they are read.
    examples : sequence of Example
        Shown above the tables.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    page = render(PAGE, found=found, tables=tables, examples=examples)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / PAGE, page)
    return folder / PAGE
