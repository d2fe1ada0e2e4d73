"""A bundle folder as something that predicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.bundle import generic
from pipeline.bundle.code import import_file
from pipeline.bundle.configuration import divisor, read_json
from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.inferer import read_inferer
from pipeline.bundle.promise import promised, require_numbers
from pipeline.bundle.runtimes.choose import TORCH_CPU, TORCH_CUDA, Runtime
from pipeline.bundle.runtimes.eager import cuda
from pipeline.bundle.runtimes.network import Network
from pipeline.bundle.runtimes.open import open_network
from pipeline.bundle.runtimes.settle import Source, settle
from pipeline.bundle.tensor import crop, restore, stack
from pipeline.bundle.transforms import Transform, transform
from pipeline.bundle.windows import slide
from pipeline.bundle.zoom import pad_to
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Prediction

Interpret = Callable[[np.ndarray, Inputs], Prediction]
Infer = Callable[[Network, np.ndarray], np.ndarray]


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
        The bundle's transforms, on keys ``image`` and ``pred``.
    interpret : callable
        What the output means: the bundle's predict.py, or the generic adapter.
    parameters : mapping of str to float
        The bundle's thresholds.
    multiple : int
        What the network's input sides must divide by.
    infer : callable
        How the network is led over an image (channels, x, y, z): the bundle's infer.py, or the
        inferer that it names.
    """

    ref: ModuleRef
    contract: Contract
    network: Network
    preprocess: Transform
    postprocess: Transform
    interpret: Interpret
    parameters: Mapping[str, float]
    multiple: int
    infer: Infer

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

        Raises
        ------
        BundleError
            The network gave values that are no numbers, or the prediction is not what the contract
            promises.
        Exception
            Whatever the bundle's own code raises.
        """
        channels = stack(self.contract.needs, inputs)
        image = np.asarray(self.preprocess({"image": channels.array})["image"], np.float32)
        padded = pad_to(image, self.multiple)
        output = self.infer(self.network, padded)
        require_numbers(output, self.contract)
        if output.ndim == 4:
            output = output[(slice(None), *(slice(0, n) for n in image.shape[1:]))]
        output = np.asarray(self.postprocess({"pred": output})["pred"])
        boxed = crop(replace(inputs, parameters=self.parameters), channels.box)
        shape = next(iter(inputs.volumes.values())).spatial_shape
        found = promised(self.interpret(output, boxed), self.contract, channels.array.shape[1:])
        return restore(found, channels.box, shape)


def load_module(bundle: Path, ref: ModuleRef, runtime: Runtime | None = None) -> Module:
    """Load a bundle whose digest has been checked and whose code is trusted.

    Parameters
    ----------
    bundle : pathlib.Path
        The folder.
    ref : ModuleRef
        Which version it is.
    runtime : Runtime, optional
        Who computes, where it agrees with PyTorch; PyTorch where left out.

    Raises
    ------
    BundleError
        Contract, configuration, code or weights are missing or do not fit together.
    """
    contract = read_contract(bundle)
    configuration = read_json(bundle, "inference.json")
    multiple = divisor(read_json(bundle, "metadata.json"))
    runtime = runtime or Runtime(TORCH_CUDA if cuda() else TORCH_CPU)
    source = Source(bundle, ref, contract)
    network = open_network(source, settle(source, runtime), runtime)
    own = (bundle / "predict.py").is_file()
    interpret = (
        import_file(bundle, "predict.py", ref.digest).predict
        if own
        else generic.interpreter(contract)
    )
    return Module(
        ref=ref,
        contract=contract,
        network=network,
        preprocess=transform(configuration, "preprocessing", "image"),
        postprocess=transform(configuration, "postprocessing", "pred"),
        interpret=interpret,
        parameters=dict(configuration.get("parameters", {})),
        multiple=multiple,
        infer=_infer(bundle, ref, configuration, multiple),
    )


def _infer(bundle: Path, ref: ModuleRef, configuration: Mapping[str, Any], multiple: int) -> Infer:
    if (bundle / "infer.py").is_file():
        own: Infer = import_file(bundle, "infer.py", ref.digest).infer
        return own
    windows = read_inferer(configuration, multiple)
    return partial(slide, windows=windows) if windows else _at_once


def _at_once(network: Network, image: np.ndarray) -> np.ndarray:
    return network(image)
