"""From ``--engine``, ``--jobs`` and ``--address`` to an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.batch.engines.engine import Engine
from pipeline.batch.engines.worker import Place
from pipeline.batch.setting import Setting
from pipeline.batch.study import Bench
from pipeline.bundle.runtimes.cores import share
from pipeline.errors import UsageError

ENGINES = ("local", "ray")


def choose(name: str, jobs: int, address: str, place: Place, setting: Setting) -> Engine:
    """Pick who does the studies.

    Parameters
    ----------
    name : str
        ``local`` or ``ray``.
    jobs : int
        Studies computed at the same time; 1 is this process; 0 is as many as pay, with Ray one for
        each node.
    address : str
        Of the Ray cluster; empty for one on this machine alone.
    place : Place
        Where workers find workspace and output.
    setting : Setting
        The verified workspace.

    Raises
    ------
    UsageError
        No such engine, an impossible number of jobs, an address without Ray, or Ray is not
        installed.
    """
    if name not in ENGINES:
        raise UsageError(f"{name!r} is no engine.", "Name local or ray.")
    if jobs < 0:
        raise UsageError(f"--jobs {jobs} is impossible.", "Name 1 or more.")
    if address and name != "ray":
        raise UsageError(f"--address {address} is a Ray cluster's.", "Add --engine ray.")
    if name == "ray":
        from pipeline.batch.engines.cluster import Cluster

        return Cluster(place, jobs, address)
    bench = Bench(setting, Path(place.out))
    if jobs == 0:
        from pipeline.batch.engines.automatic import Automatic

        return Automatic(bench, place)
    if jobs == 1:
        from pipeline.batch.engines.here import Here

        return Here(bench)
    from pipeline.batch.engines.processes import Processes

    return Processes(replace(place, threads=share(jobs)), jobs)
