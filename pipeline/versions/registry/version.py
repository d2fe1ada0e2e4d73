"""A module version as the registry knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import RegistryError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import DIGEST
from pipeline.versions.bundles.metadata import SEMVER

KIND_TAG = "tessera.kind"
SEMVER_TAG = "module.semver"
TRUSTED_TAG = "bundle.trusted"
STATUS_TAG, UNVALIDATED = "validation_status", "unvalidated"
DIGEST_TAGS = {
    "digest": "bundle.sha256",
    "weights": "weights.sha256",
    "code": "code.sha256",
    "contract": "contract.sha256",
}
IDENTITY = frozenset({SEMVER_TAG, TRUSTED_TAG, *DIGEST_TAGS.values()})


@dataclass(frozen=True)
class Version:
    """One registered, immutable version of a module.

    Attributes
    ----------
    module : ModuleRef
        What identifies it, and what the lock pins.
    aliases : tuple of str
        Sorted, such as ``champion``.
    tags : mapping of str to str
        ``module.semver``, digests, ``validation_status`` and whatever a validation added.
    trusted : bool
        A person let its code run, once, when it was registered; or it has none.
    created : datetime
        In UTC.
    run_id : str
        The MLflow run that holds its files and its metrics.
    """

    module: ModuleRef
    aliases: tuple[str, ...]
    tags: Mapping[str, str]
    trusted: bool
    created: datetime
    run_id: str

    def __str__(self) -> str:
        return f"{self.module.name}@{self.module.version}"


def of_digest(versions: Iterable[Version], digest: str | None) -> Version | None:
    """Return the version that has this digest, None where none has, or without a digest."""
    return next((version for version in versions if version.module.digest == digest), None)


def identity_tags(module: ModuleRef, *, has_code: bool) -> Mapping[str, str]:
    """Return the tags that say what a version is; they never change."""
    digests = {tag: getattr(module, key) for key, tag in DIGEST_TAGS.items()}
    return {
        SEMVER_TAG: module.version,
        TRUSTED_TAG: "true" if has_code else "not needed",
        **digests,
    }


def identified(name: str, number: int, tags: Mapping[str, str]) -> ModuleRef | None:
    """Return what the tags say a version is, None where they were not written by Tessera."""
    digests = {key: tags.get(tag, "") for key, tag in DIGEST_TAGS.items()}
    semver = tags.get(SEMVER_TAG, "")
    if not SEMVER.fullmatch(semver) or not all(map(DIGEST.fullmatch, digests.values())):
        return None
    return ModuleRef(name, semver, number, **digests)


def same_content(version: Version, module: ModuleRef) -> Version:
    """Return `version` if it is `module`; raises RegistryError where it has other content."""
    if version.module.digest == module.digest:
        return version
    raise RegistryError(
        f"{version} is registered as {version.module.digest}, this folder is {module.digest}; "
        "versions are immutable.",
        'Raise "version" in configs/metadata.json and register again.',
    )
