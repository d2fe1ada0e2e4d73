"""A bundle folder as something that predicts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.bundle import generic
from pipeline.bundle.code import import_file
from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.runtime import Network, TorchNetwork, load_weights
from pipeline.bundle.tensor import crop, pad, restore, stack
from pipeline.errors import BundleError
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Prediction

Transform = Callable[[dict[str, Any]], dict[str, Any]]
Interpret = Callable[[np.ndarray, Inputs], Prediction]


@dataclass(frozen=True)
class Module:
    """One version of a module, loaded and ready.

    Attributes
    ----------
    ref : ModuleRef
        Which version this is.
    contract : Contract
        What it needs and promises.
    network : Network
        The runtime that holds the weights.
    preprocess, postprocess : callable
        The bundle's MONAI transforms, on keys ``image`` and ``pred``.
    interpret : callable
        What the output means: the bundle's predict.py, or the generic adapter.
    parameters : mapping of str to float
        The bundle's thresholds.
    multiple : int
        What the network's input sides must divide by.
    """

    ref: ModuleRef
    contract: Contract
    network: Network
    preprocess: Transform
    postprocess: Transform
    interpret: Interpret
    parameters: Mapping[str, float]
    multiple: int

    def predict(self, inputs: Inputs) -> Prediction:
        """Run the module on one case or series.

        Parameters
        ----------
        inputs : Inputs
            Volumes on the contract's grid and what it depends on.

        Returns
        -------
        Prediction
            Its label map, if any, on the whole of the contract's grid.
        """
        channels = stack(self.contract.needs, inputs)
        image = np.asarray(self.preprocess({"image": channels.array})["image"], np.float32)
        output = self.network(pad(image, self.multiple))
        if output.ndim == 4:
            output = output[(slice(None), *(slice(0, n) for n in image.shape[1:]))]
        output = np.asarray(self.postprocess({"pred": output})["pred"])
        boxed = replace(crop(inputs, channels.box), parameters=self.parameters)
        shape = next(iter(inputs.volumes.values())).spatial_shape
        return restore(self.interpret(output, boxed), channels.box, shape)


def load_module(bundle: Path, ref: ModuleRef) -> Module:
    """Load a bundle whose digest has been checked and whose code is trusted.

    Raises
    ------
    BundleError
        Contract, configuration, code or weights are missing or do not fit together.
    """
    from monai.bundle import ConfigParser

    contract = read_contract(bundle)
    parser = ConfigParser(read_json(bundle, "inference.json"))
    network = parser.get_parsed_content("network_def")
    load_weights(network, bundle)
    own = (bundle / "predict.py").is_file()
    interpret = (
        import_file(bundle, "predict.py", ref.digest).predict
        if own
        else generic.interpreter(contract)
    )
    return Module(
        ref=ref,
        contract=contract,
        network=TorchNetwork(network),
        preprocess=_transform(parser, "preprocessing"),
        postprocess=_transform(parser, "postprocessing"),
        interpret=interpret,
        parameters=dict(parser.get("parameters", {})),
        multiple=divisor(read_json(bundle, "metadata.json")),
    )


def read_json(bundle: Path, name: str) -> dict[str, Any]:
    """A file of the bundle's configs folder; raises BundleError where it is missing or no JSON."""
    path = bundle / "configs" / name
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{path} cannot be read as JSON.", "Restore the bundle folder."
        ) from error
    return document


def divisor(metadata: Mapping[str, Any]) -> int:
    """The n of ``"16*n"`` in the metadata's spatial shape, 1 where sides are free or fixed."""
    try:
        sides = metadata["network_data_format"]["inputs"]["image"]["spatial_shape"]
    except KeyError:
        return 1
    found = [re.fullmatch(r"(\d+)\s*\*\s*[a-z]", str(side)) for side in sides]
    return max((int(match[1]) for match in found if match), default=1)


def _transform(parser: Any, key: str) -> Transform:
    """The named MONAI transform, without the loader a stock bundle begins with."""
    if parser.get(key) is None:
        return lambda data: data
    transform: Transform = parser.get_parsed_content(key)
    return transform
