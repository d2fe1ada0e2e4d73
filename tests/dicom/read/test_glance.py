from __future__ import annotations

import pytest
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset

from pipeline.dicom.read.glance import LABEL_MAP, glance_at


@pytest.mark.parametrize(
    ("storage", "image"),
    [
        (uid.MRImageStorage, True),
        (uid.SegmentationStorage, False),
        (LABEL_MAP, False),
        (uid.ParametricMapStorage, False),
        ("1.2.3.4", True),
    ],
)
def test_what_has_rows_is_an_image_where_its_class_does_not_say_otherwise(
    storage: str, image: bool
) -> None:
    header = Dataset()
    header.SOPClassUID, header.Rows = storage, 64
    header.file_meta = FileMetaDataset()
    assert glance_at(header).has_image == image
