"""Run one step: from the cache if it is there, else compute, stamp and keep."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pipeline
from pipeline.errors import Code, InputError, TesseraError
from pipeline.result import Failure, Outcome, Result
from pipeline.run.cache import Cache, key
from pipeline.run.plan import Step
from pipeline.run.shelf import Shelf
from pipeline.types import Inputs


@dataclass(frozen=True)
class Executor:
    """What every step shares: the modules, the cache, and whether to raise.

    With `debug` an unexpected exception of a module's code is raised, not recorded.
    """

    shelf: Shelf
    cache: Cache
    debug: bool = False

    def execute(
        self, step: Step, fingerprints: Iterable[str], inputs: Callable[[], Inputs]
    ) -> Outcome:
        """Run one module.

        Parameters
        ----------
        step : Step
            Module, and the series' role where it runs once per series.
        fingerprints : iterable of str
            Everything about the input that can change the output.
        inputs : callable
            Builds the input; called only when nothing is cached.
        """
        started = time.perf_counter()
        ref = self.shelf.refs[step.module]
        address = key(ref, self.shelf.runtime_of(step.module), pipeline.__version__, fingerprints)
        found = self.cache.get(address)
        if found:
            seconds = time.perf_counter() - started
            return Result(
                ref, step.role, found.prediction, address, found.output, True, seconds, found.lock
            )
        try:
            prediction = self.shelf.module(step.module).predict(inputs())
        except InputError as error:
            return Failure(step.module, step.role, error.code, error.message, error.remedy)
        except (OSError, TesseraError):
            raise
        except Exception as error:
            # A module's code may fail in any way; its message may quote header values, so only the
            # kind of error is kept.
            if self.debug:
                raise
            failed = InputError(
                Code.MODULE_FAILED, f"{step.module} stopped with {type(error).__name__}."
            )
            return Failure(step.module, step.role, failed.code, failed.message, failed.remedy)
        output = self.cache.put(address, prediction)
        seconds = time.perf_counter() - started
        return Result(ref, step.role, prediction, address, output, False, seconds, self.cache.lock)
