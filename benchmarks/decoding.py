"""Which decoder is fastest for each lossless transfer syntax, and whether all give the same values.

    python -m benchmarks.decoding

Every decoder that is installed takes part; python-gdcm may be installed beside Tessera to compare.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from pydicom import FileDataset, dcmread, dcmwrite
from pydicom.pixels import get_decoder
from scipy.ndimage import gaussian_filter

from tests.dicom.oracle.catalogue import CODECS
from tests.dicom.synthetic import mr_series, store

SIZE, RUNS = 256, 15


def main() -> None:
    """Print the median processor time a frame, decoder by decoder."""
    print(f"\nDecoding one {SIZE} × {SIZE} image of 12 bits, median of n={RUNS} interleaved runs")
    for name in ("RLE", "JPEG lossless", "JPEG-LS", "JPEG 2000"):
        (plain,) = mr_series(f"decode {name}", slices=1)
        store(plain, image())
        file = packed(plain, name)
        plugins = get_decoder(file.file_meta.TransferSyntaxUID).available_plugins
        spent: dict[str, list[float]] = {plugin: [] for plugin in plugins}
        for _ in range(RUNS):
            for plugin in plugins:
                spent[plugin].append(_time(file, plugin, plain.pixel_array))
        for plugin, seconds in sorted(spent.items(), key=lambda item: np.median(item[1])):
            print(f"  {name:<16}{plugin:<12}{np.median(seconds) * 1e3:8.2f} ms, values equal")


def image() -> np.ndarray:
    """A smooth image of 12 bits with a little noise."""
    noise = np.random.default_rng(0).normal(size=(SIZE, SIZE))
    smooth = gaussian_filter(noise, 8)
    return np.clip(2000 + 15000 * smooth + 20 * noise, 0, 4095).astype(np.uint16)


def packed(plain: FileDataset, name: str) -> FileDataset:
    """The same image in another transfer syntax."""
    codec = CODECS[name]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "image.dcm")
        dcmwrite(path, plain, enforce_file_format=True)
        if isinstance(codec, tuple):
            subprocess.run([*codec, path, path], check=True, capture_output=True)  # noqa: S603
            return dcmread(path)
        packed = dcmread(path)
        codec(packed)
        return packed


def _time(file: FileDataset, plugin: str, truth: np.ndarray) -> float:
    file.pixel_array_options(decoding_plugin=plugin)
    file._pixel_id = {}
    started = time.process_time()
    values = file.pixel_array
    spent = time.process_time() - started
    if not np.array_equal(values, truth):
        raise SystemExit(f"{plugin} decodes other values")
    return spent


if __name__ == "__main__":
    main()
