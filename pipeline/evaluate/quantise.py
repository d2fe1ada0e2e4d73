"""Make an int8 version of a module, its ranges taken from what its network sees on a cohort."""

from __future__ import annotations

import json
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.bundle.configuration import divisor, read_json
from pipeline.bundle.runtimes.int8 import INT8, NETWORK, is_quantised
from pipeline.bundle.runtimes.int8 import quantise as to_int8
from pipeline.bundle.runtimes.weights import build
from pipeline.disk import writing
from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.listen import listen
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import require_cohort_of
from pipeline.evaluate.watch import Watch
from pipeline.versions.bundles.copy import copy_members
from pipeline.versions.bundles.metadata import sort_key
from pipeline.versions.open import open_registry
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def quantise(
    workspace: Workspace,
    version: Version,
    cohort: Cohort,
    images: int,
    destination: Path,
    watch: Watch,
) -> str:
    """Write a bundle whose network computes in int8; it is neither registered nor promoted.

    Parameters
    ----------
    workspace : Workspace
        Whose lock says what feeds the module.
    version : Version
        What is quantised, in float32.
    cohort : Cohort
        Images to take ranges from; better others than those the result is judged on.
    images : int
        How many network inputs are looked at in all at most, about as many of each case.
    destination : pathlib.Path
        The new bundle's folder, which must not exist.
    watch : Watch
        Told of progress.

    Returns
    -------
    str
        The new bundle's version: the next minor one that is not registered.

    Raises
    ------
    UsageError
        The folder exists, the version computes in int8 already, the cohort is another module's, or
        none of its cases can be run.
    ConfigError
        NNCF is not installed.
    OutputError
        The folder around `destination`, or that for temporary files, cannot be written.
    """
    if destination.exists():
        raise UsageError(f"{destination} exists.", "Name a folder that is to be made.")
    require_cohort_of(version.module.name, cohort)
    stage = set_stage(workspace, version)
    bundle = stage.runner.executor.shelf.bundles[version.module.name]
    _require_float(version, bundle)
    parent = destination.parent
    with writing(parent):  # rather now than when the images have been looked at
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=parent):
            pass
    watch.began(f"{version} looks at {cohort.name}", min(images, len(cohort.cases)))
    seen = listen(stage, cohort, images, watch)
    network = to_int8(build(bundle), seen, divisor(read_json(bundle, "metadata.json")))
    made = f"int8, from {version.module.version} on {len(seen)} images of {cohort.name}"
    number = _next_free(workspace, version)
    with (
        writing(parent),
        tempfile.TemporaryDirectory(dir=parent, prefix=".quantise-") as scratch,
    ):
        place = Path(scratch) / "bundle"
        write_bundle(bundle, place, network, {number: made})
        shutil.move(place, destination)
    return number


def write_bundle(
    bundle: Path, place: Path, network: tuple[str, bytes], made: dict[str, str]
) -> None:
    """Copy a bundle with its quantised network; `made` says how, by the new version's number."""
    copy_members(bundle, place)
    (place / NETWORK).write_text(network[0], encoding="utf-8")
    (place / NETWORK).with_suffix(".bin").write_bytes(network[1])
    metadata = read_json(bundle, "metadata.json")
    (number,) = made
    history = {**made, **metadata.get("changelog", {})}
    # The scores it was published with are those of another network.
    _write(
        place, "metadata.json", metadata | {"version": number, "changelog": history, "scores": {}}
    )
    _write(place, "inference.json", read_json(bundle, "inference.json") | {"runtime": INT8})


def _require_float(version: Version, bundle: Path) -> None:
    if is_quantised(bundle):
        raise UsageError(
            f"{version} computes in int8 already.", "Name the version that it was made from."
        )


def _next_free(workspace: Workspace, version: Version) -> str:
    """The next minor version; versions are immutable, so one that is taken is passed over."""
    registered = open_registry(workspace).versions(version.module.name)
    taken = {other.module.version for other in registered}
    major, minor, _ = sort_key(version.module.version)
    return next(
        number
        for number in (f"{major}.{later}.0" for later in count(minor + 1))
        if number not in taken
    )


def _write(bundle: Path, name: str, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=2) + "\n"
    (bundle / "configs" / name).write_text(text, encoding="utf-8")
