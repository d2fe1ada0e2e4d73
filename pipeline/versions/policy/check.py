"""Hold a policy against what validation computes: what nobody measures cannot be demanded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pipeline.errors import ConfigError
from pipeline.versions.policy.policy import Policy


def check_metrics(policy: Policy, computed: Iterable[str], better: Mapping[str, str]) -> None:
    """Refuse a policy that cannot be applied.

    Parameters
    ----------
    policy : Policy
        As read.
    computed : iterable of str
        The metrics that the evaluation holds.
    better : mapping of str to str
        By metric, ``higher`` or ``lower``.

    Raises
    ------
    ConfigError
        A metric that nobody computes (those there are, are named), that has no better way, or a
        floor with `least` where lower is better, or `most` where higher is.
    """
    known = tuple(computed)
    for metric in policy.metrics:
        if metric not in known:
            raise _unknown(policy, metric, known)
        if metric not in better:
            raise ConfigError(
                f"{_name(policy)} asks for {metric}, which only describes: neither way is better.",
                f"Ask for one of {', '.join(name for name in known if name in better)}.",
            )
    for floor in policy.floors:
        side = "least" if better[floor.metric] == "higher" else "most"
        if floor.side != side:
            raise ConfigError(
                f"{_name(policy)}: floors.{floor.metric} says {floor.side}, but "
                f"{better[floor.metric]} is better.",
                f"Say {side}.",
            )


def _unknown(policy: Policy, metric: str, known: tuple[str, ...]) -> ConfigError:
    nearest = get_close_matches(metric, known, n=1, cutoff=0.0)
    hint = f"; the nearest is {nearest[0]}" if nearest else ""
    return ConfigError(
        f"{_name(policy)} asks for {metric}, which nobody computes{hint}.",
        f"Computed are {', '.join(known) or 'no metrics at all'}.",
    )


def _name(policy: Policy) -> str:
    return f"policies/{policy.module}.toml"
