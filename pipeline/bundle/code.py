"""Import a bundle's own Python code under a name no other version can share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from pipeline.errors import BundleError


def import_file(bundle: Path, file: str, digest: str) -> ModuleType:
    """Import `bundle`/`file` as part of a package named after the digest.

    Two versions of one module can so be imported side by side, and their relative imports stay
    within their own folder. The caller has checked the digest and that the code is trusted.

    Raises
    ------
    BundleError
        The file is missing or raises on import.
    """
    path = bundle / file
    if not path.is_file():
        raise BundleError(f"{path} is missing.", "Restore the bundle folder.")
    package = f"_bundle_{digest.removeprefix('sha256:')}"
    if package not in sys.modules:
        parent = ModuleType(package)
        parent.__path__ = [str(bundle)]
        sys.modules[package] = parent
    name = f"{package}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BundleError(f"{path} is no Python file.", "Name a .py file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise BundleError(
            f"{path} cannot be imported: {type(error).__name__}: {error}.",
            "Mend the bundle and register it as a new version.",
        ) from error
    return module
