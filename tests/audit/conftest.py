from __future__ import annotations

from tests.promote.conftest import _own_store, clone, empty_store, pinned, workspace

__all__ = ["_own_store", "clone", "empty_store", "pinned", "workspace"]
