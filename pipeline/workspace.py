"""A workspace: the folder that holds modules, their pins, the registry and the caches."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError

LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
GIT_IGNORE = "/mlruns/\n/.tessera/\n__pycache__/\n"
# Two branches that promote two modules both append to the ledger: git keeps both sides' lines.
GIT_ATTRIBUTES = "/configs/ledger.jsonl text eol=lf merge=union\n"


@dataclass(frozen=True)
class Workspace:
    """A folder with configs/ and modules/; everything else in it is made when first needed."""

    root: Path

    @property
    def configs(self) -> Path:
        """Intent, lock, policies and cohorts; kept in git."""
        return self.root / "configs"

    @property
    def modules(self) -> Path:
        """One folder a module, as it is being worked on; kept in git."""
        return self.root / "modules"

    @property
    def mlruns(self) -> Path:
        """The embedded MLflow store: mlflow.db and artifacts/."""
        return self.root / "mlruns"

    @property
    def settings(self) -> Path:
        """What the user wants: configs/pipeline.toml."""
        return self.configs / "pipeline.toml"

    @property
    def lock(self) -> Path:
        """What a run uses: configs/pipeline.lock."""
        return self.configs / "pipeline.lock"

    @property
    def cohorts(self) -> Path:
        """Cohorts that modules are validated on, one file each."""
        return self.configs / "cohorts"

    @property
    def ledger(self) -> Path:
        """Who promoted what on which evidence: configs/ledger.jsonl; kept in git."""
        return self.configs / "ledger.jsonl"

    @property
    def state(self) -> Path:
        """Whatever can be made again, and the site key; not in git."""
        return self.root / ".tessera"

    @property
    def cache(self) -> Path:
        """Results by content address."""
        return self.state / "cache"

    @property
    def scores(self) -> Path:
        """Scores of cases by content address, so that a validation can be resumed."""
        return self.state / "scores"

    @property
    def bundles(self) -> Path:
        """Copies of registered modules, each named by its digest."""
        return self.state / "bundles"

    @property
    def networks(self) -> Path:
        """Networks converted for another runtime than the one they were trained with."""
        return self.state / "networks"

    @property
    def site_key(self) -> Path:
        """The secret that pseudonyms are keyed with."""
        return self.state / "site.key"


def find(path: Path | None = None) -> Workspace:
    """Return the workspace at `path`, or the nearest one around the current folder.

    Raises
    ------
    UsageError
        The folder, or every folder up to the root, lacks configs/ or modules/.
    """
    start = (path or Path.cwd()).resolve()
    for folder in (start,) if path else (start, *start.parents):
        if _is_workspace(folder):
            return Workspace(folder)
    raise UsageError(
        f"{start} is {'no' if path else 'in no'} Tessera workspace: it lacks configs/ or modules/.",
        "Make one with `tessera init DIR`, or name one with --workspace.",
    )


def create(folder: Path) -> Workspace:
    """Copy the shipped modules and configuration into `folder`, made if absent.

    Raises
    ------
    UsageError
        The folder holds something already, or cannot be written.
    """
    root = folder.resolve()
    source = shipped()
    try:
        _refuse_filled(root)
        for name in ("configs", "modules"):
            shutil.copytree(source / name, root / name, ignore=LEFT_BEHIND)
        (root / ".gitignore").write_text(GIT_IGNORE, encoding="utf-8")
        (root / ".gitattributes").write_text(GIT_ATTRIBUTES, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"{root} cannot be made a workspace: {reason}.", "Name a folder you can write to."
        ) from error
    return Workspace(root)


def shipped() -> Path:
    """Return the folder with the modules/ and configs/ this installation came with."""
    package = Path(__file__).resolve().parent
    for folder in (package / "shipped", package.parent):
        if _is_workspace(folder):
            return folder
    raise UsageError("This installation came without its modules.", "Install tessera-mri again.")


def _is_workspace(folder: Path) -> bool:
    return (folder / "configs").is_dir() and (folder / "modules").is_dir()


def _refuse_filled(root: Path) -> None:
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is not an empty folder.", "Name a new or an empty folder.")
