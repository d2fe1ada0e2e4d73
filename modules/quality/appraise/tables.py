"""Lines of the model card from trials whose truth is known; n stands in every one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from pipeline.metrics import auprc, auroc, calibration_error
from pipeline.types import Role

from ..judge.outputs import FOREIGN, MOVED, OUTPUTS
from ..judge.verdict import assess, failing, warning
from .trial import PHANTOM, Trial

Parameters = Mapping[str, float]
RESAMPLES = 300
# What tables tell apart though one output answers for it.
MADE, REAL = "phantom, noise, CT as painted", "another real image"
JOINED = {"motion": MOVED, "ghosting": MOVED, MADE: FOREIGN, REAL: FOREIGN}


def detection(
    trials: Sequence[Trial], clean: Sequence[Trial], parameters: Parameters
) -> Iterator[str]:
    """AUROC and AUPRC against clean series, shares warned of and failed, by defect and severity."""
    yield "| defect | severity | n | AUROC (95 % CI) | AUPRC | warn or fail | fail |"
    yield "|---|---|---|---|---|---|---|"
    met = dict.fromkeys(_defect(t) for t in trials if t.severities or t.foreign)
    names = [name for name, _ in met]
    for name, severity in sorted(met, key=lambda defect: (names.index(defect[0]), defect[1])):
        chosen = [trial for trial in trials if _defect(trial) == (name, severity)]
        output = JOINED.get(name, name)
        chances, truth = _both(chosen, clean, output, parameters)
        low, high = interval(chosen, clean, output, parameters)
        warned = np.mean([output in warning(t.judged(parameters), parameters) for t in chosen])
        failed = np.mean([output in failing(t.judged(parameters), parameters) for t in chosen])
        ranking = f"{auroc(chances, truth):.3f} ({low:.3f} to {high:.3f})"
        shares = f"{auprc(chances, truth):.3f} | {warned:.0%} | {failed:.0%}"
        yield f"| {name} | {severity:g} | {len(chosen)} + {len(clean)} | {ranking} | {shares} |"


def interval(
    spoilt: Sequence[Trial], clean: Sequence[Trial], output: str, parameters: Parameters
) -> tuple[float, float]:
    """95 % bootstrap interval of the AUROC; people are drawn, all their images with them."""
    people = sorted({trial.whose for trial in (*spoilt, *clean)})
    chances, truth = _both(spoilt, clean, output, parameters)
    whose = np.array([people.index(trial.whose) for trial in (*spoilt, *clean)])
    rng, found = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        drawn = rng.integers(len(people), size=len(people))
        index = np.concatenate([np.flatnonzero(whose == person) for person in drawn])
        found.append(auroc(chances[index], truth[index]))
    low, high = np.nanpercentile(found, (2.5, 97.5))
    return float(low), float(high)


def reliability(trials: Sequence[Trial], parameters: Parameters) -> Iterator[str]:
    """What was said and what was so, by output and by tenths of the chance.

    Few series err a little however right the chances are: by how much is said beside.
    """
    asked = {output: said_and_so(trials, output, parameters) for output in OUTPUTS}
    for output, (chances, truth) in asked.items():
        error, least = calibration_error(chances, truth), by_luck(chances)
        told = f"{error:.3f} (n={len(chances)}; right chances: {least:.3f})"
        yield f"- {output}: expected calibration error {told}"
    chances, truth = (np.concatenate(parts) for parts in zip(*asked.values(), strict=True))
    yield f"- all: {calibration_error(chances, truth):.3f} (n={len(chances)})\n"
    yield "| chance | n | said | so |"
    yield "|---|---|---|---|"
    for tenth, count, said, so in tenths(chances, truth):
        yield f"| {tenth:.1f} to {tenth + 0.1:.1f} | {count} | {said:.2f} | {so:.2f} |"


def by_luck(chances: np.ndarray) -> float:
    """Mean calibration error of as many series, were every chance right."""
    drawn = np.random.default_rng(0).random((RESAMPLES, len(chances))) < chances
    return float(np.mean([calibration_error(chances, so) for so in drawn]))


def said_and_so(
    trials: Sequence[Trial], output: str, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    """Chances of one output, and whether it was so, of all trials that say something of it."""
    asked = [trial for trial in trials if output == FOREIGN or not trial.foreign]
    chances = np.array([t.judged(parameters)[output].chance for t in asked])
    return chances, np.array([_holds(t, output) for t in asked])


def tenths(chances: np.ndarray, truth: np.ndarray) -> Iterator[tuple[float, int, float, float]]:
    """Of each tenth of the chance that was met: its start, n, mean chance, share that was so."""
    which = np.minimum((chances * 10).astype(int), 9)
    for tenth in np.unique(which).tolist():
        inside = which == tenth
        yield tenth / 10, int(inside.sum()), chances[inside].mean(), truth[inside].mean()


def abstention(trials: Sequence[Trial], parameters: Parameters) -> Iterator[str]:
    """How often the module is wrong about a series at all, when doubtful ones are left out."""
    wrong = surest_first(trials, parameters)
    yield "| share kept | n | wrong: clean but warned of, or spoilt and passed |"
    yield "|---|---|---|"
    for share in (1.0, 0.9, 0.8, 0.7, 0.5):
        kept = wrong[: round(share * len(wrong))]
        yield f"| {share:.0%} | {len(kept)} | {np.mean(kept):.1%} |"


def surest_first(trials: Sequence[Trial], parameters: Parameters) -> np.ndarray:
    """Whether the module is wrong about each series; last, where it most likely is by its word.

    Its chances say how likely there is nothing at all: against that it warns, or for it passes.
    """
    doubt, wrong = [], []
    for trial in trials:
        judged = trial.judged(parameters)
        nothing = float(np.prod([1 - judged[output].chance for output in OUTPUTS]))
        warned = bool(warning(judged, parameters))
        doubt.append(nothing if warned else 1 - nothing)
        wrong.append(warned != bool(trial.severities))
    return np.array(wrong)[np.argsort(doubt, kind="stable")]


def alarms(clean: Sequence[Trial], parameters: Parameters, title: str) -> Iterator[str]:
    """How many good series are warned of or failed, and which."""
    for stripped, kind in ((False, "skull on"), (True, "stripped")):
        chosen = [trial for trial in clean if trial.stripped == stripped]
        warned = [t for t in chosen if warning(t.judged(parameters), parameters)]
        failed = [t for t in chosen if failing(t.judged(parameters), parameters)]
        yield f"- {title}, {kind}: n={len(chosen)}, fail {len(failed)}, warn or fail {len(warned)}"
        for trial in warned:
            found = ", ".join(warning(trial.judged(parameters), parameters))
            yield f"  - {trial.person} {trial.image}: {found}"


def defects(known: Sequence[Trial], good: Sequence[Trial], parameters: Parameters) -> Iterator[str]:
    """Chance of what is known to be bad, beside the person's other series and all real ones."""
    everyone = [trial.judged(parameters) for trial in (*known, *good)]
    for trial in known:
        told = []
        siblings = [t.judged(parameters) for t in good if t.person == trial.person]
        for output in ("blur", "field_of_view"):
            chance = trial.judged(parameters)[output].chance
            rank = 1 + sum(judged[output].chance > chance for judged in everyone)
            most = max((judged[output].chance for judged in siblings), default=float("nan"))
            told.append(f"{output} {chance:.2f}, siblings at most {most:.2f}, rank {rank}")
        yield (
            f"- {trial.person} {trial.image}: {'; '.join(told)} of n={len(everyone)}, "
            f"n={len(siblings)} siblings"
        )


def verdicts(trials: Iterable[Trial], parameters: Parameters) -> Iterator[str]:
    """What the module says of each series."""
    yield "| series | verdict | why |"
    yield "|---|---|---|"
    for trial in sorted(trials, key=lambda trial: (trial.foreign, trial.person, trial.image)):
        found = assess(Role.T1, trial.judged(parameters), trial.evidence, parameters)
        yield f"| {trial.person} {trial.image} | {found.verdict} | {found.reason} |"


def _defect(trial: Trial) -> tuple[str, float]:
    if trial.foreign:
        return MADE if trial.person == PHANTOM else REAL, 1.0
    return next(iter(trial.severities.items()), ("", 0.0))


def _holds(trial: Trial, output: str) -> bool:
    return trial.foreign if output == FOREIGN else trial.severities.get(output, 0.0) > 0


def _both(
    spoilt: Sequence[Trial], clean: Sequence[Trial], output: str, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    chances = [trial.judged(parameters)[output].chance for trial in (*spoilt, *clean)]
    return np.array(chances), np.arange(len(chances)) < len(spoilt)
