from __future__ import annotations

import math

from pipeline.report.further import explained, further_columns, further_lines
from pipeline.report.row import Row, Status, Volumes

from .phantom import WHITE, millilitres

OEDEMA = millilitres("oedema volume", 19.4)
ONE = Row("one", Status.DONE, others=(OEDEMA,))
TWO = Row("two", Status.DONE, others=(WHITE, OEDEMA))
NONE = Row("none", Status.FAILED)


def test_figures_stand_in_the_order_they_were_first_met() -> None:
    columns = further_columns((NONE, ONE, TWO))
    assert [column.heading for column in columns] == ["Oedema", "WM fraction"]
    one, two = further_lines((NONE, ONE, TWO), columns)
    assert (one.row, one.values[0], math.isnan(one.values[1])) == (ONE, 19.4, True)
    assert (two.row, two.values) == (TWO, (19.4, 0.4))


def test_a_brain_is_explained_where_one_was_measured() -> None:
    (brain,) = explained((Row("brain", Status.DONE, volumes_ml=Volumes(brain=1500.0)), NONE))
    assert "CSF, GM and WM together" in brain
    assert explained((NONE, ONE)) == ()
