"""Every version of every module, in MLflow. The only file that imports mlflow; import it lazily.

A module is the registered model ``tessera.<name>`` and has an experiment of that name. A version
is a run in it that holds the whole bundle as one artifact, and a model version with its digests.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from pipeline.config import CHAMPION
from pipeline.errors import BundleError, RegistryError
from pipeline.result import ModuleRef
from pipeline.versions.copy import copy_members, install, is_intact, place_of
from pipeline.versions.describe import describe
from pipeline.versions.digest import bundle_digest
from pipeline.versions.lock import MODULE_NAME, read_lock
from pipeline.versions.metadata import order, read_metadata
from pipeline.versions.quiet import quiet
from pipeline.versions.store import store
from pipeline.versions.trust import executable_parts, require_trust
from pipeline.versions.version import IDENTITY, TRUSTED_TAG, Version, identified, identity_tags
from pipeline.workspace import Workspace

with quiet():
    from mlflow import MlflowClient
    from mlflow.entities import Metric
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.exceptions import MlflowException
    from mlflow.store.entities import PagedList

PREFIX = "tessera."
ARTIFACT = "bundle"


class Registry:
    """The versions of a workspace's modules.

    Parameters
    ----------
    workspace : Workspace
        Its embedded store is made on first use, unless ``MLFLOW_TRACKING_URI`` names a server.

    Raises
    ------
    RegistryError
        MLflow cannot be reached or refuses; so do all methods.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = store(workspace)
        with _asking():
            if self.store.artifacts is not None:
                self.store.artifacts.mkdir(parents=True, exist_ok=True)
            self._client = MlflowClient(self.store.uri, self.store.uri)

    def register(self, bundle: Path, *, trust: bool = False) -> Version:
        """Copy `bundle` into the registry as a new version; the first of a module is its champion.

        The same content again returns the version that is there.

        Raises
        ------
        BundleError
            The folder is incomplete.
        TrustError
            It would run code of its own, nobody gave `trust`, and the lock does not pin it.
        RegistryError
            Its version number is taken by other content: versions are immutable.
        """
        module = describe(bundle)
        require_trust(bundle, trusted=trust or self._is_pinned(module.digest))
        known = self.versions(module.name)
        same = [version for version in known if version.module.version == module.version]
        if same:
            return _same_content(same[0], module)
        version = self._publish(bundle, module)
        return version if known else self.point(version, CHAMPION)

    def names(self) -> tuple[str, ...]:
        """Return the modules that have a version, sorted."""
        with _asking():
            found = _all_pages(self._client.search_registered_models, f"name LIKE '{PREFIX}%'")
        return tuple(sorted(model.name.removeprefix(PREFIX) for model in found))

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return all versions of module `name`, oldest number first; empty where there is none."""
        aliases = self.aliases(name)
        with _asking():
            rows = _all_pages(self._client.search_model_versions, f"name = '{_model(name)}'")
        found = (_version(row, aliases) for row in rows)
        ours = (version for version in found if version is not None)
        return tuple(sorted(ours, key=lambda version: order(version.module.version)))

    def aliases(self, name: str) -> Mapping[str, int]:
        """Return the MLflow version number behind each alias of module `name`, sorted."""
        with _asking():
            query = f"name = '{_model(name)}'"
            models = self._client.search_registered_models(query, max_results=1)
            if not models:
                return {}
            found = self._client.get_registered_model(_model(name)).aliases
        return {alias: int(number) for alias, number in sorted(found.items())}

    def version(self, name: str, which: str = CHAMPION) -> Version:
        """Return one version of module `name` by number, such as 1.2.0, or by alias."""
        known = self.versions(name)
        for version in known:
            if which == version.module.version or which in version.aliases:
                return version
        there = ", ".join(version.module.version for version in known) or "none"
        raise RegistryError(
            f"{name}@{which} is not registered; versions there are: {there}.",
            "Register it with `tessera register`, or name one of these.",
        )

    def find(self, name: str, digest: str) -> Version | None:
        """Return the version of module `name` that has this digest, None where there is none."""
        return next((v for v in self.versions(name) if v.module.digest == digest), None)

    def fetch(self, version: Version, destination: Path | None = None) -> Path:
        """Copy a version's bundle to its place in the workspace, or `destination`, and verify it.

        Raises
        ------
        LockError
            The stored files are not those that were registered.
        TrustError
            It would run code of its own that nobody trusted.
        """
        module = version.module
        place = destination or place_of(self.workspace, module)
        if not is_intact(place, module.digest):
            install(lambda scratch: self._download(version, scratch), place, module)
        require_trust(place, trusted=version.trusted or self._is_pinned(module.digest))
        return place

    def point(self, version: Version, alias: str) -> Version:
        """Let `alias` (lower case) name `version`, wherever it pointed before; return it anew."""
        module = version.module
        with _asking():
            self._client.set_registered_model_alias(
                _model(module.name), alias, str(module.mlflow_version)
            )
        return self.version(module.name, module.version)

    def tag(self, version: Version, tags: Mapping[str, str]) -> Version:
        """Set tags such as ``validation_status`` on `version`; return it anew.

        Raises
        ------
        RegistryError
            A tag that identifies the version would be changed.
        """
        fixed = IDENTITY & set(tags)
        if fixed:
            raise RegistryError(f"{min(fixed)} cannot be changed.", "Register a new version.")
        module = version.module
        with _asking():
            for key, value in tags.items():
                number = str(module.mlflow_version)
                self._client.set_model_version_tag(_model(module.name), number, key, value)
        return self.version(module.name, module.version)

    def score(self, version: Version, scores: Mapping[str, float], cohort: str = "") -> None:
        """Record figures of `version`, named ``<cohort>/<name>`` where a cohort is given."""
        prefix = f"{cohort}/" if cohort else ""
        with _asking():
            self._log(version.run_id, {prefix + name: value for name, value in scores.items()})

    def scores(self, version: Version) -> Mapping[str, float]:
        """Return the last figure recorded of each name, sorted."""
        with _asking():
            found = self._client.get_run(version.run_id).data.metrics
        return dict(sorted(found.items()))

    def _is_pinned(self, digest: str) -> bool:
        path = self.workspace.lock
        return path.is_file() and read_lock(path).pins(digest)

    def _publish(self, bundle: Path, module: ModuleRef) -> Version:
        metadata = read_metadata(bundle)
        with _asking():
            run = self._client.create_run(
                self._experiment(module.name), run_name=f"{module.name} {module.version}"
            )
            run_id = run.info.run_id
            status = "FAILED"
            try:
                self._upload(bundle, run_id, module.digest)
                self._log(run_id, metadata.scores)
                self._create(module, run_id, metadata.change, bool(executable_parts(bundle)))
                status = "FINISHED"
            finally:
                self._client.set_terminated(run_id, status)
        return self.version(module.name, module.version)

    def _log(self, run_id: str, scores: Mapping[str, float]) -> None:
        now = time.time_ns() // 1_000_000
        metrics = [Metric(name, value, now, 0) for name, value in scores.items()]
        self._client.log_batch(run_id, metrics=metrics)

    def _create(self, module: ModuleRef, run_id: str, change: str, has_code: bool) -> None:
        self._ensure_model(module.name)
        tags = {**identity_tags(module, has_code=has_code), "validation_status": "unvalidated"}
        source = f"runs:/{run_id}/{ARTIFACT}"
        self._client.create_model_version(
            _model(module.name), source, run_id, tags=tags, description=change or None
        )

    def _ensure_model(self, name: str) -> None:
        try:
            self._client.create_registered_model(_model(name))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def _upload(self, bundle: Path, run_id: str, digest: str) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            copy_members(bundle, Path(scratch))
            if bundle_digest(Path(scratch)).digest != digest:
                raise BundleError(f"{bundle} changed while it was copied.", "Register it again.")
            self._client.log_artifacts(run_id, scratch, ARTIFACT)

    def _experiment(self, name: str) -> str:
        place = None if self.store.artifacts is None else (self.store.artifacts / name).as_uri()
        found = self._client.get_experiment_by_name(_model(name))
        if found is None:
            return str(self._client.create_experiment(_model(name), artifact_location=place))
        if place and found.artifact_location != place:
            raise RegistryError(
                "This workspace was moved: its registry still writes to the old place.",
                "Move it back, or start one with `tessera init` and register there.",
            )
        return str(found.experiment_id)

    def _download(self, version: Version, scratch: Path) -> Path:
        target = scratch / ARTIFACT
        here = self._local(version)
        if here is not None and here.is_dir():
            shutil.copytree(here, target, symlinks=True)
            return target
        with _asking():
            return Path(self._client.download_artifacts(version.run_id, ARTIFACT, str(scratch)))

    def _local(self, version: Version) -> Path | None:
        # MLflow records absolute paths; the layout below the workspace survives a move.
        if self.store.artifacts is None:
            return None
        return self.store.artifacts / version.module.name / version.run_id / "artifacts" / ARTIFACT


def _same_content(version: Version, module: ModuleRef) -> Version:
    if version.module.digest == module.digest:
        return version
    raise RegistryError(
        f"{version} is registered as {version.module.digest}, this folder is {module.digest}; "
        "versions are immutable.",
        'Raise "version" in configs/metadata.json and register again.',
    )


def _model(name: str) -> str:
    if not MODULE_NAME.fullmatch(name):
        raise RegistryError(f"{name!r} cannot be a module's name.", "See `tessera modules`.")
    return PREFIX + name


def _version(row: ModelVersion, aliases: Mapping[str, int]) -> Version | None:
    number = int(row.version)
    module = identified(row.name.removeprefix(PREFIX), number, row.tags)
    if module is None or not row.run_id:
        return None
    return Version(
        module=module,
        aliases=tuple(alias for alias, target in aliases.items() if target == number),
        tags=dict(sorted(row.tags.items())),
        trusted=row.tags.get(TRUSTED_TAG) == "true",
        created=datetime.fromtimestamp(row.creation_timestamp / 1000, UTC),
        run_id=row.run_id,
    )


def _all_pages(search: Callable[..., PagedList[Any]], query: str) -> list[Any]:
    page = search(query)
    rows = list(page)
    while page.token:
        page = search(query, page_token=page.token)
        rows += page
    return rows


@contextmanager
def _asking() -> Iterator[None]:
    try:
        with quiet():
            yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise RegistryError(
            f"MLflow refuses or cannot be reached: {_reason(error)}.",
            "Check MLFLOW_TRACKING_URI, or that mlruns/ is whole and can be written.",
        ) from error


def _reason(error: Exception) -> str:
    # A server's address may hold a password.
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(r"//[^@/\s]*@", "//", first)[:300]
