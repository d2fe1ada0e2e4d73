"""Run one step: from the cache if it is there, else compute, stamp and keep."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pipeline
from pipeline.errors import REMEDIES, BundleError, Code, InputError, TesseraError
from pipeline.result import Failure, Outcome, Result
from pipeline.run.cache import Cache, key
from pipeline.run.plan import Step
from pipeline.run.shelf import Shelf
from pipeline.types import Inputs, Prediction

# What may be otherwise the next time: no module's failure, so the study is run again.
PASSING = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EIO)
)


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
        made = self._predict(step, inputs)
        if isinstance(made, Failure):
            return made
        output = self.cache.put(address, made)
        seconds = time.perf_counter() - started
        return Result(ref, step.role, made, address, output, False, seconds, self.cache.lock)

    def _predict(self, step: Step, inputs: Callable[[], Inputs]) -> Prediction | Failure:
        """What the module makes of its input; what its own code does is its own failure."""
        try:
            module, given = self.shelf.module(step.module), inputs()
        except InputError as error:
            return self._failure(step, error)
        except (OSError, TesseraError):
            raise
        except (Exception, SystemExit) as error:
            return self._failure(step, error)
        try:
            return module.predict(given)
        except (Exception, SystemExit) as error:
            if isinstance(error, OSError) and error.errno in PASSING:
                raise
            return self._failure(step, error)

    def _failure(self, step: Step, error: BaseException) -> Failure:
        if isinstance(error, InputError):
            return Failure(step.module, step.role, error.code, error.message, error.remedy)
        code = Code.MODULE_FAILED
        if isinstance(error, BundleError):
            return Failure(step.module, step.role, code, error.message, error.remedy)
        if self.debug and isinstance(error, Exception):
            raise error
        # A module's code may fail in any way; its message may quote header values, so only the
        # kind of error is kept.
        said = f"{step.module} stopped with {type(error).__name__}."
        return Failure(step.module, step.role, code, said, REMEDIES[code])
