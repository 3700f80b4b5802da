"""Named data sets as tensors, split into training and validation.

What a data set is, and its arrays, come from its class in `engine.data.sources`; here they become tensors.
Called by the trainer, the labs that show samples, and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.data.info import Data, LossName, Task
from engine.data.source import ShownRows
from engine.data.sources import describe, source_named
from engine.layers.base import Shape

if TYPE_CHECKING:
    import torch


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
    rows: ShownRows | None = None  # of a table, the samples that validate as they stand in it


def load(data: Data, *, seed: int) -> Dataset:
    """The tensors of `data`; `seed` is the experiment's, and counts where the data names none of its own.

    Raises DatasetError: an unknown name, a split or an option that cannot be, a missing or damaged file.
    """
    import torch

    info = describe(data)
    seed = seed if data.seed is None else data.seed
    x_train, y_train, x_validation, y_validation = source_named(info.name).arrays(info, seed)
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
        rows=source_named(info.name).shown_rows(info, seed),
    )
