"""Named data sets as tensors, split into training and validation.

What a data set is (shape, task, counts) is in `engine.data.info`, which needs no torch; this module makes the tensors of it.
Called by the trainer, the labs that show samples, and the tests. Everything is drawn from one seeded numpy generator, or by
scikit-learn with that seed, never from global random states: the same `Data` and seed give the same tensors.

Images are float32 in 0..1 and nothing more is done to them: 0 stays the ground, so that zero padding goes on with it. Digits'
16 levels are divided by 16, MNIST's bytes by 255. The classes are split so that each part has the whole's proportions.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.assets import asset
from engine.data.info import DataInfo, DatasetError, Task, describe, names
from engine.layers.base import Shape

if TYPE_CHECKING:
    import torch

    from engine.data.info import Data
    from engine.experiments.experiment import LossName

__all__ = ["Dataset", "DatasetError", "describe", "load", "names", "stored_images"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A loaded data set on the CPU.

    x: images (N, C, H, W) and series (N, T, F) float32; tokens (N, T) int64.
    y: classes (N,) int64; numbers (N, F) or, a whole series, (N, T, F) float32; the next tokens (N, T) int64.
    """

    name: str
    x_train: torch.Tensor
    y_train: torch.Tensor
    x_validation: torch.Tensor
    y_validation: torch.Tensor
    classes: tuple[str, ...]  # labels, or the vocabulary; empty for a regression
    input: Shape  # of one sample
    tokens: bool  # whether x is integers
    outputs: int  # logits, or regression outputs, that the network must end in
    task: Task
    loss: LossName  # that the targets ask for


def load(data: Data, *, seed: int) -> Dataset:
    """The tensors of `data`; `seed` is the experiment's, and counts where the data names none of its own.

    Raises DatasetError: an unknown name, a split or an option that cannot be, a missing or damaged file.
    """
    import torch

    info = describe(data)
    seed = seed if data.seed is None else data.seed
    split = _stratified(info, seed) if info.task == "classification" else _generated(info, seed)
    x_train, y_train, x_validation, y_validation = split
    return Dataset(
        info.name,
        torch.from_numpy(x_train),
        torch.from_numpy(y_train),
        torch.from_numpy(x_validation),
        torch.from_numpy(y_validation),
        classes=info.classes,
        input=info.input,
        tokens=info.tokens,
        outputs=info.outputs,
        task=info.task,
        loss=info.loss,
    )


def stored_images(name: str) -> tuple[Any, Any]:
    """All images of a stored data set, (N, 1, H, W) float32 in 0..1, and their classes (N,) int64, as numpy arrays."""
    import numpy as np

    images, labels, white = _digits() if name == "digits" else _read_mnist(asset("data", "mnist-5k.npz"))
    # not [:, None]: its stride of 0 would become one that torch takes for channels-last, and convolves in another order
    x = (images / white).astype(np.float32).reshape(-1, 1, *images.shape[1:])
    return x, labels.astype(np.int64)


def _stratified(info: DataInfo, seed: int) -> tuple[Any, Any, Any, Any]:
    """Stored images, the counts of `info` drawn from them so that every class keeps its share."""
    from sklearn.model_selection import train_test_split

    x, y = stored_images(info.name)
    x_train, x_validation, y_train, y_validation = train_test_split(
        x, y, train_size=info.train, test_size=info.validation, stratify=y, random_state=seed
    )
    return x_train, y_train, x_validation, y_validation


def _generated(info: DataInfo, seed: int) -> tuple[Any, Any, Any, Any]:
    """Generated series: their order is random already, or, counting, is made so; the first ones train."""
    import numpy as np

    from engine.data.generated import make_adding, make_counting, make_waves

    rng = np.random.default_rng(seed)
    assert info.length is not None
    x: Any
    y: Any
    if info.name == "waves":
        assert info.noise is not None
        assert info.wave is not None
        x, y = make_waves(rng, info.samples, info.length, info.noise, info.wave)
    elif info.name == "adding":
        x, y = make_adding(rng, info.samples, info.length)
    else:
        x, y = make_counting(info.samples, info.length)
        order = rng.permutation(info.samples)
        x, y = x[order], y[order]
    n = info.train
    return x[:n], y[:n], x[n:], y[n:]


def _digits() -> tuple[Any, Any, float]:
    from sklearn.datasets import load_digits

    try:
        digits = load_digits()
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(f"digits: scikit-learn's own copy cannot be read ({error}); install it anew") from error
    return digits.images, digits.target, 16.0


def _read_mnist(path: Path) -> tuple[Any, Any, float]:
    """The bytes of mnist-5k.npz (see assets/data/README.md)."""
    import numpy as np

    expected = "5,000 images of 28x28 bytes and their labels"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except FileNotFoundError:
        raise DatasetError(f"mnist-5k: {path} is not there; expected {expected}") from None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError(f"mnist-5k: {path} is damaged ({error}); expected {expected}") from error
    if (images.shape, labels.shape) != ((5000, 28, 28), (5000,)) or images.dtype != np.uint8:
        raise DatasetError(f"mnist-5k: {path} holds {images.dtype} {images.shape}; expected {expected}")
    return images, labels, 255.0
