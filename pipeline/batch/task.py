"""One study to be done, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.batch.record import Ended
from pipeline.errors import InputError, TesseraError
from pipeline.study import Case


@dataclass(frozen=True)
class Task:
    """A study of a batch.

    Attributes
    ----------
    number : int
        Its place in the batch, from 0: rows keep this order whoever ends first.
    case : Case
        The study and its roles.
    name : str
        Its pseudonym, and the name of its folder.
    wanted : str
        What is asked for; see `pipeline.batch.request`.
    """

    number: int
    case: Case
    name: str
    wanted: str


@dataclass(frozen=True)
class Stopped:
    """An error that ends the whole batch, in a form that travels between processes."""

    kind: type[TesseraError]
    message: str
    remedy: str

    def error(self) -> TesseraError:
        """The error itself."""
        return self.kind(self.message, self.remedy)


@dataclass(frozen=True)
class Lost:
    """A worker died with the study."""


Answer = Ended | Stopped | Lost


def stopped(error: TesseraError) -> Stopped:
    """Carry an error over; one study's own error never comes here."""
    kind = TesseraError if isinstance(error, InputError) else type(error)
    return Stopped(kind, error.message, error.remedy)
