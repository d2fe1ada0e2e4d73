from __future__ import annotations

from pipeline.evaluation.comparison import Comparison
from pipeline.report.comparison.lines.comparison import comparison_lines
from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.comparison.markdown import markdown


def test_a_table_has_a_heading_a_ruling_and_its_rows() -> None:
    text = markdown([Lines("Dice", ("case", "value"), (("one", "0.9"),))])
    assert text == "### Dice\n\n| case | value |\n|---|---|\n| one | 0.9 |\n"


def test_no_cell_can_break_its_row(found: Comparison) -> None:
    for line in markdown(comparison_lines(found)).splitlines():
        assert not line or line.startswith(("###", "| ", "|-"))
    text = markdown([Lines("x", ("a",), (("one|two\nthree",),))])
    assert "one\\|two three" in text
