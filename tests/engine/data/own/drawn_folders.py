"""Folders of pictures for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def noise(height: int = 6, width: int = 5, channels: int = 3, seed: int = 0) -> np.ndarray:
    """(H, W) or (H, W, C) uint8."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def draw(file: Path, picture: np.ndarray | Image.Image | None = None, seed: int = 0, **options: Any) -> Path:
    """Save a picture, of noise where none is given."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(noise(seed=seed) if picture is None else picture)
    image.save(file, **options)
    return file


def folder_of(root: Path, counts: Mapping[str, int] | Sequence[str] = ("cat", "dog"), ending: str = "png") -> Path:
    """A class a subfolder, with so many pictures of noise, four where no number is said."""
    counted = counts if isinstance(counts, Mapping) else dict.fromkeys(counts, 4)
    seed = 0
    for name, count in counted.items():
        for number in range(1, count + 1):
            seed += 1
            draw(root / name / f"{number}.{ending}", seed=seed)
    return root
