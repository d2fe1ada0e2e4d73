"""What a module's figures are called on a page: shorter, and no name that may be read two ways."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.report.words import unit

# tissue's brain holds all CSF, and the fractions it calls intracranial are of that brain.
SPOKEN = {
    "brain volume": "brain with CSF volume",
    "intracranial volume": "intracranial volume (brain mask)",
}
HEADINGS = {"intracranial volume": "Brain mask"}
VOLUME = " volume"
FRACTION = " intracranial fraction"
NOTES = {
    "brain volume": "Brain with CSF is CSF, GM and WM together, as the tissue module finds them.",
    FRACTION: "Fractions are of brain with CSF.",
    "intracranial volume": "The brain mask's volume is that of the brain module's own mask.",
}


def spoken(name: str) -> str:
    """Name a figure beside others of its module: ``brain with CSF volume``, ``GM fraction``."""
    return SPOKEN.get(name, name.replace(FRACTION, " fraction"))


def heading(name: str, code: str) -> str:
    """Name a figure at the head of a column: ``Oedema`` for a volume in ml, ``Brain age (a)``."""
    said = HEADINGS.get(name, spoken(name))
    if code == "mL" and name.endswith(VOLUME):
        return _capital(said.removesuffix(VOLUME))
    return _capital(f"{said} ({unit(code)})" if unit(code) else said)


def notes(names: Collection[str]) -> tuple[str, ...]:
    """Explain those of the figures whose names do not say enough."""
    return tuple(note for end, note in NOTES.items() if any(name.endswith(end) for name in names))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
