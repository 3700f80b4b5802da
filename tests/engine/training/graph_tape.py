"""CUDA's graphs, stood in for on the CPU: what is captured is a tape of torch's operations, and a replay does them again.

As with CUDA: the tape has the tensors themselves, so a replay reads what is in their memory now and writes its results to the
memory of the first ones; what was a Python number is the number of the capture; no Python runs again; random numbers go on
from the generator's state; and an operation that would wait for the device (`item`) cannot be captured. Other than with CUDA
the operations are also done while they are captured.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from engine.training.captured import capturable, captured_step

T = TypeVar("T")
WAITING = (torch.ops.aten._local_scalar_dense.default, torch.ops.aten.nonzero.default)


class GraphTape(TorchDispatchMode):
    """One capture."""

    def __init__(self) -> None:
        super().__init__()
        self._done: list[tuple[Callable[..., Any], Any, Any, bool, list[torch.Tensor]]] = []

    def __torch_dispatch__(self, func: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in WAITING:
            raise RuntimeError("operation not permitted when stream is capturing")
        given = kwargs or {}
        result = func(*args, **given)
        self._done.append((func, args, given, torch.is_grad_enabled(), tensors_of(result)))
        return result

    def replay(self) -> None:
        with (
            torch._C._AutoDispatchBelowAutograd()
        ):  # where the tape was: a recurrent layer keeps more where gradients are wanted
            for func, args, given, wants_gradients, results in self._done:
                with torch.set_grad_enabled(wants_gradients):
                    again = tensors_of(func(*args, **given))
                for new, old in zip(again, results, strict=True):
                    if new.data_ptr() != old.data_ptr():  # neither in place nor a view
                        old.copy_(new)


class TapedGraphs:
    """In the place of `CudaGraphs`."""

    made = 0  # captures that have succeeded
    held: weakref.WeakSet[GraphTape]  # tapes that are still there
    replayed = 0
    faults: tuple[Callable[[], None], ...] = ()  # what happens in the next captures, one after the other

    def __init__(self, _device: torch.device) -> None:
        pass

    @contextmanager
    def beside(self) -> Iterator[None]:
        yield

    @classmethod
    def holding(cls) -> bool:
        """Whether a graph holds memory."""
        return len(cls.held) > 0

    def capture(self, compute: Callable[[], T]) -> tuple[Callable[[], None], T]:
        kind = type(self)
        tape = GraphTape()
        with tape:
            result = compute()
        if kind.faults:
            fault, *rest = kind.faults
            kind.faults = tuple(rest)
            fault()
        kind.made += 1
        kind.held.add(tape)

        def replay() -> None:
            kind.replayed += 1
            tape.replay()

        return replay, result


def tensors_of(result: Any) -> list[torch.Tensor]:
    several = result if isinstance(result, tuple | list) else (result,)
    return [each for each in several if isinstance(each, torch.Tensor)]


def graphs_are_taped(monkeypatch: pytest.MonkeyPatch) -> type[TapedGraphs]:
    """Have steps on the CPU captured, on tapes. Returns what counts them."""
    kind = type("CountedGraphs", (TapedGraphs,), {"held": weakref.WeakSet()})
    monkeypatch.setattr(capturable, "DEVICES", ("cpu",))
    monkeypatch.setattr(captured_step, "CudaGraphs", kind)
    return kind
