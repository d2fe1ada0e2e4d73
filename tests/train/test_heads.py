from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
import torch

from pipeline.train.heads import CORTEX, CSF, OTHER, VENTRICLE, WHITE, cut, read_heads


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One head stored right to left: scalp 502 around cortex 3, with a ventricle 4 on the left."""
    numbers = np.zeros((12, 10, 8), np.uint16)
    numbers[2:10, 2:9, 1:7] = 502
    numbers[3:9, 3:8, 2:6] = 3
    numbers[7, 4, 3] = 4
    affine = np.diag([-1.0, 1.0, 1.0, 1.0])
    nibabel.save(nibabel.Nifti1Image(numbers, affine), tmp_path / "head_01.nii.gz")
    return tmp_path


def test_numbers_become_classes_and_the_head_is_cropped(folder: Path) -> None:
    (head,) = read_heads(folder)
    assert head.name == "head_01"
    assert head.labels.shape == (8, 7, 6)
    assert head.labels.dtype == torch.uint8
    assert set(head.labels.unique().tolist()) == {VENTRICLE, CORTEX, OTHER}


def test_axes_run_to_the_patients_left_posterior_superior(folder: Path) -> None:
    (head,) = read_heads(folder)
    x, y, z = (head.labels == VENTRICLE).nonzero()[0].tolist()
    # Stored x runs to the left already; stored y runs to anterior, so it is turned.
    assert (x, y, z) == (5, 4, 2)


def test_the_brains_centre_leaves_scalp_out(folder: Path) -> None:
    (head,) = read_heads(folder)
    np.testing.assert_allclose(head.brain_centre, [3.5, 3.0, 2.5], atol=1e-6)


def test_cutting_takes_the_nearest_label_and_air_outside(folder: Path) -> None:
    (head,) = read_heads(folder)
    at = torch.from_numpy(np.indices((8, 8, 8), np.float32).reshape(3, -1) + 0.4)
    labels = cut(head, at, 8)
    assert torch.equal(labels[:, :7, :6], head.labels)
    assert not labels[:, 7].any()
    assert not labels[:, :, 6:].any()


def test_left_and_right_structures_are_one_class() -> None:
    from pipeline.train.heads import CLASS_OF

    for left, right, wanted in ((2, 41, WHITE), (3, 42, CORTEX), (4, 43, VENTRICLE)):
        assert CLASS_OF[left] == CLASS_OF[right] == wanted
    assert CLASS_OF[24] == CSF
