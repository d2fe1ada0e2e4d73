"""Read a series description: which weighting and which contrast state its words claim."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from pipeline.dicom.roles import words
from pipeline.study import Acquisition
from pipeline.types import Role


class Agent(StrEnum):
    """What is known of a contrast agent."""

    UNSAID = "unsaid"
    GIVEN = "given"
    WITHHELD = "withheld"
    UNCLEAR = "unclear"


def plain(acquisition: Acquisition) -> str:
    """Description, or the protocol where there is none: lower case, no accents, single spaces.

    ``*`` and ``+`` stay, T2* and +C mean something; ``-C`` is spelled out. The protocol is not read
    beside a description, as it often names the whole examination (``BRAIN W/WO``).
    """
    text = acquisition.description or acquisition.protocol
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    spelled = re.sub(words.MINUS_AGENT, " without c ", letters)
    return re.sub(r"[^a-z0-9*+]+", " ", spelled).strip()


def weightings(text: str) -> frozenset[Role]:
    """Roles the words allow; several where they leave it to the timing, none where silent.

    ``T2 FLAIR`` is FLAIR; ``T1 FLAIR`` is T1 with an inversion pulse, unless the timing says FLAIR.
    """
    named = {
        role
        for role, pattern in (
            (Role.T1, words.T1_WORDS),
            (Role.T2, words.T2_WORDS),
            (Role.FLAIR, words.FLAIR_WORDS),
        )
        if re.search(pattern, text)
    }
    return frozenset(named - {Role.T2} if Role.FLAIR in named else named)


def is_proton_density(text: str) -> bool:
    """Whether the words name proton density, alone or as one of two echoes."""
    return re.search(words.PROTON_DENSITY_WORDS, text) is not None


def agent(acquisition: Acquisition) -> Agent:
    """Weigh the header's contrast agent and the words of the description against each other."""
    text = re.sub(words.JOINED, r"\1 ", plain(acquisition))
    rest, denials = re.subn(words.WITHOUT_AGENT, " ", text)
    claimed = acquisition.contrast or _claims(rest)
    if (claimed and denials) or (
        not acquisition.contrast and _is_doubtful(acquisition, text, rest)
    ):
        return Agent.UNCLEAR
    if denials:
        return Agent.WITHHELD
    if claimed:
        return Agent.GIVEN
    return Agent.UNCLEAR if re.search(words.HINT_OF_AGENT, text) else Agent.UNSAID


def names_agent(acquisition: Acquisition) -> bool:
    """Whether the description itself says that an agent was given, whatever the header says."""
    text = re.sub(words.JOINED, r"\1 ", plain(acquisition))
    return _claims(re.sub(words.WITHOUT_AGENT, " ", text))


def _claims(rest: str) -> bool:
    return re.search(words.WITH_AGENT, rest) is not None


def _is_doubtful(acquisition: Acquisition, text: str, rest: str) -> bool:
    """Whether words may deny an agent: both states, a word nobody knows, or another script."""
    written = acquisition.description or acquisition.protocol
    return (
        re.search(words.UNCLEAR_AGENT, text) is not None
        or re.search(words.UNKNOWN_BEFORE_AGENT, rest) is not None
        or any(one.isalpha() and "LATIN" not in unicodedata.name(one, "") for one in written)
    )
