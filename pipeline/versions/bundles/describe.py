"""What a module folder would be, once registered."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.bundle.contract import read_contract
from pipeline.errors import BundleError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.metadata import read_metadata

MODULE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)


def describe(bundle: Path) -> ModuleRef:
    """Return name, version and digests of `bundle`; its MLflow version is 0, for none yet.

    Raises
    ------
    BundleError
        The folder is incomplete, or named unlike ``tumour`` or ``tumour-2``.
    """
    name, version = read_contract(bundle).name, read_metadata(bundle).version
    if not MODULE_NAME.fullmatch(name):
        raise BundleError(
            f"{bundle} is named {name!r}; a module's name is lower case.", "Mend its module.toml."
        )
    found = bundle_digest(bundle)
    return ModuleRef(name, version, 0, found.digest, found.weights, found.code, found.contract)
