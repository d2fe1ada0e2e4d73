from __future__ import annotations

import pytest
from mlflow.exceptions import MlflowException
from mlflow.utils.validation import _validate_metric_name

from pipeline.versions.registry.key import is_key, key_of


def mlflow_takes(name: str) -> bool:
    try:
        _validate_metric_name(name)
    except MlflowException:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("tumour-real", "tumour-real"),
        ("tumour-real[T1c+FLAIR]", "tumour-real_T1c_FLAIR_"),
        ("St. Mary's (3 T) & co", "St. Mary_s _3 T_ _ co"),
    ],
)
def test_a_key_is_the_name_as_far_as_mlflow_takes_it(name: str, key: str) -> None:
    assert key_of(name) == key
    assert mlflow_takes(f"{key}/dice/whole")


@pytest.mark.parametrize(
    "name",
    ["whole", "deep GM", "a/b", "3:1", "Ödem", "", ".", "..", "/", "a//b", "a/", "a+b", "x'"],
)
def test_a_name_ends_a_metric_exactly_where_mlflow_says_so(name: str) -> None:
    assert is_key(name) == mlflow_takes(f"dice/{name}")
