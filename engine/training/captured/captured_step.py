"""The step of a run as one graph: forward, loss, gradients and update are captured once, and from then on launched together. A
small network's step is a hundred small pieces of work, and it takes longer to launch each than the GPU takes to do it.

A captured step has fixed memory and fixed settings: whatever was a Python number when it was captured stays what it was. So
each step looks at the settings and at the addresses of all that it changes, and where any is another than it was captured with,
the graphs are thrown away. A few steps are then computed one by one (which makes whatever an optimiser keeps, and warms up the
libraries), and the last of them is captured: its graph is replayed on the same batch from the same state, and is used only if
that has led to the same loss, the same weights and the same random states, to rounding. The step that counts is the plain one.
Each size of batch (an epoch's last one may be smaller) has a graph of its own.

What is promised: the steps, their order and their random numbers are those of a run whose steps are not captured, because the
same kernels run in the same order from the same state; their results are the same to rounding, and to the bit where the
libraries' kernels are deterministic. A moment says nothing of graphs: taken in a captured run it is taken up by any other.
What cannot be captured is computed one by one as ever, and `problem` says why. Called by `engine.training.trainer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias, TypeVar

import torch
from torch import Tensor, nn

from engine.experiments.problems import RunProblem
from engine.runs.failures import is_out_of_memory
from engine.training.captured.cuda_graphs import CudaGraphs
from engine.training.randomness import random_states, set_random_states

T = TypeVar("T")
StepResult: TypeAlias = tuple[Tensor, Tensor | None]  # loss and right answers
StepFunction: TypeAlias = Callable[[Tensor, Tensor], StepResult]

WARM_UP = 3  # steps of one size of batch before the one that is captured
OF_THE_STEP = 0.1  # how far two results may lie apart: this much of what the step has changed ...
OF_THE_VALUE = 1e-6  # ... and this much of the values themselves
OF_THE_LOSS = 1e-4


class Graphs(Protocol):
    """`CudaGraphs`, as far as it is used."""

    def beside(self) -> AbstractContextManager[None]: ...

    def capture(self, compute: Callable[[], T]) -> tuple[Callable[[], None], T]: ...


class DifferentResultError(Exception):
    """A replay has not led to what the plain step led to."""


class CapturedStep:
    """`compute(x, y)` is a whole step of `model` and `optimizer` that never waits for the device. `problem` is why steps are no
    longer captured; None: they are, or will be."""

    def __init__(self, compute: StepFunction, model: nn.Module, optimizer: torch.optim.Optimizer, device: torch.device) -> None:
        self.problem: RunProblem | None = None
        self._compute = compute
        self._state = _StepState(model, optimizer, device)
        self._graphs: Graphs = CudaGraphs(device)
        self._made_for: object = None  # settings and addresses
        self._warm: dict[object, int] = {}  # size of batch -> plain steps
        self._replays: dict[object, _Replay] = {}  # size of batch -> its graph

    def learn(self, settings: object, x: Tensor, y: Tensor) -> StepResult:
        """A step. The results are those of this step until the next one. `settings` are equal as long as a captured step
        computes what `compute` would."""
        if self.problem is not None:
            return self._compute(x, y)
        made_for = settings, self._state.addresses()
        if made_for != self._made_for:
            self.forget()
            self._made_for = made_for
        size = x.shape, y.shape
        replay = self._replays.get(size)
        if replay is not None:
            return replay(x, y)
        self._warm[size] = self._warm.get(size, 0) + 1
        return self._capture(size, x, y) if self._warm[size] > WARM_UP else self._plainly(x, y)

    def forget(self) -> None:
        """Give back the memory of all graphs. Steps are captured anew, where there are more."""
        self._replays.clear()
        self._warm.clear()

    def with_room(self, compute: Callable[[], T]) -> T:
        """What `compute` returns. Where it finds no memory while graphs hold some, it has that, and is called again."""
        try:
            return compute()
        except Exception as error:
            if not self._replays or not is_out_of_memory(error):
                raise
            self._give_up(RunProblem("graph_no_memory"))
        return compute()

    def _plainly(self, x: Tensor, y: Tensor) -> StepResult:
        before = self._tried(self._state.copies) if self._replays else None

        def computed() -> StepResult:
            if before is not None and self.problem is not None:  # this is the second time
                self._state.put(before)
            with self._graphs.beside():
                return self._compute(x, y)

        return self.with_room(computed)

    def _capture(self, size: object, x: Tensor, y: Tensor) -> StepResult:
        """A plain step, and the graph of it."""
        before = self._tried(self._state.copies)
        result = self._plainly(x, y)
        if before is not None and self.problem is None and result[0].isfinite():
            self._tried(lambda: self._prove(size, x, y, before, result[0]))
        return result

    def _prove(self, size: object, x: Tensor, y: Tensor, before: _Copies, loss: Tensor) -> None:
        """Capture the step from `before` that has just been computed, and keep its graph if it leads to the same. Raises
        DifferentResultError, and whatever torch does."""
        after = self._state.copies()
        gradients = self._state.gradients()
        try:
            replay = _Replay(self._graphs, self._compute, self._state, x, y)
            self._state.put(before)
            found, _ = replay(x, y)
            if not _is_near(found, loss) or not self._state.copies().is_near(after, before):
                raise DifferentResultError
            self._replays[size] = replay
        finally:
            self._state.put(after)
            self._state.set_gradients(gradients)

    def _tried(self, attempt: Callable[[], T]) -> T | None:
        """What `attempt` returns; None where it fails, after which nothing is captured any more."""
        try:
            return attempt()
        except Exception as error:
            self._give_up(_problem_of_capture(error))
            return None

    def _give_up(self, problem: RunProblem) -> None:
        self.problem = problem
        self.forget()


class _Replay:
    """One graph, with the memory that it reads and writes."""

    def __init__(self, graphs: Graphs, compute: StepFunction, state: _StepState, x: Tensor, y: Tensor) -> None:
        self._x, self._y = x.clone(), y.clone()
        self._state = state
        self._launch, self._result = graphs.capture(lambda: compute(self._x, self._y))
        self._gradients = state.gradients()

    def __call__(self, x: Tensor, y: Tensor) -> StepResult:
        self._x.copy_(x)
        self._y.copy_(y)
        self._state.set_gradients(self._gradients)  # which a plain step replaces
        self._launch()
        return self._result


class _Copies:
    """What a step changes, at one moment, by its kind."""

    def __init__(self, tensors: dict[str, list[Tensor]], random: dict[str, Tensor]) -> None:
        self.tensors = {kind: [each.detach().clone() for each in several] for kind, several in tensors.items()}
        self.random = random

    def is_near(self, expected: _Copies, before: _Copies) -> bool:
        """Whether this is what a step from `before` has led to `expected`, to rounding. Kinds are compared as a whole: where
        a gradient is nothing but rounding, as that of a bias before a normalisation, an optimiser makes whole steps of it."""
        if any(not torch.equal(state, expected.random[name]) for name, state in self.random.items()):
            return False
        for kind, found in self.tensors.items():
            off, moved = _distance(found, expected.tensors[kind]), _distance(before.tensors[kind], expected.tensors[kind])
            if not off <= OF_THE_STEP * moved + OF_THE_VALUE * _length(expected.tensors[kind]):
                return False
        return True


class _StepState:
    """All that a step of `model` and `optimizer` changes."""

    def __init__(self, model: nn.Module, optimizer: torch.optim.Optimizer, device: torch.device) -> None:
        self._optimizer = optimizer
        self._device = device
        self._parameters = list(model.parameters())
        self._buffers = list(model.named_buffers())

    def addresses(self) -> tuple[int, ...]:
        rates = [group["lr"] for group in self._optimizer.param_groups]
        kept = [value for state in self._optimizer.state.values() for value in state.values()]
        tensors = [*self._parameters, *(buffer for _, buffer in self._buffers), *rates, *kept]
        return tuple(each.data_ptr() for each in tensors if isinstance(each, Tensor))

    def copies(self) -> _Copies:
        return _Copies(self._tensors(), random_states(self._device))

    def put(self, copies: _Copies) -> None:
        """Set everything to what it was, where it is."""
        with torch.no_grad():
            for kind, several in self._tensors().items():
                for each, copy in zip(several, copies.tensors[kind], strict=True):
                    each.copy_(copy)
        set_random_states(self._device, copies.random)

    def gradients(self) -> list[Tensor | None]:
        return [parameter.grad for parameter in self._parameters]

    def set_gradients(self, gradients: Iterable[Tensor | None]) -> None:
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            parameter.grad = gradient

    def _tensors(self) -> dict[str, list[Tensor]]:
        found: dict[str, list[Tensor]] = {"weight": list(self._parameters)}
        for name, buffer in self._buffers:
            found.setdefault(f"buffer {name.rsplit('.', 1)[-1]}", []).append(buffer)
        for state in self._optimizer.state.values():
            for name, value in state.items():
                if isinstance(value, Tensor):
                    found.setdefault(f"optimiser {name}", []).append(value)
        return found


def _is_near(found: Tensor, expected: Tensor) -> bool:
    return abs(float(found) - float(expected)) <= OF_THE_LOSS * abs(float(expected)) + OF_THE_VALUE


def _distance(some: list[Tensor], others: list[Tensor]) -> float:
    return _length([one.double() - other.double() for one, other in zip(some, others, strict=True)])


def _length(tensors: list[Tensor]) -> float:
    return float(torch.linalg.vector_norm(torch.stack([each.double().norm() for each in tensors])))


def _problem_of_capture(error: BaseException) -> RunProblem:
    """What has gone wrong first: the end of a capture that has failed raises an error of its own. Only torch says that there is
    no memory: the libraries say so too where they ask for some that may not be asked for in a capture."""
    while error.__context__ is not None:
        error = error.__context__
    if isinstance(error, torch.OutOfMemoryError):
        return RunProblem("graph_no_memory")
    if isinstance(error, DifferentResultError):
        return RunProblem("graph_differs")
    first_line = (str(error).strip().splitlines() or [""])[0]
    return RunProblem("graph_refused", {"error": f"{type(error).__name__}: {first_line}"})
