"""How well the released weights see artefacts, on people neither trained nor calibrated on.

``python -m modules.quality.evaluate DATA``, from the repository, prints the model card's tables.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from .artefacts import OUTPUTS
from .predict import FOREIGN, crossed
from .scene import place
from .simulate import foreign
from .subjects import Split, Subject, split
from .trial import Judge, Trial, as_is, varied

GRADES = {"moderate": 0.5, "severe": 0.9}
REPEATS = 2
RESAMPLES = 300
PHANTOMS = 60


def auroc(spoilt: Sequence[float], clean: Sequence[float]) -> float:
    """Chance that a spoilt image scores higher than a clean one (Mann-Whitney U over n m)."""
    if not spoilt or not clean:
        return float("nan")
    return float(mannwhitneyu(spoilt, clean).statistic) / (len(spoilt) * len(clean))


def interval(spoilt: Sequence[Trial], clean: Sequence[Trial], artefact: str) -> tuple[float, float]:
    """95 % bootstrap interval of the AUROC; people are drawn, all their images with them."""
    people = sorted({trial.subject.name for trial in (*spoilt, *clean)})
    rng, found = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        drawn = rng.choice(people, len(people))
        found.append(auroc(_chances(spoilt, artefact, drawn), _chances(clean, artefact, drawn)))
    low, high = np.nanpercentile(found, (2.5, 97.5))
    return float(low), float(high)


def calibration_error(chances: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten equal bins of probability (Guo et al., ICML 2017)."""
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [
        abs(chances[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean()
        for b in set(bins)
    ]
    return float(sum(gaps))


def report(bundle: Path, data: Path) -> Iterator[str]:
    """The tables, line by line."""
    judge, parts = Judge(bundle), split(bundle, data)
    parameters = json.loads((bundle / "configs" / "inference.json").read_text())["parameters"]
    grades = dict.fromkeys(OUTPUTS[:-1], tuple(GRADES.values()))
    trials = list(varied(judge, parts.test, grades, REPEATS))
    yield from detection(trials, parameters)
    yield from alarms([t for t in trials if not t.artefact], parameters, "clean, varied")
    yield from alarms(list(as_is(judge, parts.test)), parameters, "clean, as acquired")
    yield from strangers(judge, parts, [t for t in trials if not t.artefact], parameters)
    yield from defects(judge, parts)


def detection(trials: Sequence[Trial], parameters: dict[str, float]) -> Iterator[str]:
    """AUROC against clean images and share over the thresholds, per artefact and severity."""
    yield "| artefact | severity | n | AUROC (95 % CI) | skull on | stripped | warn | fail |"
    yield "|---|---|---|---|---|---|---|---|"
    clean = [t for t in trials if not t.artefact]
    for name in OUTPUTS[:-1]:
        for grade, severity in GRADES.items():
            spoilt = [t for t in trials if t.artefact == name and t.severity == severity]
            low, high = interval(spoilt, clean, name)
            whole, head, brain = (
                auroc(_chances(_kind(spoilt, kind), name), _chances(_kind(clean, kind), name))
                for kind in (None, False, True)
            )
            warn, fail = (
                np.mean([name in crossed(_named(t), parameters, g) for t in spoilt])
                for g in ("warn", "fail")
            )
            yield (
                f"| {name} | {grade} | {len(spoilt)} | {whole:.3f} ({low:.3f}–{high:.3f}) "
                f"| {head:.3f} | {brain:.3f} | {warn:.0%} | {fail:.0%} |"
            )
    known = [t for t in trials if t.severity in (0, *GRADES.values())]
    chances = np.array([t.chance(name) for t in known for name in OUTPUTS[:-1]])
    truth = np.array([t.artefact == name for t in known for name in OUTPUTS[:-1]])
    yield f"\nExpected calibration error over all outputs: {calibration_error(chances, truth):.3f}"


def alarms(clean: Sequence[Trial], parameters: dict[str, float], title: str) -> Iterator[str]:
    """Share of clean images that would be warned of or failed, skull on and stripped."""
    yield f"\n{title}:"
    for kind, label in ((False, "skull on"), (True, "stripped")):
        chosen = _kind(clean, kind)
        failed = [t for t in chosen if crossed(_named(t), parameters, "fail")]
        warned = [t for t in chosen if crossed(_named(t), parameters, "warn")]
        yield f"- {label}: n {len(chosen)}, fail {len(failed)}, warn or fail {len(warned)}"
        for trial in warned:
            what = ", ".join(crossed(_named(trial), parameters, "warn"))
            yield f"  - {trial.subject.name} {trial.subject.image}: {what}"


def strangers(
    judge: Judge, parts: Split, clean: Sequence[Trial], parameters: dict[str, float]
) -> Iterator[str]:
    """Phantoms made from held-out people, and the other images there are, against clean heads."""
    people = tuple(s for s in parts.test if s.group != "other")
    made = [judge(foreign(people, np.random.default_rng([7, i])))[-1] for i in range(PHANTOMS)]
    score = auroc(made, _chances(clean, FOREIGN))
    found = np.mean(np.array(made) >= parameters[f"{FOREIGN}_fail"])
    yield f"\n{FOREIGN}, simulated: n {len(made)}, AUROC {score:.3f}, fail {found:.0%}"
    for subject in (s for s in parts.test if s.group == "other"):
        image = np.asarray(place(subject, np.random.default_rng(0), strength=0.0), np.float32)
        yield f"- {subject.name} {subject.image}: {judge(image)[-1]:.2f}"


def defects(judge: Judge, parts: Split) -> Iterator[str]:
    """Where the images known to be bad rank among all real images, as acquired."""
    known = list(as_is(judge, parts.defective))
    good: Iterable[Subject] = (*parts.train, *parts.calibration, *parts.test)
    others = list(as_is(judge, good))
    yield f"\nReal defects, probability and rank among {len(others) + len(known)} images:"
    for trial in known:
        ranks = (
            f"{name} {trial.chance(name):.2f} "
            f"({1 + sum(o.chance(name) > trial.chance(name) for o in (*others, *known))})"
            for name in ("blur", "field_of_view")
        )
        yield f"- {trial.subject.name} {trial.subject.image}: {', '.join(ranks)}"


def _chances(
    trials: Iterable[Trial], artefact: str, drawn: Iterable[str] | None = None
) -> list[float]:
    if drawn is None:
        return [t.chance(artefact) for t in trials]
    by_name: dict[str, list[float]] = {}
    for t in trials:
        by_name.setdefault(t.subject.name, []).append(t.chance(artefact))
    return [chance for name in drawn for chance in by_name.get(name, ())]


def _kind(trials: Iterable[Trial], stripped: bool | None) -> list[Trial]:
    return [t for t in trials if stripped is None or t.stripped == stripped]


def _named(trial: Trial) -> dict[str, float]:
    return dict(zip(OUTPUTS, trial.chances.tolist(), strict=True))


if __name__ == "__main__":
    for line in report(Path(__file__).parent, Path(sys.argv[1])):
        print(line)
