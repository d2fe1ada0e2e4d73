"""A version number is given once: what cannot be opened gets none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import BundleError, TesseraError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.describe import describe
from pipeline.versions.bundles.trust import require_trust
from pipeline.versions.lock import read_lock

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry
    from pipeline.versions.registry.version import Version


def admit(registry: Registry, bundle: Path, *, trust: bool = False) -> Version:
    """Register `bundle`, once it has been opened as a run would open it.

    Raises
    ------
    BundleError
        Its network, weights, transforms or code do not load.
    TrustError, ContractError, RegistryError
        As `Registry.register` says.
    """
    module = describe(bundle)
    lock = registry.workspace.lock
    pinned = lock.is_file() and read_lock(lock).pins(module.digest)
    if not pinned and registry.find(module.name, module.digest) is None:
        require_trust(bundle, trusted=trust)
        require_opens(bundle, module)
    return registry.register(bundle, trust=trust)


def require_opens(bundle: Path, module: ModuleRef) -> None:
    """Raise BundleError where a trusted `bundle`, which is `module`, does not load."""
    from pipeline.bundle.module import load_module
    from pipeline.bundle.runtimes.choose import OPENVINO, TORCH_CPU, Runtime
    from pipeline.bundle.runtimes.int8 import is_quantised, require_readable

    # Its code is imported under a name that no run will look for: the copy is what runs.
    here = replace(module, digest=f"{module.digest}_opened")
    try:
        load_module(bundle, here, Runtime(OPENVINO if is_quantised(bundle) else TORCH_CPU))
        if is_quantised(bundle):
            require_readable(bundle)
    except TesseraError:
        raise
    except Exception as error:  # whatever MONAI or the bundle's own code raises
        said = str(error).partition("\n")[0].rstrip(".")
        raise BundleError(
            f"{bundle} cannot be opened: {type(error).__name__}: {said}.",
            "Mend its configs/inference.json, predict.py or infer.py.",
        ) from error
