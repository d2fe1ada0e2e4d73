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


NEED = {
    "level": '"case"',
    "roles": '["T1", "T1c"]',
    "at_least": '["T1"]',
    "take": '"all"',
    "spacing_mm": "[1, 1.0, 2.5]",
    "upstream": '["brain"]',
    "mask": '"brain"',
}
SEGMENT = {
    "number": "1",
    "name": '"spot"',
    "category": '["85756007", "SCT", "Tissue"]',
    "type": '["12738006", "SCT", "Brain"]',
    "colour": "[200, 60, 60]",
}


def write(
    folder: Path,
    top: dict[str, str] | None = None,
    needs: dict[str, str] | None = None,
    segments: tuple[dict[str, str], ...] = ({},),
    metrics: dict[str, str] | None = None,
) -> Path:
    """A contract, with entries that differ from those above; an empty one is left out."""
    tables = [
        ("", {"name": '"spots"', "title": '"Spots"', "summary": '"Finds."', **(top or {})}),
        ("[needs]", {**NEED, **(needs or {})}),
        *(("[[segments]]", {**SEGMENT, **segment}) for segment in segments),
        ("[metrics]", metrics or {}),
    ]
    lines = [
        line
        for head, entries in tables
        for line in (head, *(f"{key} = {value}" for key, value in entries.items() if value))
    ]
    (folder / "module.toml").write_text("\n".join(lines))
    return folder


def test_what_is_left_out_has_a_meaning(tmp_path: Path) -> None:
    needs = read_contract(write(tmp_path, needs={"upstream": "", "mask": ""})).needs
    assert (needs.shape, needs.upstream, needs.mask, needs.margin_mm) == ((), (), "", 0.0)
    assert needs.spacing_mm == (1.0, 1.0, 2.5)


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ({"take": ""}, 'take in [needs] is missing. Write it like: take = "all"'),
        ({"level": '"patient"'}, "level in [needs] is not series or case."),
        ({"level": '"series"'}, "level in [needs] is series, where nothing has run before"),
        ({"roles": '"T1"'}, "roles in [needs] is not a list of some of T1, T1c, T2, FLAIR."),
        ({"roles": '["T1w"]'}, "roles in [needs] is not a list of some of"),
        ({"at_least": "[]"}, "at_least in [needs] is not a list of some of"),
        ({"at_least": '["T1", "T2"]'}, "at_least in [needs] names T2, which roles does not."),
        ({"spacing_mm": "4.0"}, "spacing_mm in [needs] is not three numbers above 0."),
        ({"spacing_mm": "[4.0, 4.0]"}, "spacing_mm in [needs] is not"),
        ({"spacing_mm": "[4.0, 0.0, 4.0]"}, "spacing_mm in [needs] is not"),
        ({"spacing_mm": "[4.0, inf, 4.0]"}, "spacing_mm in [needs] is not"),
        ({"spacing_mm": '["4", "4", "4"]'}, "spacing_mm in [needs] is not"),
        ({"shape": "[96, 96]"}, "shape in [needs] is not three whole numbers."),
        ({"shape": "[96.0, 96, 96]"}, "shape in [needs] is not"),
        ({"upstream": '"brain"'}, "upstream in [needs] is not a list of modules' names."),
        ({"mask": '"tissue"'}, "mask in [needs] is 'tissue', which upstream does not name."),
        ({"margin_mm": "-1"}, "margin_mm in [needs] is not a number from 0."),
        ({"margin": "3"}, "margin in [needs] is not known. Write one of these: level, roles,"),
    ],
)
def test_a_need_without_sense_is_named(tmp_path: Path, needs: dict[str, str], said: str) -> None:
    with pytest.raises(BundleError) as caught:
        read_contract(write(tmp_path, needs=needs))
    assert f"module.toml is not a valid contract: {said}" in str(caught.value)


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        (({"number": "0"},), "number in [[segments]] no. 1 is not a whole number from 1 to 255."),
        (({"number": "300"},), "number in [[segments]] no. 1 is not a whole number"),
        (({"number": "true"},), "number in [[segments]] no. 1 is not a whole number"),
        (({"number": "2"},), "number in [[segments]] no. 1 is 2, not 1."),
        (({}, {"name": '"other"'}), "number in [[segments]] no. 2 is 1, not 2."),
        (({}, {"number": "2"}), "name in [[segments]] no. 2 is 'spot', as another segment's."),
        (({"name": "7"},), "name in [[segments]] no. 1 is not text in quotes."),
        (({"type": ""},), "type in [[segments]] no. 1 is missing."),
        (({"type": '["12738006", "SCT"]'},), "type in [[segments]] no. 1 is not a code,"),
        (({"type": '"Brain"'},), "type in [[segments]] no. 1 is not a code,"),
        (({"category": '["1", "", "x"]'},), "category in [[segments]] no. 1 is not a code,"),
        (({"colour": '"#ff0000"'},), "colour in [[segments]] no. 1 is not three whole numbers"),
        (({"colour": "[0, 0, 256]"},), "colour in [[segments]] no. 1 is not three whole numbers"),
    ],
)
def test_a_segment_without_sense_is_named(
    tmp_path: Path, segments: tuple[dict[str, str], ...], said: str
) -> None:
    with pytest.raises(BundleError) as caught:
        read_contract(write(tmp_path, segments=segments))
    assert f"module.toml is not a valid contract: {said}" in str(caught.value)


def test_a_metric_is_better_higher_or_lower(tmp_path: Path) -> None:
    assert read_contract(write(tmp_path, metrics={"dice": '"higher"'})).metrics["dice"] == "higher"
    with pytest.raises(BundleError, match=r"dice in \[metrics\] is not higher or lower"):
        read_contract(write(tmp_path, metrics={"dice": '"up"'}))


@pytest.mark.parametrize(("value", "said"), [("", "is missing"), ("3", "is not text in quotes")])
def test_a_module_has_a_title(tmp_path: Path, value: str, said: str) -> None:
    with pytest.raises(BundleError, match=f"title {said}"):
        read_contract(write(tmp_path, top={"title": value}))


def test_a_folder_without_a_contract_is_no_module(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="missing"):
        read_contract(tmp_path)
