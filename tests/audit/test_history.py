from __future__ import annotations

import pytest

from pipeline.audit.history import history
from pipeline.errors import LedgerError, UsageError
from pipeline.promote.promote import promote
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import asked


def test_history_comes_from_file_or_mlflow_whichever_has_more(pinned: Workspace) -> None:
    assert history(pinned, "tissue") == ()
    made = tuple(promote(pinned, asked(pinned, number)) for number in ("1.1.0", "1.2.0"))
    assert history(pinned, "tissue") == made
    pinned.ledger.unlink()
    assert history(pinned, "tissue") == made
    assert not pinned.ledger.exists()


def test_without_a_store_the_file_is_enough(pinned: Workspace, workspace: Workspace) -> None:
    made = promote(pinned, asked(pinned, "1.1.0"))
    pinned.mlruns.rename(pinned.root / "elsewhere")
    assert history(pinned, "tissue") == (made,)
    assert history(pinned, "tumour") == ()


def test_what_proves_nothing_is_not_shown(pinned: Workspace) -> None:
    promote(pinned, asked(pinned, "1.1.0"))
    client = Registry(pinned).client
    client.set_registered_model_tag("tessera.tissue", "ledger.000001", "x")
    with pytest.raises(LedgerError, match="mirror of tissue") as caught:
        history(pinned, "tissue")
    assert "tessera verify" in caught.value.remedy
    pinned.ledger.write_bytes(pinned.ledger.read_bytes()[:-1])
    with pytest.raises(LedgerError, match="line 1 is not whole"):
        history(pinned, "tissue")


def test_an_unknown_module_is_named_with_those_there_are(pinned: Workspace) -> None:
    with pytest.raises(UsageError, match="no module 'liver'") as caught:
        history(pinned, "liver")
    assert "tissue, tumour" in caught.value.remedy
