"""What a batch is to do: its input's studies as tasks, and the receipt of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.receipt import Receipt
from pipeline.batch.request import request
from pipeline.batch.setting import Setting
from pipeline.batch.task import Task
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.run.pseudonym import pseudonym
from pipeline.study import Study


def look(paths: Sequence[Path], sources: str, setting: Setting) -> tuple[Receipt, Sequence[Task]]:
    """Read all headers and see what there is to do.

    Raises
    ------
    InputError
        EMPTY: there is no image.
    """
    found = scan(paths)
    if not found.studies:
        raise InputError(Code.EMPTY, found.why_empty)
    tasks = [_task(number, study, setting) for number, study in enumerate(found.studies)]
    requests = {task.name: task.wanted for task in tasks}
    return Receipt(sources, requests, found.found, found.reasons), tasks


def _task(number: int, study: Study, setting: Setting) -> Task:
    case = assign(study, setting.settings.roles)
    name = pseudonym(study.uid, setting.site_key)
    return Task(number, case, name, request(case, setting.lock, setting.intent))
