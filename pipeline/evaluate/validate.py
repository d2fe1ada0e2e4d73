"""Judge one version on a cohort and record it in MLflow, tied to that version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pipeline
from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.digest import cohort_digest
from pipeline.evaluate.fit import require_segments
from pipeline.evaluate.judge import judge, keep_score, known_score, score_address
from pipeline.evaluate.record import from_json
from pipeline.evaluate.stage import Stage, set_stage
from pipeline.evaluate.sum_up import evaluation_of, evidence_of, library_tags
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation
from pipeline.result import Outcome, Result
from pipeline.versions.open import open_registry
from pipeline.versions.policy.read import policy_path, read_policy
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def validate(
    workspace: Workspace,
    version: Version,
    cohort: Cohort,
    watch: Watch,
    feeding: Mapping[str, Version] | None = None,
) -> Evaluation:
    """Run a version over a cohort, upstream from the lock, and log the outcome.

    Cases scored before are looked up, so an interrupted validation goes on where it stopped.

    Parameters
    ----------
    workspace : Workspace
        Whose lock, policies and registry count.
    version : Version
        Under judgement.
    cohort : Cohort
        Made for this module.
    watch : Watch
        Told of progress.
    feeding : mapping of str to Version, optional
        Upstream versions in place of the locked ones; see `pipeline.evaluate.upgrade`. What is
        found then is evidence, and not what the version is known by.

    Returns
    -------
    Evaluation
        With the MLflow run that holds it.

    Raises
    ------
    UsageError
        The cohort is for another module, or one of its structures is foreign to the version.
    """
    require_cohort_of(version.module.name, cohort)
    registry = open_registry(workspace)
    registry.require_place(version.module.name)  # before what may take hours
    stage = set_stage(workspace, version, feeding)
    watch.began(f"{version} on {cohort.name}", len(cohort.cases))
    scores, counters = score_cases(workspace, stage, cohort, watch)
    policy = policy_digest(workspace, cohort.module)
    evaluation = evaluation_of(stage, cohort, scores, counters, policy)
    evidence = evidence_of(evaluation, stage.runtime)
    # Fed by a candidate, its scores are not those it has in production.
    record = registry.record_evidence if feeding else registry.record
    return replace(evaluation, run_id=record(version, evidence))


def require_cohort_of(module: str, cohort: Cohort) -> None:
    """Raise UsageError where the cohort was made for another module."""
    if cohort.module != module:
        raise UsageError(
            f"Cohort {cohort.name} is for {cohort.module}, not {module}.",
            "Name a cohort of this module; `tessera validate --help` shows where they lie.",
        )


def recorded(
    workspace: Workspace, version: Version, cohort: Cohort, stage: Stage
) -> Evaluation | None:
    """The last evaluation of a version on this very cohort, made as `stage` would make it now.

    Tessera, its libraries, the runtime and what fed the module are the same, so that any two that
    are found so differ in the version alone.
    """
    wanted = {
        "tessera": pipeline.__version__,
        "runtime": stage.runtime,
        **library_tags(),
        "cohort.sha256": cohort_digest(cohort),
        **{f"upstream.{name}.sha256": digest for name, digest in stage.upstream.items()},
    }
    found = open_registry(workspace).evidence(version, wanted)
    return None if found is None else replace(from_json(found.document), run_id=found.run_id)


def validated_otherwise(workspace: Workspace, version: Version, cohort: Cohort) -> bool:
    """Whether there is an evaluation on a cohort of this name, however it was made."""
    return open_registry(workspace).evidence(version, {"cohort": cohort.name}) is not None


def policy_digest(workspace: Workspace, module: str) -> str:
    """Digest of the module's policy file, empty where it has none."""
    path = policy_path(workspace.configs, module)
    return read_policy(path).digest if path.is_file() else ""


def score_cases(
    workspace: Workspace, stage: Stage, cohort: Cohort, watch: Watch
) -> tuple[tuple[CaseScore, ...], Counters]:
    """Score a cohort's cases, those that are known already by looking them up.

    Raises
    ------
    ConfigError
        The version has no segment for one of the cohort's structures.
    """
    require_segments(stage, cohort)
    computed, cached = Counter[str](), Counter[str]()
    scores = []
    for case in cohort.cases:
        address = score_address(stage, cohort, case)
        score = known_score(workspace.scores, address)
        known = score is not None
        if score is None:
            score, outcomes = judge(stage, cohort, case)
            _count(outcomes, computed, cached)
            keep_score(workspace.scores, address, score)
        else:
            cached[stage.module.name] += 1
        scores.append(score)
        watch.scored(score, known)
    return tuple(scores), Counters(dict(computed), dict(cached))


def _count(outcomes: tuple[Outcome, ...], computed: Counter[str], cached: Counter[str]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, Result):
            (cached if outcome.cached else computed)[outcome.module.name] += 1
