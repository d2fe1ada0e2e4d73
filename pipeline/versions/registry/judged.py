"""When a version was judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.evaluations import KIND
from pipeline.versions.registry.search import model_of
from pipeline.versions.registry.version import DIGEST_TAGS, KIND_TAG, Version

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


def last_judged(registry: Registry, version: Version, runs: Iterable[str]) -> datetime | None:
    """Return when the newest of those `runs` that judged `version` was recorded, None for none."""
    query = f"tags.`{KIND_TAG}` = '{KIND}' and tags.`{DIGEST_TAGS['digest']}` = " + (
        f"'{version.module.digest}'"
    )
    wanted = set(runs)
    with asking():
        experiment = registry.client.get_experiment_by_name(model_of(version.module.name))
        found = registry.client.search_runs([experiment.experiment_id], query) if experiment else ()
    times = [run.info.start_time for run in found if run.info.run_id in wanted]
    return datetime.fromtimestamp(max(times) / 1000, UTC) if times else None
