"""What each stage of one study costs by itself, in wall and processor seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch

import numpy as np

from benchmarks.clock import Spent, now
from pipeline.batch import look, write
from pipeline.batch.request import request
from pipeline.batch.setting import Setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.bundle.module import Module
from pipeline.bundle.runtimes.network import Network
from pipeline.dicom.read.header import quiet
from pipeline.run import appraise, prepare, runner

OTHERS = "others"
# Stage, and the functions that make it up, as the room that calls them knows them.
PLACES: tuple[tuple[str, Any, str], ...] = (
    ("scan, roles", look, "scan"),
    ("scan, roles", look, "assign"),
    ("decode", prepare, "load"),
    ("decode", prepare, "fingerprint"),
    ("alignment", appraise, "arrange"),
    ("grid", appraise, "resample"),
    ("grid", runner, "resample"),
    ("grid", prepare, "resample"),
    ("grid", write, "resample"),
    ("headers again", write, "reference_headers"),
    ("SEG", write, "write_segmentation"),
    ("SR", write, "write_report"),
    ("page", write, "write_page"),
)
Given = ParamSpec("Given")
Made = TypeVar("Made")


class Stages:
    """Adds up what is spent in each stage; a stage within another is not counted twice."""

    def __init__(self) -> None:
        self.spent: dict[str, Spent] = {}
        self._open: list[str] = []
        self._since = now()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is spent inside."""
        self._settle()
        self._open.append(name)
        try:
            yield
        finally:
            self._settle()
            self._open.pop()

    def counted(self, name: str, function: Callable[Given, Made]) -> Callable[Given, Made]:
        """The same function, its calls counted."""

        def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            with self.stage(name):
                return function(*args, **kwargs)

        return run

    def _settle(self) -> None:
        reached = now()
        if self._open:
            before = self.spent.get(self._open[-1], Spent(0.0, 0.0))
            spent = (b + n - s for b, n, s in zip(before, reached, self._since, strict=True))
            self.spent[self._open[-1]] = Spent(*spent)
        self._since = reached


class InTurn(Executor):
    """A pool that does at once what it is given, so that stages do not run into each other."""

    def __init__(self, workers: int) -> None:
        """Any number of `workers` are one."""

    def submit(
        self, function: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:
        """Do it now."""
        done: Future[Made] = Future()
        done.set_result(function(*args, **kwargs))
        return done


class Watched:
    """A network whose calls go through a function of ours."""

    def __init__(self, network: Network, call: Callable[[np.ndarray], np.ndarray]) -> None:
        self.name, self._call = network.name, call

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Run it."""
        return self._call(image)


@contextmanager
def note(setting: Setting) -> Iterator[dict[str, list[tuple[int, ...]]]]:
    """Note the sizes that each network is given, batch and channels first."""
    shapes: dict[str, list[tuple[int, ...]]] = {name: [] for name in setting.shelf.order}
    modules = {name: setting.shelf.module(name) for name in setting.shelf.order}
    noting = {
        name: replace(module, network=_noting(module.network, shapes[name]))
        for name, module in modules.items()
    }
    with patch.dict(setting.shelf._loaded, noting):
        yield shapes


def take_stages(setting: Setting, source: Path, out: Path) -> dict[str, Spent]:
    """Process one study, a step after the other, and say what each stage took."""
    stages, bench = Stages(), Bench(setting, out)
    loaded = {name: _counted(stages, setting.shelf.module(name)) for name in setting.shelf.order}
    out.mkdir()
    with ExitStack() as stack:
        for name, room, function in PLACES:
            counted = stages.counted(name, getattr(room, function))
            stack.enter_context(patch.object(room, function, counted))
        stack.enter_context(patch.object(write, "ThreadPoolExecutor", InTurn))
        stack.enter_context(patch.dict(setting.shelf._loaded, loaded))
        stack.enter_context(quiet())
        with stages.stage(OTHERS):
            case = look.assign(look.scan([source]).studies[0], setting.settings.roles)
            task = Task(0, case, "study", request(case, setting.lock, setting.intent))
            assert bench.process(task).row.status == "done"  # noqa: S101
    return stages.spent


def _noting(network: Network, shapes: list[tuple[int, ...]]) -> Network:
    def run(image: np.ndarray) -> np.ndarray:
        shapes.append((1, *image.shape))
        return network(image)

    return Watched(network, run)


def _counted(stages: Stages, module: Module) -> Module:
    name = module.ref.name
    return replace(
        module,
        network=Watched(module.network, stages.counted(f"{name} network", module.network)),
        preprocess=stages.counted("normalising", module.preprocess),
        postprocess=stages.counted("network's output", module.postprocess),
        interpret=stages.counted(f"{name} bundle's own code", module.interpret),
    )
