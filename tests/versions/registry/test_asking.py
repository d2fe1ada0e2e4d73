from __future__ import annotations

import importlib

import pytest
from mlflow.exceptions import MlflowException
from requests import ConnectionError, HTTPError, Response
from requests.exceptions import RetryError

from pipeline.errors import RegistryError
from pipeline.versions.registry.asking import asking, failure
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

SERVER = "http://ann:hunter/2@lab:5000"


def of_mlflow(text: str, cause: Exception) -> MlflowException:
    """As MLflow raises it: in the middle of handling what its HTTP client raised."""
    error = MlflowException(text)
    error.__context__ = cause
    return error


def test_a_silent_server_is_named_and_not_its_password_nor_the_folder() -> None:
    error = failure(of_mlflow(f"API request to {SERVER}/api%2F failed", ConnectionError()), SERVER)
    assert error.message == "The MLflow server at http://lab:5000 does not answer."
    assert "mlruns" not in error.remedy
    assert "MLFLOW_TRACKING_URI" in error.remedy


def test_a_server_that_answers_with_errors_only_is_not_silent() -> None:
    """As urllib3 says it once it has tried often enough."""
    cause = RetryError("Max retries exceeded (Caused by: too many 500 error responses)")
    error = failure(of_mlflow("API request failed: too many 500 error responses", cause), SERVER)
    assert error.message.endswith("cannot be reached: too many 500 error responses.")


def test_the_line_that_names_what_happened_is_told() -> None:
    text = "(raised as a result of autoflush)\n(sqlite3.OperationalError) database or disk is full"
    error = failure(MlflowException(f"{text}\n[SQL: INSERT]\n[parameters: ('x')]"), "")
    assert error.message.endswith("reached: (sqlite3.OperationalError) database or disk is full.")


@pytest.mark.parametrize("answer", [MlflowException, HTTPError])
def test_a_server_that_refuses_is_told_in_its_own_words(answer: type[Exception]) -> None:
    text = f"{SERVER}/api says no {'x' * 400}"
    known = {"response": Response()} if answer is HTTPError else {}
    error = failure(answer(text, **known), SERVER)
    assert "refuses, or cannot be reached: http://lab:5000/api says no xxx" in error.message
    assert error.message.endswith("x….")
    assert "hunter" not in str(error)


def test_an_embedded_store_is_a_folder_to_check() -> None:
    error = failure(OSError(28, "No space left on device"), "")
    assert "No space left" in error.message
    assert "mlruns/" in error.remedy


def test_a_driver_that_is_not_installed_is_named(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql+nodriver://ann:hunter2@lab/mlflow")
    with pytest.raises(RegistryError) as caught:
        Registry(workspace).names()
    assert "hunter2" not in str(caught.value)
    with pytest.raises(RegistryError, match="needs what is not installed here: No mod"), asking():
        importlib.import_module("nothing_of_that_name")
