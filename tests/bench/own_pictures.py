"""Own pictures: 5,000 JPEGs of 64x64 found, decoded and kept, against the same files decoded with Pillow in torch's DataLoader
of two workers, as bytes both; and how much faster the second start is than the first."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from engine.data.own import decoded_cache, picture_folder
from engine.files import FOLDER_VARIABLE

CLASSES, OF_EACH, SIDE = 10, 500, 64
TURNS = 7


def rows() -> Iterator[dict[str, object]]:
    before = os.environ.get(FOLDER_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "pictures"
        files = draw(root)
        usual, first, second = [], [], []
        try:
            for turn in range(TURNS + 1):  # the first turn reads the files into the system's memory
                os.environ[FOLDER_VARIABLE] = str(Path(folder) / str(turn))
                usual.append(usual_seconds(files))
                first.append(own_seconds(root))
                decoded_cache.finish_writing()  # as long before another start
                second.append(own_seconds(root))
        finally:
            os.environ.pop(FOLDER_VARIABLE)
            if before is not None:
                os.environ[FOLDER_VARIABLE] = before
    pairs = list(zip(usual, first, second, strict=True))[1:]
    seconds = {"usual_s": round(median(usual[1:]), 3), "first_s": round(median(first[1:]), 3)}
    ratio = median(usually / own for usually, own, _ in pairs)
    yield {"name": "loader", "ratio": round(ratio, 2), **seconds, "goal": ">= 1.5"}
    ratio = median(own / again for _, own, again in pairs)
    yield {"name": "loader[second start]", "ratio": round(ratio, 1), "second_s": round(median(second[1:]), 3), "goal": ">= 10"}


def draw(root: Path) -> list[tuple[str, int]]:
    """The files, and their classes."""
    rng = np.random.default_rng(0)
    files = []
    for label in range(CLASSES):
        (root / str(label)).mkdir(parents=True)
        for number in range(OF_EACH):
            coarse = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
            file = root / str(label) / f"{number}.jpg"
            coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(file, quality=85)
            files.append((str(file), label))
    return files


class OpenedFiles(Dataset):
    """As such a class stands in every course."""

    def __init__(self, files: list[tuple[str, int]]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, int]:
        file, label = self.files[place]
        pixels = np.array(Image.open(file).convert("RGB"))
        return torch.from_numpy(pixels).permute(2, 0, 1), label


def usual_seconds(files: list[tuple[str, int]]) -> float:
    began = time.perf_counter()
    seen = sum(len(x) for x, _ in DataLoader(OpenedFiles(files), batch_size=64, num_workers=2))
    spent = time.perf_counter() - began
    assert seen == CLASSES * OF_EACH
    return spent


def own_seconds(root: Path) -> float:
    """As at a start of the program."""
    picture_folder._memory = picture_folder._Memory()
    began = time.perf_counter()
    pixels = picture_folder.decoded_pictures(picture_folder.scan(str(root)), (SIDE, SIDE), 3)
    spent = time.perf_counter() - began
    assert pixels.shape == (CLASSES * OF_EACH, 3, SIDE, SIDE)
    return spent
