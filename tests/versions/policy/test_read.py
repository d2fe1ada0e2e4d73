from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.versions.bundles.digest import file_sha256
from pipeline.versions.policy.policy import Budget, Floor, Gate, Margin, Misses, Worst
from pipeline.versions.policy.read import policy_path, read_policy

CONFIGS = Path(__file__).parents[3] / "configs"
WHOLE = """
alpha = 0.1
least_cases = 10
inconclusive = "refuse"
failures = 1
[floors]
"dice/whole" = { least = 0.7, on = "bound" }
"hd95/whole" = { most = 12 }
[margins]
"dice/whole" = 0.02
[[subgroups]]
column = "scanner"
metric = "dice/whole"
loss = 0.05
[worst_case]
"dice/whole" = 0.1
[lesions]
"lesion_misses/whole" = 2
[budget]
seconds = 1.5
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "tumour.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_criterion_is_read(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, WHOLE))
    assert (policy.module, policy.alpha, policy.least_cases) == ("tumour", 0.1, 10)
    assert (policy.inconclusive, policy.failures) == ("refuse", 1)
    assert policy.floors == (
        Floor("dice/whole", "least", 0.7, "bound"),
        Floor("hd95/whole", "most", 12.0, "mean"),
    )
    assert policy.margins == (Margin("dice/whole", 0.02),)
    assert policy.subgroups == (Gate("scanner", "dice/whole", 0.05, 5, "pass"),)
    assert policy.worst == (Worst("dice/whole", 0.1),)
    assert policy.misses == (Misses("lesion_misses/whole", 2),)
    assert policy.budget == Budget(seconds=1.5, memory=None)
    assert policy.metrics == ("dice/whole", "hd95/whole", "lesion_misses/whole")


def test_the_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    assert read_policy(path).digest == file_sha256(path)
    before = file_sha256(path)
    assert read_policy(written(tmp_path, WHOLE.replace("0.02", "0.03"))).digest != before


@pytest.mark.parametrize("module", ["quality", "tissue", "tumour"])
def test_the_shipped_policies_can_be_read(module: str) -> None:
    policy = read_policy(policy_path(CONFIGS, module))
    assert policy.module == module
    assert policy.floors
    assert policy.margins


def test_the_example_of_the_documentation_can_be_read(tmp_path: Path) -> None:
    text = (CONFIGS.parent / "docs" / "policy.md").read_text(encoding="utf-8")
    policy = read_policy(written(tmp_path, text.split("```toml")[1].split("```")[0]))
    assert policy.subgroups[0].column == "size"
    assert policy.budget == Budget(1.5, 1.25)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("margin = 1", "margin is not a setting; the nearest is margins"),
        ("", "holds no criterion, so that anything would pass"),
        ("alpha = 0.05", "holds no criterion"),
        ("alpha = 1\n[margins]\n'dice/x' = 0", "alpha is 1, not a number from 0.001 to 0.25"),
        ("alpha = true\n[margins]\n'dice/x' = 0", "alpha is True"),
        ("[margins]\n'dice/x' = -0.1", r"margins\.dice/x is -0\.1, not a number from 0"),
        ("[margins]\n'dice/x' = nan", r"margins\.dice/x is nan"),
        ("[margins]\n'dice/x' = '2 %'", r"margins\.dice/x is '2 %', not a number"),
        ("margins = 3", "margins is 3, not a table"),
        (
            "least_cases = 8.5\n[margins]\n'dice/x' = 0",
            "least_cases is 8.5, not a whole number from 2",
        ),
        ("inconclusive = 'accept'\n[margins]\n'dice/x' = 0", "'accept', not hold or refuse"),
        ("[floors]\n'dice/x' = 0.7", r"floors\.dice/x is 0\.7, not a table"),
        ("[floors]\n'dice/x' = { on = 'mean' }", "needs one of least and most"),
        ("[floors]\n'dice/x' = { least = 1, most = 2 }", "needs one of least and most"),
        ("[floors]\n'dice/x' = { lest = 1 }", r"floors\.dice/x\.lest is not a setting.*x\.least"),
        ("[floors]\n'dice/x' = { least = 1, on = 'median' }", "'median', not mean or bound"),
        ("[subgroups]\ncolumn = 'x'", r"subgroups is a list of tables, \[\[subgroups\]\]"),
        ("[[subgroups]]\ncolumn = 'x'\nloss = 1", r"subgroups\.metric is missing"),
        ("[[subgroups]]\ncolumn = 3\nmetric = 'x'\nloss = 1", r"column is 3, not text"),
        ("[[subgroups]]\nrow = 'x'", r"subgroups\.row is not a setting"),
        ("[lesions]\n'lesion_misses/x' = 0.5", "0.5, not a whole number from 0"),
        ("[lesions]\n'dice/x' = 0", r"lesions\.dice/x counts no lesions"),
        ("[lesions]\n'lesion_f1/x' = 0", r"lesions\.lesion_f1/x counts no lesions"),
        ("[budget]\nminutes = 2", r"budget\.minutes is not a setting; the nearest is budget\."),
        ("[floors", "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_file_named(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=message) as caught:
        read_policy(path)
    assert str(path) in caught.value.message


def test_a_missing_policy_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tumour\.toml is missing.*docs/policy\.md"):
        read_policy(tmp_path / "tumour.toml")
