"""`tessera promote`, as a user types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pipeline.errors import LockError, RefusedError, RegistryError, TesseraError
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.cli.verb import run

# Four cases are fewer than any bound asks for.
UNDECIDED = '[margins]\n"dice/bright" = 0.5\n'
REFUSING = '[floors]\n"dice/bright" = { least = 0.999, on = "mean" }\n'
ACCEPTING = '[floors]\n"dice/bright" = { least = 0.1, on = "mean" }\n'


def policy(place: Workspace, text: str) -> None:
    folder = place.configs / "policies"
    folder.mkdir(exist_ok=True)
    (folder / "tissue.toml").write_text(text)


def test_promotion_follows_the_policy(place: Workspace) -> None:
    for policy_text, status in ((REFUSING, 3), (UNDECIDED, 4)):
        policy(place, policy_text)
        run(place, "compare", "tissue", "1.0.0", "1.1.0", "--cohort", "tissue-balls")
        for version in ("1.0.0", "1.1.0"):
            run(place, "validate", f"tissue@{version}", "--cohort", "tissue-balls")
        found = run(place, "promote", "tissue@1.1.0").exception
        assert isinstance(found, TesseraError)
        assert found.exit_status == status
    policy(place, ACCEPTING)
    found = run(place, "promote", "tissue@1.1.0").exception
    assert isinstance(found, TesseraError)
    assert "The policy was changed after tissue@1.1.0 had been validated" in found.message
    run(place, "validate", "tissue@1.1.0", "--cohort", "tissue-balls")
    done = run(place, "promote", "tissue@1.1.0", "--json")
    document = json.loads(done.stdout)
    assert document["entry"]["to"]["version"] == "1.1.0"
    assert document["decision"]["outcome"] == "accept"
    assert run(place, "promote", "tissue@1.1.0").exception is not None, "it is champion already"


def test_cohorts_that_cannot_be_read_are_named_and_recorded(place: Workspace) -> None:
    policy(place, ACCEPTING)
    for version in ("1.0.0", "1.1.0"):
        run(place, "validate", f"tissue@{version}", "--cohort", "tissue-balls")
    for module in ("tissue", "tumour"):
        text = (place.cohorts / f"{module}-balls.toml").read_text()
        far = text.replace('root = "', 'root = "${NOT_SET_ANYWHERE}')
        (place.cohorts / f"{module}-far.toml").write_text(far)
    (place.cohorts / "broken.toml").write_text("no table")
    done = run(place, "promote", "tissue@1.1.0", "--json")
    entry = json.loads(done.stdout)["entry"]
    assert entry["left_out"] == ["broken", "tissue-far"]
    assert entry["not_judged"] == ["tumour on tumour-balls"]
    assert "Left out: cohort tissue-far, which cannot be read" in done.stderr
    assert "NOT_SET_ANYWHERE" in done.stderr
    assert "tumour-far" not in done.stderr, "it judges another module"
    told = run(place, "history", "tissue").stdout
    assert "left out: cohort tissue-far, which could not be read" in told


def test_cohorts_that_were_not_asked_for_are_named_and_recorded(place: Workspace) -> None:
    policy(place, ACCEPTING)
    (place.cohorts / "broken.toml").write_text("no table")
    asked = ("promote", "tissue@1.1.0", "--override", "a trial", "--by", "Ann", "--json")
    found = run(place, *asked, "--cohort", "broken").exception
    assert isinstance(found, TesseraError)
    done = run(place, *asked, "--cohort", "tissue-balls")
    assert json.loads(done.stdout)["entry"]["not_judged"] == ["cohort broken"]
    assert done.stderr == "Not judged: cohort broken, which was not asked for\n"
    assert "not judged: cohort broken" in run(place, "history", "tissue").stdout


def test_a_refusal_as_json_says_why(place: Workspace) -> None:
    policy(place, REFUSING)
    for version in ("1.0.0", "1.1.0"):
        run(place, "validate", f"tissue@{version}", "--cohort", "tissue-balls")
    done = run(place, "promote", "tissue@1.1.0", "--json")
    document = json.loads(done.stdout)
    assert document["entry"] is None
    assert document["decision"]["outcome"] == "refuse"
    assert isinstance(done.exception, RefusedError)


def test_what_a_module_below_loses_refuses_the_candidate(place: Workspace) -> None:
    """Tissue by itself passes; the tumour module, fed by it, loses by its own policy."""
    policy(place, ACCEPTING)
    strict = '[worst_case]\n"dice/bright" = 0.0\n'
    (place.configs / "policies" / "tumour.toml").write_text(strict)
    told = run(place, "upgrade", "tissue@1.1.0").stdout
    assert "Decision: accept" in told
    assert "Decision: refuse, by the policy of tumour" in told
    done = run(place, "promote", "tissue@1.1.0")
    assert isinstance(done.exception, RefusedError)
    assert "of tumour below, on tumour-balls" in done.stdout


def test_an_override_gives_a_module_without_a_champion_one(place: Workspace) -> None:
    registry = Registry(place)
    registry.drop("tissue", "champion")
    found = run(place, "promote", "tissue@1.1.0").exception
    assert isinstance(found, RegistryError)
    assert "The alias champion of tissue names nobody" in found.message
    done = run(place, "promote", "tissue@1.0.0", "--override", "it was taken away", "--by", "Ann")
    assert "tissue 1.0.0 is champion by override of Ann" in done.stdout
    assert registry.version("tissue").module.version == "1.0.0"


def test_nobody_overrides_that_files_are_not_what_was_registered(place: Workspace) -> None:
    policy(place, ACCEPTING)
    for path in place.root.glob("mlruns/**/predict.py"):
        path.write_text(path.read_text() + "\n# changed\n")
    shutil.rmtree(place.root / ".tessera" / "bundles", ignore_errors=True)
    asked = ("promote", "tissue@1.1.0", "--override", "a trial", "--by", "Ann")
    assert isinstance(run(place, *asked).exception, LockError)


def test_an_evaluation_that_was_edited_decides_nothing(place: Workspace) -> None:
    policy(place, ACCEPTING)
    for version in ("1.0.0", "1.1.0"):
        run(place, "validate", f"tissue@{version}", "--cohort", "tissue-balls")
    run(place, "promote", "tissue@1.1.0")
    assert run(place, "verify").return_value == 0
    for path in place.root.glob("mlruns/**/evaluation.json"):
        path.write_text(path.read_text().replace('"lock"', '"Lock"', 1))
    told = run(place, "verify")
    assert told.return_value == 1
    assert "which entry 1 of its ledger rests on, was changed" in told.stdout
    found = run(place, "compare", "tissue", "1.0.0", "1.1.0", "--cohort", "tissue-balls").exception
    assert isinstance(found, RegistryError)
    assert "is not the one that was recorded" in found.message


def test_promotion_without_evidence_says_what_to_run(place: Workspace) -> None:
    policy(place, ACCEPTING)
    found = run(place, "promote", "tissue@1.1.0").exception
    assert isinstance(found, TesseraError)
    assert found.remedy.startswith("Run `tessera validate tissue@")


def test_changed_images_void_the_evidence(place: Workspace, tmp_path: Path) -> None:
    policy(place, ACCEPTING)
    for version in ("1.0.0", "1.1.0"):
        run(place, "validate", f"tissue@{version}", "--cohort", "tissue-balls")
    image = tmp_path / "balls" / "one" / "t1.nii.gz"
    image.write_bytes((tmp_path / "balls" / "two" / "t1.nii.gz").read_bytes())
    found = run(place, "promote", "tissue@1.1.0").exception
    assert isinstance(found, TesseraError)
    assert "changed since" in found.message
