"""The module folders of a workspace, as they are being worked on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.bundle.contract import read_contract
from pipeline.errors import BundleError
from pipeline.workspace import Workspace


def folders(workspace: Workspace) -> Mapping[str, Path]:
    """Return the folders in modules/ that hold a module.toml, by name, sorted.

    Raises
    ------
    BundleError
        A folder is named unlike the module in it.
    """
    found = sorted(workspace.modules.iterdir())
    modules = {path.name: path for path in found if (path / "module.toml").is_file()}
    for name, path in modules.items():
        said = read_contract(path).name
        if said != name:
            raise BundleError(
                f"{path} holds a module named {said}.", f"Rename the folder to {said}."
            )
    return modules
