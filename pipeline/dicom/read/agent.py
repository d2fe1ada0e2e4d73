"""Whether a header's agent field names a contrast agent, or says that none was given."""

from __future__ import annotations

import re
import unicodedata

# What operators type to say that there was none, in the languages the descriptions are read in.
_NONE = re.compile(
    r"(no|non|none|nil|nihil|nein|nee|nej|nei|nie|nao|ne|n|n ?a|0+( 0+)?( ?(ml|cc|mmol)\b.*)?|x"
    r"|false|nativ\w*|natif|unenhanced|plain|pre( ?(contrast|gd|gad\w*|km))?)?"
)
_DENIED = re.compile(
    r"(no|none|non(?! ?ionic)|kein\w*|ohne|without|w ?o|sans|aucun\w*|pas de|sin|ningun\w*|sem"
    r"|nenhum\w*|senza|nessun\w*|zonder|geen|uden|uten|utan|ingen|intet|inget|ikke|bez|brak|nie"
    r"|yok|hayir)\b"
    r"|.*\b(not|nicht|non|ikke|inte|niet) (given|used|applied|appl|admin\w*|inject\w*|done|required"
    r"|indicated|gegeben|verabreicht|applizi\w*|gespritzt|inj\w*|admini\w*|gitt|givet|gegeven)\b"
)


def names_agent(text: str) -> bool:
    """Tell an agent, such as ``Gadovist``, from what says that there was none, such as ``NONE``."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    said = re.sub(r"[^a-z0-9]+", " ", letters).strip()
    if not said:
        # Another script says nothing that is known here; a dash says that there was none.
        return any(one.isalpha() for one in text)
    return not (_NONE.fullmatch(said) or _DENIED.match(said))
