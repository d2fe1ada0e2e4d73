from __future__ import annotations

import pytest

from pipeline.report.naming import heading, notes, spoken


def test_brain_with_all_its_csf_is_not_called_brain() -> None:
    assert spoken("brain volume") == "brain with CSF volume"
    assert spoken("GM intracranial fraction") == "GM fraction"
    assert spoken("intracranial volume") == "intracranial volume (brain mask)"
    assert spoken("oedema volume") == "oedema volume"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("oedema volume", "mL", "Oedema"),
        ("intracranial volume", "mL", "Brain mask"),
        ("CSF intracranial fraction", "1", "CSF fraction"),
        ("brain age", "a", "Brain age (a)"),
        ("leak", "mL", "Leak (ml)"),
    ],
)
def test_a_column_has_a_short_heading(name: str, code: str, said: str) -> None:
    assert heading(name, code) == said


def test_only_what_is_shown_is_explained() -> None:
    assert notes(("oedema volume",)) == ()
    assert notes(("WM intracranial fraction",)) == ("Fractions are of brain with CSF.",)
    brain, mask = notes(("intracranial volume", "brain volume"))
    assert brain.startswith("Brain with CSF is")
    assert mask.endswith("brain module's own mask.")
