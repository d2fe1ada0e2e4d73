from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BundleError, ContractError
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

Make = Callable[..., Path]
SEGMENT = """
[[segments]]
number = 1
name = "grey matter"
category = ["85756007", "SCT", "Tissue"]
type = ["389081007", "SCT", "Gray matter"]
colour = [150, 150, 150]
"""
METRICS = """
[metrics]
dice = "higher"
"""
SECOND = SEGMENT.replace("number = 1", "number = 2").replace("grey", "white") + METRICS


@pytest.fixture
def registry(workspace: Workspace, make_bundle: Make) -> Registry:
    """Tissue 1.0.0 with one segment."""
    made = Registry(workspace)
    made.register(changed(make_bundle(workspace.modules / "tissue")))
    return made


def changed(bundle: Path, old: str = "", new: str = "") -> Path:
    path = bundle / "module.toml"
    text = path.read_text() + SEGMENT + METRICS
    assert old in text
    path.write_text(text.replace(old, new))
    return bundle


def register(registry: Registry, make: Make, version: str, old: str = "", new: str = "") -> None:
    folder = registry.workspace.modules / "tissue"
    registry.register(changed(make(folder, version, seed=7), old, new))


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('roles = ["T1"]', 'roles = ["T1", "T2"]', "needs"),
        ('take = "first"', 'take = "all"', "needs"),
        ("spacing_mm = [1.0, 1.0, 1.0]", "spacing_mm = [1.0, 1.0, 2.0]", "needs"),
        ('take = "first"', 'take = "first"\nupstream = ["quality"]', "needs"),
        (METRICS, SECOND, "segments"),
        ('name = "grey matter"', 'name = "cortex"', "segments"),
        ('"389081007"', '"389080008"', "segments"),
        ('dice = "higher"', 'dice = "lower"', "metrics"),
        ('dice = "higher"', 'dice = "higher"\nhd95 = "lower"', "metrics"),
    ],
)
def test_a_changed_contract_needs_a_higher_major_version(
    registry: Registry, make_bundle: Make, old: str, new: str, part: str
) -> None:
    with pytest.raises(
        ContractError, match=rf"tissue 1\.1\.0 changes the contract of 1\.0\.0: {part}\."
    ) as caught:
        register(registry, make_bundle, "1.1.0", old, new)
    assert "to 2.0.0" in caught.value.remedy
    assert isinstance(caught.value, BundleError)
    assert len(registry.versions("tissue")) == 1
    register(registry, make_bundle, "2.0.0", old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "A module for tests"', 'title = "Other words"'),
        ('summary = "Nothing."', 'summary = "Something."'),
        ("colour = [150, 150, 150]", "colour = [1, 2, 3]"),
        ('"Gray matter"', '"Grey matter of brain"'),
        ("level =", "# a comment\nlevel ="),
    ],
)
def test_wording_and_colours_are_free(
    registry: Registry, make_bundle: Make, old: str, new: str
) -> None:
    register(registry, make_bundle, "1.0.1", old, new)
    assert [v.module.version for v in registry.versions("tissue")] == ["1.0.0", "1.0.1"]


def test_a_later_version_of_an_older_major_keeps_that_ones_contract(
    registry: Registry, make_bundle: Make
) -> None:
    register(registry, make_bundle, "2.0.0", "grey matter", "cortex")
    register(registry, make_bundle, "1.1.0")
    with pytest.raises(ContractError, match=r"contract of 2\.0\.0: segments") as caught:
        register(registry, make_bundle, "2.1.0")
    assert "to 3.0.0" in caught.value.remedy
