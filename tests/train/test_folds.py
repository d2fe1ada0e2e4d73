from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.train.folds import fold_of, read_folds


def bundle(folder: Path, folds: object) -> Path:
    (folder / "tissue" / "configs").mkdir(parents=True)
    (folder / "tissue" / "configs" / "train.json").write_text(json.dumps({"folds": folds}))
    return folder / "tissue"


def test_each_fold_names_the_cases_it_leaves_out(tmp_path: Path) -> None:
    made = bundle(tmp_path, [["a", "b"], ["c"]])
    assert read_folds(made) == (("a", "b"), ("c",))
    assert fold_of(made, 2) == ("c",)


@pytest.mark.parametrize("folds", [[["a", "b"], ["c", "a"]], [["a", "a"], ["b"]]])
def test_a_case_that_would_be_judged_twice_is_refused(tmp_path: Path, folds: list) -> None:
    with pytest.raises(UsageError, match="folds of tissue name a more than once"):
        read_folds(bundle(tmp_path, folds))


@pytest.mark.parametrize("folds", [None, 3, [1, 2], "abc", ["abc"]])
def test_what_are_no_folds_is_said(tmp_path: Path, folds: object) -> None:
    with pytest.raises(UsageError, match="tissue is not trained by folds"):
        read_folds(bundle(tmp_path, folds))
