from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.contract import read_contract
from pipeline.errors import BundleError
from pipeline.types import Role

MODULES = Path(__file__).parents[2] / "modules"


def test_the_tumour_contract_says_what_the_design_says() -> None:
    contract = read_contract(MODULES / "tumour")
    assert contract.needs.roles == (Role.T1, Role.T1C, Role.T2, Role.FLAIR)
    assert contract.needs.at_least == (Role.T1C, Role.FLAIR)
    assert contract.needs.upstream == ("tissue",)
    assert [segment.number for segment in contract.segments] == [1, 2, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('level = "case"', 'level = "patient"'),
        ('"T1c", "T2"', '"T1c", "PET"'),
        ("[needs]", "[need]"),
        ('take = "all"', ""),
        ("number = 1", 'number = "one"'),
        ('name = "tumour"', "name = "),
    ],
)
def test_a_contract_with_an_error_names_its_file(tmp_path: Path, before: str, after: str) -> None:
    text = (MODULES / "tumour" / "module.toml").read_text()
    assert before in text
    (tmp_path / "module.toml").write_text(text.replace(before, after, 1))
    with pytest.raises(BundleError, match=r"module\.toml is not a valid contract"):
        read_contract(tmp_path)


def test_a_folder_without_a_contract_is_no_module(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="missing"):
        read_contract(tmp_path)
