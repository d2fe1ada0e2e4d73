"""A run of MLflow is closed as the work on it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.versions.registry.asking import is_silence

if TYPE_CHECKING:
    from mlflow import MlflowClient


@contextmanager
def closing(client: MlflowClient, run_id: str) -> Iterator[None]:
    """Close the run as "FINISHED" as the block ends, or as "FAILED".

    A server that does not answer is not asked again: whoever waits has waited for minutes.
    """
    try:
        yield
    except BaseException as error:
        if not is_silence(error):
            client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id, "FINISHED")
