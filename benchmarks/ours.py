"""Ours in a process of its own, set up as `tessera run` sets itself up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.clock import Spent, clock
from pipeline.bundle.runtimes.cores import cores, settle_threads
from pipeline.bundle.runtimes.memory import keep_freed_memory
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.batch.setting import Setting

Shapes = dict[str, list[tuple[int, ...]]]
_opened: dict[str, tuple[Workspace, Setting]] = {}


class Silent:
    """A watch that says nothing."""

    def scanned(self, found: object) -> None:
        """Nothing."""

    def started(self, name: str) -> None:
        """Nothing."""

    def done(self, row: object, resumed: bool) -> None:
        """Nothing."""


def open_ours(root: Path) -> None:
    """Open a workspace whose networks are converted."""
    settle_threads(cores())
    keep_freed_memory()  # before anything that starts threads is imported
    from pipeline.batch.setting import open_setting

    site = Workspace(root)
    _opened["ours"] = site, open_setting(site)


def note_shapes(source: Path, out: Path) -> Shapes:
    """Process the studies once, and give the sizes that each network met."""
    from benchmarks.stages import note

    _, setting = _opened["ours"]
    with note(setting) as shapes:
        time_batch(source, out)
    return shapes


def time_batch(source: Path, out: Path, share: int = 1, jobs: int = 1) -> Spent:
    """Process all studies below `source` and say what one of `share` took; `jobs` as in the CLI."""
    from pipeline.batch.batch import run_batch
    from pipeline.batch.engines.choose import choose
    from pipeline.batch.engines.worker import Place

    spent: list[Spent] = []
    site, setting = _opened["ours"]
    place = Place(str(site.root), str(out), setting.lock, cores())
    with clock(spent, share):
        engine = choose("local", jobs, "", place, setting)
        done = run_batch([source], out, setting, Silent(), engine)
    assert all(row.status == "done" for row in done.rows), done.rows  # noqa: S101
    return spent[0]


def time_stages(source: Path, out: Path) -> Mapping[str, Spent]:
    """Process one study, a step after the other, and say what each stage took."""
    from benchmarks.stages import take_stages

    return take_stages(_opened["ours"][1], source, out)
