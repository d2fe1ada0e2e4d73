"""Where to warn and where to fail: as few good series as severe artefacts allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..judge.outputs import FOREIGN, OUTPUTS
from ..judge.verdict import failing, warning
from .fit import Weighed

SEVERE = 0.8
# Share of clean series that may be warned of where else more than a share of the severe artefacts
# would be missed.
ALARMED, MISSED = 0.02, 0.15
# Share of severe artefacts that shall fail where clean series allow it, and of what is no brain.
SENSITIVITY, TURNED_AWAY = 0.95, 0.98
NOTHING_KNOWN = 0.5
# No warning at a lower chance, no failure at a milder severity (of what may not be there at all,
# the severity that is said is a mild one).
LEAST_CHANCE, LEAST_SEVERITY = 0.3, 0.15
# Thresholds lie above what clean series reach: of the worst one, since the next person's may be
# worse, half as far again in odds.
ABOVE, FURTHER = 0.001, 1.5


def limits(weighed: Iterable[Weighed]) -> dict[str, float]:
    """Where to warn, by chance, and where to fail, by severity.

    Of trials beside weights that were not fitted to them. None of the clean series shall be warned
    of, but where that would cost more than `MISSED` of the severe artefacts, up to `ALARMED` of
    them may. A failure is also a severity that nearly all severe artefacts reach; where that is no
    higher, whatever is warned of fails.
    """
    judged = [(trial, trial.judged(parameters)) for trial, parameters in weighed]
    clean = [found for trial, found in judged if not trial.severities and not trial.foreign]
    limit = {}
    for output in OUTPUTS:
        severe = [j[output] for t, j in judged if t.severity(output) >= SEVERE]
        chances, severities = ([j.chance for j in severe], [j.severity for j in severe])
        warn = _limit([j[output].chance for j in clean], chances)
        fail = _limit([j[output].severity for j in clean], severities)
        share = TURNED_AWAY if output == FOREIGN else SENSITIVITY
        most = float(np.quantile(severities, 1 - share)) if severe else NOTHING_KNOWN
        limit |= {f"{output}_warn": max(LEAST_CHANCE, warn)}
        limit |= {f"{output}_fail": max(LEAST_SEVERITY, fail, most)}
    return limit


def costs(weighed: Iterable[Weighed], limit: Mapping[str, float]) -> Iterator[str]:
    """What the limits cost, in lines: clean series warned of, severe artefacts that fail."""
    judged = [(trial, trial.judged(parameters)) for trial, parameters in weighed]
    clean = [(t, found) for t, found in judged if not t.severities and not t.foreign]
    for output in OUTPUTS:
        severe = [found for trial, found in judged if trial.severity(output) >= SEVERE]
        failed = sum(output in failing(found, limit) for found in severe)
        warned = [trial for trial, found in clean if output in warning(found, limit)]
        whose = ", ".join(sorted({trial.person for trial in warned})) or "nobody's"
        yield (
            f"{output}: of n={len(severe)} severe {failed} fail; of n={len(clean)} clean "
            f"{len(warned)} are warned of ({whose})"
        )


def _limit(clean: Sequence[float], severe: Sequence[float]) -> float:
    """At most a share of the severe ones below; of the clean ones none above, or `ALARMED`."""
    worst, few = max(clean), sorted(clean)[-1 - int(ALARMED * len(clean))] + ABOVE
    none = max(worst + ABOVE, FURTHER * worst / (1 - worst + FURTHER * worst))
    reached = sorted(severe)[int(MISSED * len(severe))] if severe else none
    return max(few, min(none, reached))
