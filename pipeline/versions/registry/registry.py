"""Every version of every module, in MLflow; import it lazily.

A module is the registered model ``tessera.<name>`` and has an experiment of that name. A version
is a run in it that holds the whole bundle as one artifact, and a model version with its digests.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.config import CHAMPION
from pipeline.versions.bundles.copy import is_intact, place_of
from pipeline.versions.bundles.describe import describe
from pipeline.versions.bundles.trust import require_trust
from pipeline.versions.lock import read_lock
from pipeline.versions.registry.alone import alone, making
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.download import download
from pipeline.versions.registry.edited import require_unedited
from pipeline.versions.registry.evaluations import (
    EvaluationRun,
    find_evidence,
    record_evidence,
    record_folds,
)
from pipeline.versions.registry.experiment import experiment_of
from pipeline.versions.registry.interface import require_interface
from pipeline.versions.registry.publish import publish
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.record import (
    drop_alias,
    record_alias,
    record_tags,
)
from pipeline.versions.registry.search import (
    find_aliases,
    find_names,
    find_scores,
    find_version,
    find_versions,
)
from pipeline.versions.registry.store import store
from pipeline.versions.registry.validation import record_validation
from pipeline.versions.registry.version import (
    Version,
    of_digest,
    same_content,
)
from pipeline.workspace import Workspace

with quiet():
    from mlflow import MlflowClient


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
        with asking(), making(self.store):
            # MLflow itself, for the other files of this room.
            self.client = MlflowClient(self.store.uri, self.store.uri)

    def register(self, bundle: Path, *, trust: bool = False) -> Version:
        """Copy `bundle` into the registry as a new version; the first of a module is its champion.

        The same content again returns the version that is there; one that was interrupted before
        it became champion becomes it now.

        Raises
        ------
        BundleError
            The folder is incomplete.
        TrustError
            It would run code of its own, nobody gave `trust`, and the lock does not pin it.
        ContractError
            Another version of the same major number has another interface.
        RegistryError
            Its version number is taken by other content, versions are immutable; or the tags of
            this content were edited.
        """
        module = describe(bundle)
        require_trust(bundle, trusted=trust or self._is_pinned(module.digest))
        # Of two first runs at the same time one publishes, the other finds what it has published.
        with alone(self.workspace):
            known = self.versions(module.name)
            same = [version for version in known if version.module.version == module.version]
            if same:
                version = same_content(same[0], module)
            else:
                require_unedited(self.client, module)
                require_interface(self.client, self.store, bundle, module, known)
                publish(self.client, self.store, bundle, module)
                version = self.version(module.name, module.version)
            only = len(known) == len(same)
            first = only and CHAMPION not in self.aliases(module.name)
            return self.point(version, CHAMPION) if first else version

    def names(self) -> tuple[str, ...]:
        """Return the modules that have a version, sorted."""
        return find_names(self.client)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return all versions of module `name`, oldest number first; empty where there is none."""
        return find_versions(self.client, name)

    def aliases(self, name: str) -> Mapping[str, int]:
        """Return the MLflow version number behind each alias of module `name`, sorted."""
        return find_aliases(self.client, name)

    def version(self, name: str, which: str = CHAMPION) -> Version:
        """Return one version of module `name` by number, such as 1.2.0, or by alias."""
        return find_version(self.client, name, which)

    def find(self, name: str, digest: str) -> Version | None:
        """Return the version of module `name` that has this digest, None where there is none."""
        return of_digest(self.versions(name), digest)

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
            download(self.client, self.store, version, place)
        require_trust(place, trusted=version.trusted or self._is_pinned(module.digest))
        return place

    def point(self, version: Version, alias: str) -> Version:
        """Let `alias` (lower case) name `version`, wherever it pointed before; return it anew."""
        record_alias(self.client, version.module, alias)
        return self.version(version.module.name, version.module.version)

    def drop(self, name: str, alias: str) -> None:
        """Let `alias` of module `name` name nobody; no error where it does not."""
        drop_alias(self.client, name, alias)

    def tag(self, version: Version, tags: Mapping[str, str]) -> Version:
        """Set tags such as ``validation_status`` on `version`; return it anew.

        Raises
        ------
        RegistryError
            A tag that identifies the version would be changed.
        """
        record_tags(self.client, version.module, tags)
        return self.version(version.module.name, version.module.version)

    def scores(self, version: Version) -> Mapping[str, float]:
        """Return the last figure recorded of each name, sorted."""
        return find_scores(self.client, version)

    def require_place(self, name: str) -> None:
        """Raise RegistryError where what is recorded of a module would lie in another workspace."""
        with asking():
            experiment_of(self.client, self.store, name)

    def record(self, version: Version, evidence: EvaluationRun) -> str:
        """Log an evaluation of `version`, let the version stand on it, and return its run."""
        run_id = self.record_evidence(version, evidence)
        now = self.version(version.module.name, version.module.version)
        record_validation(self.client, now, run_id, evidence)
        return run_id

    def record_evidence(self, version: Version, evidence: EvaluationRun) -> str:
        """Log an evaluation that says nothing of where `version` stands; return its run."""
        return record_evidence(self.client, self.store, version, evidence)

    def record_folds(self, name: str, evidence: EvaluationRun) -> str:
        """Log a cross-validation of a module's recipe; return the run."""
        return record_folds(self.client, self.store, name, evidence)

    def evidence(self, version: Version, tags: Mapping[str, str]) -> EvaluationRun | None:
        """Return the last evaluation of `version` whose run has `tags`, None without one."""
        return find_evidence(self.client, self.store, version, tags)

    def _is_pinned(self, digest: str) -> bool:
        path = self.workspace.lock
        return path.is_file() and read_lock(path).pins(digest)
