from __future__ import annotations

from typing import Any

import pytest

from pipeline.bundle.contract import Contract, parse_contract
from pipeline.errors import ConfigError
from pipeline.versions.bundles.order import require_order


def contract(*upstream: str) -> Contract:
    needs: dict[str, Any] = {"level": "case", "roles": ["T1"], "at_least": ["T1"], "take": "first"}
    needs |= {"spacing_mm": [1, 1, 1], "upstream": upstream}
    return parse_contract({"name": "any", "title": "", "summary": "", "needs": needs})


def test_a_chain_has_an_order() -> None:
    require_order({"tumour": contract("tissue"), "tissue": contract("brain"), "brain": contract()})


def test_a_circle_is_named() -> None:
    with pytest.raises(ConfigError, match=r"in a circle: fourth → fourth\."):
        require_order({"fourth": contract("fourth"), "brain": contract()})
    three = {"a": contract("b"), "b": contract("c"), "c": contract("a"), "d": contract("a")}
    with pytest.raises(ConfigError, match="in a circle") as caught:
        require_order(three)
    assert set(caught.value.message.rpartition(": ")[2][:-1].split(" → ")) == {"a", "b", "c"}


def test_a_need_that_nobody_fills_is_named() -> None:
    with pytest.raises(ConfigError, match=r"tumour depends on liver, which is not pinned\."):
        require_order({"tumour": contract("tissue", "liver"), "tissue": None})
