"""What a recipe's own code does wrong, in words its author can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import BundleError, TesseraError, UsageError


@contextmanager
def authored(what: str) -> Iterator[None]:
    """Name the errors of a module's train.py within.

    Parameters
    ----------
    what : str
        What is done within; begins the message.

    Raises
    ------
    UsageError
        A file cannot be read.
    BundleError
        Anything else went wrong but what is named already.
    """
    try:
        yield
    except TesseraError:
        raise
    except OSError as error:
        words = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise UsageError(
            f"{what} cannot read a file: {words}.",
            "See that the folder named with --data holds all that train.py reads.",
        ) from error
    except Exception as error:
        raise BundleError(
            f"{what} stopped with {type(error).__name__}: {error}.",
            "Mend train.py or configs/train.json; --debug shows where.",
        ) from error
