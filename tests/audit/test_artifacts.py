from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.audit.artifacts import judge_deleted, judge_versions
from pipeline.versions.ledger.entry import Release
from pipeline.versions.registry.examine import Examined

DIGESTS = ("bundle.sha256", "weights.sha256", "code.sha256", "contract.sha256")
IDENTITY = {"module.semver": "1.0.0", "bundle.trusted": "true", **dict.fromkeys(DIGESTS, "a")}
SOUND = Examined(1, "tissue", IDENTITY, IDENTITY, IDENTITY)


def said(*found: Examined) -> list[tuple[str, str, str]]:
    return [(f.kind.value, f.subject, f.message) for f in judge_versions(found)]


def test_a_sound_version_is_passed_over() -> None:
    assert said() == said(SOUND) == said(replace(SOUND, recorded={})) == []


def test_the_recorded_identity_tells_tag_from_file() -> None:
    edited = {**IDENTITY, "bundle.sha256": "b", "weights.sha256": "b"}
    ((kind, subject, message),) = said(replace(SOUND, files=edited))
    assert (kind, subject) == ("artifact", "tissue@1.0.0")
    assert message == "Its files are not what was registered: weights changed."
    assert [kind for kind, *_ in said(replace(SOUND, tags=edited))] == ["tag", "tag"]
    # Files and tags changed alike: the record still says what was registered.
    assert [kind for kind, *_ in said(replace(SOUND, tags=edited, files=edited))] == [
        "artifact",
        "tag",
        "tag",
    ]


@pytest.mark.parametrize("which", ["tags", "files"])
def test_without_a_record_either_may_have_changed(which: str) -> None:
    edited = {**IDENTITY, "bundle.sha256": "b"}
    ((kind, _, message),) = said(replace(SOUND, recorded={}, **{which: edited}))
    assert kind == "artifact"
    assert message.startswith("Its files or its tags are not what was registered")


def test_files_that_cannot_be_had_are_said_so() -> None:
    ((kind, _, message),) = said(replace(SOUND, files={}, fault="the disk is gone."))
    assert (kind, message) == ("artifact", "Its files: the disk is gone.")


def test_a_deleted_version_is_named_as_the_ledger_names_it() -> None:
    (finding,) = judge_deleted("tissue", [Release("1.1.0", "sha256:b")])
    assert (finding.kind, finding.subject) == ("version", "tissue@1.1.0")
    assert "sha256:b" in finding.message
