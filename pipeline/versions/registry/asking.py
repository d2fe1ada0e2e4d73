"""Ask MLflow quietly, and turn what goes wrong into an error with a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import RegistryError
from pipeline.versions.registry.quiet import quiet

with quiet():
    from mlflow.exceptions import MlflowException


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
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise RegistryError(
            f"MLflow refuses or cannot be reached: {_reason(error)}.",
            "Check MLFLOW_TRACKING_URI, or that mlruns/ is whole and can be written.",
        ) from error


def _reason(error: Exception) -> str:
    # A server's address may hold a password.
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(r"//[^@/\s]*@", "//", first)[:300]
