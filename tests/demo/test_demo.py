"""The demo as a user runs it, on a coarse cohort, through the shipped modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo.demo import Demo, run_demo, table_of
from pipeline.errors import Code
from pipeline.report.row import Status

pytestmark = pytest.mark.slow


class Silent:
    def scanned(self, found) -> None: ...

    def started(self, name: str) -> None: ...

    def done(self, row, resumed: bool) -> None: ...


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("demo"), Silent(), lambda line: None, spacing=2)


def test_every_study_ends_as_it_was_made_to(demo: Demo) -> None:
    codes = {judged.truth.name: judged.row.code for judged in demo.studies}
    assert len(codes) == 7
    assert codes["incomplete"] is Code.MISSING_SLICE
    assert codes["single"] is Code.NOT_ENOUGH_ROLES
    assert codes["restless"] is Code.QUALITY_GATE
    for name in ("frontal", "repositioned", "two-contrasts"):
        assert codes[name] is None, name


def test_a_large_tumour_is_found(demo: Demo) -> None:
    (frontal,) = (judged for judged in demo.studies if judged.truth.name == "frontal")
    assert frontal.score.tumour["whole"] > 0.3
    assert frontal.row.status is Status.DONE


def test_the_table_has_a_line_for_each_study_under_its_header(demo: Demo) -> None:
    header, *lines = table_of(demo)
    assert [line[0] for line in lines] == [judged.truth.name for judged in demo.studies]
    assert {len(line) for line in lines} == {len(header)}
    assert Path(demo.index).is_file()
