"""OpenVINO on the CPU: a network compiled for each size it meets, in float32 or its own int8."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np

from pipeline.bundle.runtimes.silent import core, openvino

# Each compiled size keeps its own working memory, some hundred MiB for a whole head.
KEPT = 2


class OpenVinoNetwork:
    """A converted network; compiled anew, in about 0.2 s, for a size not seen lately.

    A fixed size runs a tenth faster than a free one, and needs less memory.

    Parameters
    ----------
    xml : str
        OpenVINO's description of the network.
    weights : bytes
        What it points into.
    threads : int
        How many cores to use. The output is the same for any number of them.
    name : str
        ``openvino-cpu``, or ``openvino-int8`` for a quantised network.
    """

    def __init__(self, xml: str, weights: bytes, threads: int, name: str) -> None:
        self.name = name
        self._xml, self._weights = xml, openvino().Tensor(np.frombuffer(weights, np.uint8))
        self._threads = threads
        self._requests: OrderedDict[tuple[int, ...], Any] = OrderedDict()

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Run one image through the network."""
        batch = np.ascontiguousarray(image, np.float32)[None]
        request = self._request(batch.shape)
        output = np.empty(tuple(request.get_compiled_model().output(0).shape), np.float32)
        # Written where it will stay: the request's own memory is overwritten by the next image.
        request.set_output_tensor(openvino().Tensor(output, shared_memory=True))
        request.infer([openvino().Tensor(batch, shared_memory=True)])
        found: np.ndarray = output[0]
        return found

    def _request(self, shape: tuple[int, ...]) -> Any:
        if shape in self._requests:
            self._requests.move_to_end(shape)
            return self._requests[shape]
        while len(self._requests) >= KEPT:
            self._requests.popitem(last=False)
        model = core().read_model(self._xml, self._weights)
        model.reshape(list(shape))
        compiled = core().compile_model(
            model,
            "CPU",
            {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_NUM_THREADS": self._threads,
                # By default threads are tied to the first cores, every process's to the same ones.
                "ENABLE_CPU_PINNING": False,
                # The default is bfloat16 where the processor has it: three digits.
                "INFERENCE_PRECISION_HINT": "f32",
            },
        )
        self._requests[shape] = compiled.create_infer_request()
        return self._requests[shape]
