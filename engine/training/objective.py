"""The loss and the accuracy for each kind of task.

Layouts: N batch, T time, V classes or vocabulary, F features. Called by `engine.training.trainer`.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from engine.data.info import LossName, Task


class Objective:
    """The loss of a batch, a mean over all its numbers, and the number of its right answers. With label smoothing s over K
    classes, the cross-entropy's target is 1 - s + s/K for the right class and s/K for each other one, in training and in
    validation: `engine.training.chance.smoothing_floor` is the least that it can be.

    | task           | outputs     | targets          | loss                                                |
    |----------------|-------------|------------------|-----------------------------------------------------|
    | classification | NV          | N                | cross-entropy, or mean squared error to the one-hot |
    | next_token     | NTV         | NT               | the same, every time step an answer                 |
    | regression     | NF or NTF   | the same layout  | mean squared error                                  |
    """

    def __init__(self, task: Task, loss: LossName, classes: int, smoothing: float = 0.0) -> None:
        self._task = task
        self._squared = loss == "mean_squared_error"
        self._classes = classes
        self._smoothing = smoothing

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss, as one number with a gradient."""
        if self._task == "regression":
            return mse_loss(outputs, targets)
        if self._squared:
            return mse_loss(outputs, one_hot(targets, self._classes).to(outputs.dtype))
        if self._task == "next_token":
            return cross_entropy(outputs.flatten(0, 1), targets.flatten(), label_smoothing=self._smoothing)
        return cross_entropy(outputs, targets, label_smoothing=self._smoothing)

    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor | None:
        """The number of right answers: those whose largest output is the target's. None for a regression."""
        if self._task == "regression":
            return None
        return (outputs.argmax(-1) == targets).sum()

    def answers(self, targets: Tensor) -> int:
        """The number of answers of one sample: one, or one for each time step."""
        return targets.shape[1] if self._task == "next_token" else 1
