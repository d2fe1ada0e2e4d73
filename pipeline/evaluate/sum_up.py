"""From scores to an evaluation, and from that to what MLflow keeps."""

from __future__ import annotations

import pipeline
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.digest import cohort_digest
from pipeline.evaluate.record import to_json
from pipeline.evaluate.stage import Stage
from pipeline.evaluate.statistics.summary import directions, summarise
from pipeline.evaluate.table import cases_csv
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation
from pipeline.versions.environment import environment
from pipeline.versions.registry.evaluations import EvaluationRun


def evaluation_of(
    stage: Stage,
    cohort: Cohort,
    scores: tuple[CaseScore, ...],
    counters: Counters,
    policy: str = "",
) -> Evaluation:
    """Sum up what was scored on a stage; not recorded yet."""
    summary = summarise(scores)
    return Evaluation(
        module=stage.module,
        cohort=cohort.name,
        cohort_digest=cohort_digest(cohort),
        upstream=stage.upstream,
        lock=stage.lock,
        policy=policy,
        cases=scores,
        summary=summary,
        better=directions(summary),
        counters=counters,
    )


def library_tags() -> dict[str, str]:
    """The libraries installed here as a run's tags; another version may compute otherwise."""
    return {f"library.{name}": version for name, version in environment().items()}


def evidence_of(evaluation: Evaluation, runtime: str) -> EvaluationRun:
    """The evaluation as MLflow keeps it: tags, among them the environment; metrics and files."""
    tags = {
        "tessera": pipeline.__version__,
        "runtime": runtime,
        **library_tags(),
        "cohort": evaluation.cohort,
        "cohort.sha256": evaluation.cohort_digest,
        "lock.sha256": evaluation.lock,
        "policy.sha256": evaluation.policy,
        "cases": str(len(evaluation.cases)),
        **{f"upstream.{name}.sha256": digest for name, digest in evaluation.upstream.items()},
    }
    metrics: dict[str, float] = {}
    for metric, found in evaluation.summary.items():
        metrics |= {metric: found.value, f"{metric}/low": found.low, f"{metric}/high": found.high}
    return EvaluationRun(tags, metrics, to_json(evaluation), cases_csv(evaluation))
