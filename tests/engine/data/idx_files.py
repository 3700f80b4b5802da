"""IDX files for tests: written by hand from the format's description, not by the code under test."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np


def idx_bytes(values: np.ndarray, kind: int = 8) -> bytes:
    """The magic number, the sizes, the bytes."""
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, kind, values.ndim, *values.shape) + values.tobytes()


def made(count: int, side: int = 28, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels, all classes alike."""
    draws = np.random.default_rng(count)
    images = draws.integers(0, 256, (count, side, side), dtype=np.uint8)
    return images, (np.arange(count) % classes).astype(np.uint8)


def idx_folder(folder: Path, count: int = 100, *, packed: bool = True, sign: str = "-", side: int = 28) -> Path:
    """A folder with both files of a training part."""
    folder.mkdir(parents=True, exist_ok=True)
    images, labels = made(count, side)
    for name, values in ((f"train-images{sign}idx3-ubyte", images), (f"train-labels{sign}idx1-ubyte", labels)):
        content = idx_bytes(values)
        (folder / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(content) if packed else content)
    return folder
