"""Judge what was found of each registered version: purely, from what `examine` read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.audit.finding import Finding, Kind
from pipeline.versions.ledger.entry import Release
from pipeline.versions.registry.examine import Examined
from pipeline.versions.registry.version import IDENTITY, SEMVER_TAG, TRUSTED_TAG

PARTS = {"weights.sha256": "weights", "code.sha256": "code", "contract.sha256": "module.toml"}
REGISTER = "Register the right files as a new version, and promote or pin that."


def judge_versions(found: Sequence[Examined]) -> Iterator[Finding]:
    """Name the versions whose files or identifying tags were changed."""
    for version in found:
        yield from _judge(version)


def judge_deleted(name: str, deleted: Iterable[Release]) -> Iterator[Finding]:
    """Name the versions of module `name` that are in use, or were, and are not there any more."""
    for release in deleted:
        yield Finding(
            Kind.VERSION,
            f"{name}@{release.version}",
            f"It was deleted in MLflow; ledger or lock name it as {release.digest}.",
            "Register its files again, from git say.",
        )


def _judge(version: Examined) -> Iterator[Finding]:
    subject = f"{version.name}@{_semver(version)}"
    if version.fault:
        yield Finding(Kind.ARTIFACT, subject, f"Its files: {version.fault}", REGISTER)
        return
    told = version.recorded or version.tags
    # Digests prove the files; what counts as code of their own may be told otherwise since.
    edited = tuple(key for key in _differing(told, version.files) if key != TRUSTED_TAG)
    if edited:
        blame = "Its files are" if version.recorded else "Its files or its tags are"
        text = f"{blame} not what was registered: {_parts(edited)} changed."
        yield Finding(Kind.ARTIFACT, subject, text, REGISTER)
    for key in _differing(version.recorded or version.files, version.tags):
        if version.recorded:
            yield _tag(subject, key, version)


def _tag(subject: str, key: str, version: Examined) -> Finding:
    found, wanted = version.tags.get(key, "nothing"), version.recorded.get(key, "nothing")
    return Finding(
        Kind.TAG,
        subject,
        f"The tag {key} of MLflow version {version.number} says {found}, registered was {wanted}.",
        "Set it back in MLflow.",
    )


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key in sorted(IDENTITY) if one.get(key) != other.get(key))


def _parts(keys: Iterable[str]) -> str:
    named = [PARTS[key] for key in keys if key in PARTS]
    if SEMVER_TAG in keys:
        named.append("the version number")
    return ", ".join(named) or "another file"


def _semver(version: Examined) -> str:
    for told in (version.recorded, version.tags, version.files):
        if SEMVER_TAG in told:
            return told[SEMVER_TAG]
    return f"(MLflow version {version.number})"
