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

    With `weights` of the classes an answer's loss counts as often as its class's weight says, and the sum is divided by the
    number of answers all the same. torch's own mean divides by the sum of the weights, which changes from batch to batch: there
    the weight of a batch with one class only cancels out, and the mean over batches is not that of their samples.

    | task           | outputs     | targets          | loss                                                |
    |----------------|-------------|------------------|-----------------------------------------------------|
    | classification | NV          | N                | cross-entropy, or mean squared error to the one-hot |
    | next_token     | NTV         | NT               | the same, every time step an answer                 |
    | regression     | NF or NTF   | the same layout  | mean squared error                                  |
    """

    def __init__(self, task: Task, loss: LossName, classes: int, smoothing: float = 0.0, weights: Tensor | None = None) -> None:
        self._task = task
        self._squared = loss == "mean_squared_error"
        self._classes = classes
        self.smoothing = smoothing
        self._weights = weights

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss, as one number with a gradient."""
        if self._task == "regression":
            return mse_loss(outputs, targets)
        if self._squared:
            return mse_loss(outputs, one_hot(targets, self._classes).to(outputs.dtype))
        if self._task == "next_token":
            outputs, targets = outputs.flatten(0, 1), targets.flatten()
        if self._weights is None:
            return cross_entropy(outputs, targets, label_smoothing=self.smoothing)
        total = cross_entropy(outputs, targets, self._weights, reduction="sum", label_smoothing=self.smoothing)
        return total / targets.numel()

    @staticmethod
    def balanced(targets: Tensor, classes: int) -> Tensor:
        """Weights under which each class counts alike in `targets`, with the mean 1 over all of them: N / (K n) for a class
        that n of N targets are of. A class that none is of has N / K."""
        counts = targets.flatten().bincount(minlength=classes)
        return targets.numel() / (classes * counts.clamp(min=1).float())

    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor | None:
        """The number of right answers: those whose largest output is the target's. None for a regression."""
        if self._task == "regression":
            return None
        return (outputs.argmax(-1) == targets).sum()

    def answers(self, targets: Tensor) -> int:
        """The number of answers of one sample: one, or one for each time step."""
        return targets.shape[1] if self._task == "next_token" else 1
