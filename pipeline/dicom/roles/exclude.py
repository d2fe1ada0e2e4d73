"""Look a series up in the table of exclusions and among the sequences that are never structural."""

from __future__ import annotations

import re

from pipeline.dicom.roles.exclusions import DERIVED, EXCLUSIONS, OTHER_BODY_PARTS
from pipeline.dicom.roles.wording import plain
from pipeline.study import Acquisition


def exclusion_of(acquisition: Acquisition) -> str:
    """Name what rules a series out, empty if nothing does; image type is asked before words."""
    terms = _image_type_terms(acquisition)
    for exclusion in EXCLUSIONS:
        if found := sorted(exclusion.image_type & terms):
            return f"{exclusion.kind}: image type says {found[0]}"
    for exclusion in EXCLUSIONS:
        if hit := re.search(exclusion.words, plain(acquisition)):
            return f"{exclusion.kind}: description says {hit.group().strip()!r}"
    if DERIVED & terms:
        return "derived: computed from other images"
    return _excluded_by_sequence(acquisition)


def _image_type_terms(acquisition: Acquisition) -> frozenset[str]:
    return frozenset(term.upper().replace(" ", "_") for term in acquisition.image_type)


def _excluded_by_sequence(acquisition: Acquisition) -> str:
    if (acquisition.diffusion_b_value or 0) > 0:
        return f"diffusion: b = {acquisition.diffusion_b_value:g} s/mm²"
    name = acquisition.sequence_name.lstrip("*").lower()
    if "EP" in acquisition.scanning_sequence or name.startswith("ep"):
        return "echo-planar: diffusion, perfusion or functional"
    if hit := re.search(OTHER_BODY_PARTS, acquisition.body_part.lower()):
        return f"another region: body part {hit.group()}"
    return ""
