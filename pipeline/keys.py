"""A key of a TOML file that means nothing is refused: what is misspelt would not apply."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pipeline.errors import ConfigError


def check_keys(found: Iterable[str], valid: Iterable[str], where: str, remedy: str) -> None:
    """Refuse a key that means nothing.

    Parameters
    ----------
    found, valid : iterable of str
        Keys of a table, and those there are.
    where : str
        The file, and the table with a full stop behind it: what stands before the key.
    remedy : str
        What to do.

    Raises
    ------
    ConfigError
        Naming the key and the nearest valid one.
    """
    names = list(valid)
    for key in found:
        if key not in names:
            nearest = (get_close_matches(key, names, n=1, cutoff=0.0) or names)[0]
            source, _, table = where.rpartition(": ")
            raise ConfigError(
                f"{source}: {table}{key} is not a setting; the nearest is {table}{nearest}.", remedy
            )
