"""Keep what may identify a patient out of sentences that other rooms wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.study import Case, Series

WITHHELD = "[withheld]"
UID = re.compile(r"(?<![\w.])[0-2](?:\.\d+){4,}(?![\w.]*\w)")
ABSOLUTE_PATH = re.compile(r"(?<![\w/])(?:/|[A-Za-z]:\\)[^\s:;,'\"<>]+")
# Shorter texts are no names, and hiding "T1" would hide the sense.
SHORTEST = 4
# A description made of these words alone says how the scan was made, not whose it is.
HARMLESS = frozenset(
    """
    ax axial sag sagittal cor coronal tra transverse 2d 3d t1 t1w t1c t1gd t2 t2w pd flair tse fse
    se gre mprage mp rage space vibe bravo tfe ffe spgr fspgr cube tirm stir swi dwi adc diffusion
    localizer scout pre post gd gad contrast with without head brain and fs fat sat dark fluid iso
    mr mri
    """.split()  # noqa: SIM905
)


def veil(case: Case) -> Callable[[str], str]:
    """Make a function that blanks UIDs, paths and free text of this study's headers in a sentence.

    Series descriptions and protocol names are typed by hand and may hold a name; so may folders.
    """
    secrets = {text for series in case.study.series for text in _secrets(series)}
    longest_first = sorted(secrets, key=lambda text: (-len(text), text))
    known = "|".join(re.escape(text) for text in longest_first)
    pattern = re.compile(rf"(?<!\w)(?:{known})(?!\w)", re.IGNORECASE) if known else None

    def hide(sentence: str) -> str:
        return without_places(pattern.sub(WITHHELD, sentence) if pattern else sentence)

    return hide


def without_places(sentence: str) -> str:
    """Blank UIDs and absolute paths in a sentence."""
    return ABSOLUTE_PATH.sub(WITHHELD, UID.sub(WITHHELD, sentence))


def _secrets(series: Series) -> Iterator[str]:
    acquisition = series.acquisition
    for text in (acquisition.description.strip(), acquisition.protocol.strip()):
        if len(text) >= SHORTEST and not _harmless(text):
            yield text
    paths = [instance.path for instance in series.instances]
    # Hundreds of images lie in a folder or two, whose places are named once.
    folders = {path.parent for path in paths}
    for place in {*paths, *folders, *(place for folder in folders for place in folder.parents)}:
        # The root folders alone ("/", "/data") name nobody.
        if len(place.parts) > 2:
            yield str(place)
    yield from (path.name for path in paths if len(path.name) >= SHORTEST)


def _harmless(text: str) -> bool:
    return set(re.findall(r"[a-z0-9]+", text.lower())) <= HARMLESS
