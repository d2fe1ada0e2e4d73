from __future__ import annotations

from pathlib import Path

from PIL import Image

from pipeline.report.comparison.evaluation import Example, write_evaluation
from pipeline.report.comparison.lines.evaluation import evaluation_lines
from pipeline.report.picture import Picture
from tests.report.comparison.conftest import evaluation


def test_the_page_shows_examples_above_the_tables(tmp_path: Path) -> None:
    found = evaluation("1.0.0", {"<one>": 0.5, "two": 0.9})
    picture = Picture(Image.new("RGB", (4, 4)), "a slice", "reference labels")
    example = Example("Worst case", "<one>", "dice/whole", 0.5, (picture,))
    page = write_evaluation(tmp_path / "new", found, evaluation_lines(found), [example])
    text = page.read_text()
    assert "tumour 1.0.0 on real (n=2)" in text
    assert text.index("Worst case: &lt;one&gt;") < text.index("every case")
    assert "0.500" in text
    assert "run-1.0.0" in text
    assert "<one>" not in text
