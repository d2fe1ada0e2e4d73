"""Ask MLflow quietly, and turn what goes wrong into an error with a remedy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import RegistryError
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.store import SERVER, page_of

with quiet():
    from mlflow.exceptions import MlflowException
LONGEST = 300
# The line that names what happened; others say where, or quote the database's language.
TELLING = re.compile(r"Error\)|\[Errno")
# What its HTTP client says, at the end of much else, of a server that refused each time.
REFUSED = re.compile(r"too many \d+ error responses")


@contextmanager
def asking() -> Iterator[None]:
    """Ask inside the block.

    Raises
    ------
    RegistryError
        MLflow cannot be reached or refuses; a password in the server's address is left out.
    """
    try:
        with quiet():
            yield
    except (MlflowException, SQLAlchemyError, OSError, ImportError) as error:
        raise failure(error, os.environ.get(SERVER, "")) from error


def failure(error: Exception, server: str) -> RegistryError:
    """Say what `error` means where `server` is the address of the store, empty for the embedded."""
    page, said = page_of(server), _reason(error, server)
    if isinstance(error, ImportError):
        return RegistryError(
            f"MLflow needs what is not installed here: {said}.",
            f"Install it beside Tessera, or correct {SERVER}.",
        )
    if not server:
        return RegistryError(
            f"MLflow refuses or cannot be reached: {said}.",
            "Check that mlruns/ is whole and can be written.",
        )
    if is_silence(error):
        return RegistryError(
            f"The MLflow server at {page} does not answer.",
            f"See that it runs and can be reached from here, or correct {SERVER}.",
        )
    return RegistryError(
        f"MLflow at {page} refuses, or cannot be reached: {said}.",
        f"Look what it says itself, or correct {SERVER}.",
    )


def is_silence(error: BaseException | None) -> bool:
    """Whether it was raised because a server does not answer, or while that was handled."""
    # MLflow puts words around what its HTTP client raised: an OSError without a number, and without
    # a response where there was none.
    if isinstance(error, OSError) and error.errno is None:
        # A server that answered with errors until we gave up has no response either.
        return getattr(error, "response", None) is None and not REFUSED.search(str(error))
    return error is not None and is_silence(error.__cause__ or error.__context__)


def _reason(error: Exception, server: str) -> str:
    refused = REFUSED.search(str(error))
    if refused:
        return refused[0]
    lines = str(error).splitlines() or [type(error).__name__]
    telling = next((line for line in lines if TELLING.search(line)), lines[0])
    plain = telling.replace(server, page_of(server)) if server else telling
    plain = re.sub(r"//[^@/\s]*@", "//", plain).strip(" .")
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
