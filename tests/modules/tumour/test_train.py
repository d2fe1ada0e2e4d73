"""The recipe: who is learnt from in each fold, from which files, and how often in which way."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.train.folds import read_folds
from tests.modules.tumour.ball import LEFT, RIGHT, block, write_head, write_healthy, write_patient

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
TRAIN = import_file(BUNDLE, "train.py", "sha256:tumour-tests")
SETTINGS = json.loads((BUNDLE / "configs" / "train.json").read_text())
SHARES = {"patient": 0.3, "transplanted": 0.2, "healed": 0.1, "healthy": 0.15, "painted": 0.25}
FOLDS = [["anna", "IBSR_1"], ["ben"], ["IBSR_2"]]
BOX = (32, 32, 16)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two patients, two healthy people and a label map."""
    place = tmp_path / "data"
    write_patient(place / "tumour" / "ben", block(4, RIGHT), missing=("t1", "t2"))
    write_patient(place / "tumour" / "anna", block(4, LEFT))
    for name in ("IBSR_2", "IBSR_1"):
        write_healthy(place / "tissue" / name)
    write_head(place / "labelmaps" / "head_1.nii.gz")
    return place


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The module's network, with settings of a small training."""
    return with_shares(tmp_path / "bundle", SHARES)


def with_shares(bundle: Path, shares: dict[str, float]) -> Path:
    (bundle / "configs").mkdir(parents=True)
    shutil.copy(BUNDLE / "configs" / "inference.json", bundle / "configs")
    schedule = {"steps": 7, "learning_rate": 0.002, "seed": 3}
    settings = {"box": BOX, "shares": shares, "folds": FOLDS, "schedule": schedule}
    (bundle / "configs" / "train.json").write_text(json.dumps(settings))
    return bundle


def test_without_a_fold_everyone_is_learnt_from(bundle: Path, data: Path) -> None:
    found = TRAIN.recipe(bundle, data)
    assert found.cases == ("anna", "ben", "IBSR_1", "IBSR_2", "head_1")


@pytest.mark.parametrize(
    ("fold", "cases"),
    [
        (1, ("ben", "IBSR_2", "head_1")),
        (2, ("anna", "IBSR_1", "IBSR_2", "head_1")),
        (3, ("anna", "ben", "IBSR_1", "head_1")),
    ],
)
def test_a_fold_leaves_out_its_people_ill_and_healthy(
    bundle: Path, data: Path, fold: int, cases: tuple[str, ...]
) -> None:
    assert TRAIN.recipe(bundle, data, fold).cases == cases


def test_files_are_those_that_are_read(bundle: Path, data: Path) -> None:
    found = TRAIN.recipe(bundle, data, fold=1).files
    assert [str(path.relative_to(data)) for path in found] == [
        "labelmaps/head_1.nii.gz",
        "tumour/ben/t1c.nii.gz",
        "tumour/ben/flair.nii.gz",
        "tumour/ben/seg.nii.gz",
        "tissue/IBSR_2/t1.nii.gz",
    ]


def test_kinds_come_up_by_their_shares(
    bundle: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, str, Any]] = []
    for kind in ("as_is", "healed"):
        monkeypatch.setattr(
            TRAIN.draw, kind, lambda of, size, _, kind=kind: drawn.append((kind, of.name, size))
        )
    monkeypatch.setattr(
        TRAIN.draw,
        "transplanted",
        lambda host, donor, size, _: drawn.append((donor.name, host.name, size)),
    )
    monkeypatch.setattr(
        TRAIN, "synthesise", lambda of, size, _: drawn.append(("new", of.name, size))
    )
    recipe = TRAIN.recipe(bundle, data)
    for step in range(1000):
        recipe.draw(np.random.default_rng(step), step)
    assert {size for _, _, size in drawn} == {BOX}
    counts = Counter((kind, of) for kind, of, _ in drawn)
    wanted = {
        ("as_is", "anna"): 150,
        ("as_is", "ben"): 150,
        ("anna", "ben"): 75,
        ("ben", "anna"): 75,
        ("anna", "IBSR_1"): 12.5,
        ("anna", "IBSR_2"): 12.5,
        ("ben", "IBSR_1"): 12.5,
        ("ben", "IBSR_2"): 12.5,
        ("healed", "anna"): 50,
        ("healed", "ben"): 50,
        ("as_is", "IBSR_1"): 75,
        ("as_is", "IBSR_2"): 75,
        ("new", "head_1"): 250,
    }
    assert counts == pytest.approx(wanted, abs=25)


def test_where_one_patient_is_left_healthy_people_take_the_tumour(
    tmp_path: Path, data: Path
) -> None:
    bundle = with_shares(tmp_path / "alone", {"transplanted": 1.0})
    recipe = TRAIN.recipe(bundle, data, fold=2)
    images, regions = recipe.draw(np.random.default_rng(0), 0)
    assert images.any()
    assert regions.any()
    assert not images[2:].any(), "the healthy have T1 only"


@pytest.mark.parametrize("kind", SHARES)
def test_each_kind_is_a_sample_of_four_contrasts_and_three_regions(
    tmp_path: Path, data: Path, kind: str
) -> None:
    alone = {name: float(name == kind) for name in SHARES}
    recipe = TRAIN.recipe(with_shares(tmp_path / "alone", alone), data)
    drawn = [recipe.draw(np.random.default_rng(seed), 0) for seed in range(6)]
    for images, regions in drawn:
        assert images.shape == (4, *BOX)
        assert regions.shape == (3, *BOX)
        assert images.any()
    asks = any(bool(regions.any()) for _, regions in drawn)
    assert asks == (kind not in ("healed", "healthy"))


def test_a_draw_depends_on_its_generator_alone(bundle: Path, data: Path) -> None:
    recipe = TRAIN.recipe(bundle, data)
    for seed in range(6):
        first, later = (recipe.draw(np.random.default_rng(seed), step) for step in (0, 6))
        assert all(torch.equal(a, b) for a, b in zip(first, later, strict=True))


def test_network_and_schedule_are_the_bundles_and_start_alike(bundle: Path, data: Path) -> None:
    first, again = (TRAIN.recipe(bundle, data) for _ in range(2))
    assert first.schedule.steps == 7
    assert first.schedule.learning_rate == 0.002
    image = torch.zeros(1, 4, 32, 32, 16)
    assert first.network.eval()(image).shape == (1, 3, 32, 32, 16)
    weights, same = (recipe.network.state_dict() for recipe in (first, again))
    assert all(torch.equal(weights[name], same[name]) for name in weights)


def test_shares_of_the_release_are_of_the_kinds_there_are_and_make_one_whole() -> None:
    assert set(SETTINGS["shares"]) == set(SHARES)
    assert sum(SETTINGS["shares"].values()) == pytest.approx(1)


def test_every_person_is_left_out_of_one_fold(real_data: Path) -> None:
    people = [path.name for kind in ("tumour", "tissue") for path in (real_data / kind).iterdir()]
    assert sorted(name for fold in read_folds(BUNDLE) for name in fold) == sorted(people)


def logits(*sure: float) -> torch.Tensor:
    """Of whole tumour, core and enhancing part in each of 64 voxels, sure of all or none."""
    return torch.tensor(sure).reshape(1, 3, 1, 1, 1).expand(1, 3, 4, 4, 4)


@pytest.mark.parametrize("asked", [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_what_the_expert_drew_costs_nothing(asked: tuple[float, ...]) -> None:
    target = logits(*asked)
    right = logits(*(20 * share - 10 for share in asked))
    assert float(TRAIN.loss(right, target)) < 0.01
    assert float(TRAIN.loss(-right, target)) > 10


@pytest.mark.parametrize("region", range(3))
def test_each_region_costs_alike(region: int) -> None:
    asked = torch.ones(1, 3, 4, 4, 4)
    wrong = [10.0, 10.0, 10.0]
    wrong[region] = -10.0
    # A third of its Dice, and of its cross-entropy of ten.
    assert float(TRAIN.loss(logits(*wrong), asked)) == pytest.approx(11 / 3, abs=0.02)
