"""`tessera run` and `tessera plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.option import DebugOption, DicomArgument, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from pipeline.workspace import Workspace


def run(
    dicom: DicomArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")],
    workspace: WorkspaceOption = None,
    jobs: Annotated[
        int,
        typer.Option(
            help="Studies computed at a time, each by a process of its own; "
            "0: as many as studies, cores and memory are worth."
        ),
    ] = 0,
    engine: Annotated[str, typer.Option(help="local, or ray for a cluster.")] = "local",
    address: Annotated[str, typer.Option(help="The Ray cluster, such as head:6379.")] = "",
    shadow: Annotated[
        list[str] | None,
        typer.Option(help="MODULE=VERSION: also run a challenger, results kept apart."),
    ] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Process every study below a folder.

    Quality, brain, tissue and tumour; DICOM SEG, SR and a report for each study. Run the same
    command again to go on after an interruption: finished studies are kept. Exit status 5 where a
    study failed; one that was done partly counts as done.

    Examples: tessera run /data/incoming -o results --jobs 2 ·
    tessera run /data/incoming -o results --shadow tumour=1.1.0
    """
    from pipeline.bundle.runtimes.cores import cores, settle_threads
    from pipeline.bundle.runtimes.memory import keep_freed_memory

    settle_threads(cores())  # before the libraries that ask are imported
    keep_freed_memory()  # before threads begin
    from pipeline.batch.batch import run_batch
    from pipeline.batch.engines.choose import choose
    from pipeline.batch.engines.worker import Place
    from pipeline.batch.setting import open_setting
    from pipeline.cli.progress import Progress
    from pipeline.workspace import find

    with Progress(quiet=as_json) as progress:
        site = find(workspace)
        setting = open_setting(site, debug)
        progress.warn((*setting.drift, *setting.notes))
        place = Place(str(site.root), str(out.resolve()), setting.lock, cores(), debug)
        doers = choose(engine, jobs, address, place, setting)
        done = run_batch(dicom, out, setting, progress, doers)
    for spec in shadow or ():
        _shadow(site, dicom, out, spec, as_json)
    if as_json:
        typer.echo((out / "run.json").read_text(encoding="utf-8"), nl=False)
        return done.exit_status
    from rich.console import Console

    from pipeline.report.table import cases_table, show

    show(cases_table(done.rows), Console())
    kept = f", {done.resumed} of them from an earlier run" if done.resumed else ""
    typer.echo(f"{len(done.rows)} studies{kept}. Report: {out / 'index.html'}")
    if done.strays:
        typer.echo(f"{done.strays} more folders there are of studies that were not in this input.")
    return done.exit_status


def _shadow(site: Workspace, dicom: list[Path], out: Path, spec: str, quiet: bool) -> None:
    """Run a challenger on the same studies; what the batch made comes from the cache."""
    from pipeline.cli.watching import Watching
    from pipeline.errors import UsageError
    from pipeline.evaluate.shadow import run_shadow
    from pipeline.versions.ensure import ensure
    from pipeline.versions.lock import read_lock

    module, _, which = spec.partition("=")
    locked = read_lock(site.lock).modules.get(module)
    if locked is None or not which:
        raise UsageError(f"{spec!r} names no pinned module.", "Try: --shadow tumour=1.1.0")
    registry = ensure(site)
    versions = registry.version(module, locked.version), registry.version(module, which)
    with Watching(quiet=quiet) as watch:
        run_shadow(site, dicom, out, versions, watch)


def plan(
    dicom: DicomArgument,
    workspace: WorkspaceOption = None,
    files: Annotated[
        bool, typer.Option("--files", help="List every file left out and why.")
    ] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show what would run and why.

    Each series' role and each module's inputs, from headers alone; computes nothing.

    Example: tessera plan /data/incoming --files
    """
    from pipeline.cli.planned import as_document, as_text
    from pipeline.run.preview import preview
    from pipeline.workspace import find

    found = preview(dicom, find(workspace))
    typer.echo(as_document(found) if as_json else as_text(found, files))
    return 0
