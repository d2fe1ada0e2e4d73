"""Which parts of a bundle run as code, so that a person can be asked once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import BundleError, TrustError
from pipeline.versions.bundles.digest import members
from pipeline.versions.bundles.plain import is_plain_argument, is_plain_target


def executable_parts(bundle: Path) -> tuple[str, ...]:
    """Return what in `bundle` can run code of its own, one line each, files first; empty for data.

    Python files; YAML configurations; and in configs/*.json the ``$`` expressions, ``%`` macros
    (they read other files), any ``_target_`` but the full path of a network, layer, transform or
    inferer that is known to do arithmetic only, and arguments that let even such a one do more. A
    bare name counts, too: it may be any class of MONAI, such as one that starts processes.

    Raises
    ------
    BundleError
        A link inside the bundle, or a configuration that is no JSON.
    """
    found = [part for path in members(bundle) for part in _parts(bundle, path)]
    return tuple(sorted(found, key=_is_expression))


def require_trust(bundle: Path, *, trusted: bool) -> None:
    """Raise TrustError where `bundle` has executable parts and is not `trusted`."""
    parts = () if trusted else executable_parts(bundle)
    if parts:
        more = f" and {len(parts) - 3} more" if len(parts) > 3 else ""
        raise TrustError(
            f"{bundle} would run code of its own: {'; '.join(parts[:3])}{more}.",
            "Read it; if you trust it, say so with --trust: to `tessera register`, or to `tessera "
            "lock` where it is registered already.",
        )


def _parts(bundle: Path, path: str) -> Iterator[str]:
    if path.endswith((".py", ".yaml", ".yml")):
        yield path
    elif path.startswith("configs/") and path.endswith(".json"):
        yield from (f"{path}: {found}" for found in _expressions(_read(bundle / path)))


def _is_expression(part: str) -> bool:
    return ": " in part


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is no JSON: {error}.", "Mend the file.") from error


def _expressions(node: object, called: bool = False) -> Iterator[str]:
    """What runs code in `node`; `called` where a ``_target_`` around it takes it as an argument."""
    if isinstance(node, dict):
        called = called or "_target_" in node
        if "_target_" in node and not is_plain_target(node["_target_"]):
            yield f"_target_ {node['_target_']}"
        for key, value in node.items():
            if called and not is_plain_argument(key, value):
                yield f"{key} {value}"[:60]
            yield from _expressions(value, called)
    elif isinstance(node, list):
        for value in node:
            yield from _expressions(value, called)
    elif isinstance(node, str) and node.startswith(("$", "%")):
        yield node[:60]
