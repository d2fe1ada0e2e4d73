from __future__ import annotations

import importlib
import inspect

import pytest

from pipeline.versions.bundles.plain import TARGETS, is_plain_argument


def named(target: str) -> type:
    package, _, name = target.rpartition(".")
    found: type = getattr(importlib.import_module(package), name)
    return found


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_each_is_a_class_that_opens_nothing_unless_told_to(target: str) -> None:
    arguments = inspect.signature(named(target).__init__).parameters.values()
    given = {each.name: each.default for each in arguments if each.default is not each.empty}
    assert [name for name, value in given.items() if not is_plain_argument(name, value)] == []


@pytest.mark.parametrize("word", ["Load", "Save", "Write", "Lambda", "Torch", "Print"])
def test_no_name_speaks_of_files_or_functions(word: str) -> None:
    assert [target for target in TARGETS if word in target.rpartition(".")[2]] == []
