"""The calls that `CudaGraphs` makes, and their order, with a stand-in for torch.cuda: one whose failed captures leave behind
what torch's do. What the calls do on a GPU is in `test_on_a_gpu`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch

from engine.training.captured.cuda_graphs import CudaGraphs

CPU = torch.device("cpu")


class Cuda:
    """The state of a thread and of torch's allocator and generator."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.stream = "default"  # the current one
        self.counted: set[int] = set()  # pools of captures that the allocator thinks are under way
        self.generator_is_captured = False
        self.fails = False
        self._pools = 0
        real = inspect.signature(torch.cuda.graph)
        cuda = self

        class Stream:
            device_index = 0

            def __init__(self, device: torch.device) -> None:
                self.name = "side"

            def wait_stream(self, other: Stream) -> None:
                cuda.done.append(f"{self.name} waits for {other.name}")

        class Default(Stream):
            def __init__(self) -> None:
                self.name = cuda.stream

        class Graph:
            def replay(self) -> None:
                cuda.done.append(f"replayed on {cuda.stream}")

        @contextmanager
        def stream(on: Stream) -> Iterator[None]:
            before, cuda.stream = cuda.stream, on.name
            yield from self._left(before)

        class Capture:
            def __init__(self, *arguments: object, **options: object) -> None:
                self._given = real.bind(*arguments, **options).arguments

            def __enter__(self) -> None:
                assert not cuda.counted, "empty_cache: captures_underway.empty() INTERNAL ASSERT FAILED"
                assert self._given["capture_error_mode"] == "thread_local"
                self._before, cuda.stream = cuda.stream, self._given["stream"].name
                cuda.counted.add(self._given["pool"])
                cuda.generator_is_captured = True

            def __exit__(self, kind: object, *_: object) -> None:
                if cuda.fails:
                    cuda.fails = False
                    raise RuntimeError("operation failed due to a previous error during capture")
                cuda.counted.remove(self._given["pool"])
                cuda.generator_is_captured = False
                cuda.stream = self._before

        def pool() -> int:
            self._pools += 1
            return self._pools

        def end(device: int, pool: int) -> None:
            assert device == 0
            if pool not in self.counted:
                raise RuntimeError("endAllocatePool: not currently recording to mempool_id")
            self.counted.remove(pool)

        stand_ins = {
            "Stream": Stream,
            "stream": stream,
            "graph": Capture,
            "CUDAGraph": Graph,
            "current_stream": lambda _device: Default(),
            "graph_pool_handle": pool,
        }
        for name, what in stand_ins.items():
            monkeypatch.setattr(torch.cuda, name, what)
        monkeypatch.setattr(torch._C, "_cuda_endAllocateToPool", end, raising=False)

    def _left(self, before: str) -> Iterator[None]:
        try:
            yield
        finally:
            self.stream = before

    @property
    def is_as_before(self) -> bool:
        return self.stream == "default" and not self.counted and not self.generator_is_captured


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    return Cuda(monkeypatch)


def test_a_step_is_captured_on_the_side_and_replayed_in_its_place(cuda: Cuda) -> None:
    graphs = CudaGraphs(CPU)
    with graphs.beside():
        cuda.done.append(f"computed on {cuda.stream}")
    replay, result = graphs.capture(lambda: cuda.done.append(f"captured on {cuda.stream}") or "result")
    assert cuda.is_as_before
    replay()
    assert result == "result"
    assert cuda.done == [
        "side waits for default", "computed on side", "default waits for side", "captured on side", "replayed on default",
    ]  # fmt: skip


def test_a_step_beside_that_fails_is_waited_for(cuda: Cuda) -> None:
    with pytest.raises(ZeroDivisionError), CudaGraphs(CPU).beside():
        1 / 0  # noqa: B018
    assert cuda.done[-1] == "default waits for side"
    assert cuda.is_as_before


def refuse(cuda: Cuda) -> Callable[[], None]:
    def waits_for_the_device() -> None:
        cuda.fails = True
        raise RuntimeError("operation not permitted when stream is capturing")

    return waits_for_the_device


def test_a_capture_that_fails_is_put_right(cuda: Cuda) -> None:
    graphs = CudaGraphs(CPU)
    with pytest.raises(RuntimeError, match="previous error") as failed:
        graphs.capture(refuse(cuda))
    assert "not permitted" in str(failed.value.__context__)
    assert cuda.is_as_before
    _, result = graphs.capture(lambda: 3)
    assert result == 3


def test_one_that_ends_well_although_its_step_failed_needs_nothing(cuda: Cuda) -> None:
    def crowded() -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    with pytest.raises(torch.OutOfMemoryError):
        CudaGraphs(CPU).capture(crowded)
    assert cuda.is_as_before
