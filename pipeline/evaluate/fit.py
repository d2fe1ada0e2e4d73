"""Whether a cohort's structures can be scored with a version at all, before a case is run."""

from __future__ import annotations

from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.stage import Stage


def require_segments(stage: Stage, cohort: Cohort) -> None:
    """See that the version under judgement has a segment for each structure of the cohort.

    Raises
    ------
    ConfigError
        It has none of those that a structure names.
    """
    known = [segment.name for segment in stage.contract.segments]
    for structure in cohort.structures if known else ():
        for key, names in (("segments", structure.segments), ("near", structure.near)):
            if names and not set(names) & set(known):
                raise ConfigError(
                    f"Cohort {cohort.name}, structure {structure.name}: "
                    f"{stage.module.name} {stage.module.version} has no segment named "
                    f"{' or '.join(names)}.",
                    f"Add this version's name of it to the structure's {key}; those that a version "
                    f"lacks are passed over. It has: {', '.join(known)}.",
                )
