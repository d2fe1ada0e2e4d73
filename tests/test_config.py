from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Gate, RoleOverride, Settings, read_settings
from pipeline.errors import ConfigError
from pipeline.types import Role
from pipeline.workspace import shipped


def written(folder: Path, text: str) -> Path:
    path = folder / "pipeline.toml"
    path.write_text(text)
    return path


def test_the_shipped_file_says_the_defaults() -> None:
    settings = read_settings(shipped() / "configs" / "pipeline.toml")
    names = ("quality", "brain", "tissue", "tumour")
    assert settings == Settings(modules=dict.fromkeys(names, "champion"))


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "pipeline.toml") == Settings()
    assert Settings().intent("anything") == "champion"


def test_every_key_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [modules]
        tumour = ">=1,<2"
        [run]
        runtime = "openvino"
        on_drift = "refuse"
        [gate]
        module = ""
        fail = "warn"
        abstain = "exclude"
        [[roles]]
        role = "T1c"
        description = "*MPRAGE*KM*"
        """,
    )
    assert read_settings(path) == Settings(
        modules={"tumour": ">=1,<2"},
        runtime="openvino",
        on_drift="refuse",
        gate=Gate(module="", fail="warn", abstain="exclude"),
        roles=(RoleOverride(Role.T1C, "*MPRAGE*KM*"),),
    )


@pytest.mark.parametrize(
    ("description", "fits"),
    [("t1 mprage sag km", True), ("T1_MPRAGE_KM ", True), ("t1 mprage sag", False), ("", False)],
)
def test_an_override_fits_the_whole_description_in_any_case(description: str, fits: bool) -> None:
    assert RoleOverride(Role.T1C, "*MPRAGE*KM*").matches(description) is fits


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[moduls]", "moduls is not a setting; the nearest is modules"),
        ("[run]\nruntme = 'auto'", r"run\.runtme is not a setting; the nearest is run\.runtime"),
        ("[run]\nzzz = 1", r"run\.zzz is not a setting; the nearest is run\."),
        (
            "[run]\nruntime = 'tensorrt'",
            "'tensorrt', not auto or torch or torch-float16 or openvino",
        ),
        ("[run]\non_drift = true", r"run\.on_drift is True, not warn or refuse"),
        ("[gate]\nmodule = 1", r"gate\.module is 1, not text in quotes"),
        ("run = 'torch'", r"run is a table, \[run\]"),
        ("modules = 'champion'", r"modules is a table, \[modules\]"),
        ("[modules]\ntumour = 1", r"modules\.tumour is 1, not text"),
        ("[modules]\ntumour = 'latest'", "is 'latest', not \"champion\" or like"),
        ("[roles]\nrole = 'T1'", r"roles is a list of tables, \[\[roles\]\]"),
        ("[[roles]]\nrole = 'T1'", "needs role and description"),
        ("[[roles]]\nrole = 'PD'\ndescription = '*'", "'PD', not T1 or T1c or T2 or FLAIR"),
        ("roles = ['T1']", "roles is a table"),
        ("[run", "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_file_named(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=message) as caught:
        read_settings(path)
    assert str(path) in caught.value.message
    assert caught.value.exit_status == 2


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(path)
