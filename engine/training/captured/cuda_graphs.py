"""CUDA's graphs, as `engine.training.captured.captured_step` uses them.

What must be so for a capture to succeed, and is arranged here: capturing happens on a stream of its own, on which the same
computation has run before (libraries keep handles and memory for each stream and thread, and autograd sends a gradient on the
stream that its leaf was first used on); and other threads of the program, which may use a GPU meanwhile, are left alone
("thread_local").

Of a capture that fails, torch up to 2.12 leaves three things undone, and all else that it is asked for then fails: the thread
stays on the stream that captures, the allocator goes on to count a capture (so it frees nothing any more, and `empty_cache`
raises), and the generator goes on to think that it is captured (so dropout raises). All three are put right. The memory that
the capture had taken by then stays taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import torch

T = TypeVar("T")


class CudaGraphs:
    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Have what is inside computed on the stream that captures, in its turn with what is outside."""
        outside = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(outside)
        try:
            with torch.cuda.stream(self._stream):
                yield
        finally:
            outside.wait_stream(self._stream)

    def capture(self, compute: Callable[[], T]) -> tuple[Callable[[], None], T]:
        """A call that computes on the current stream what `compute` would, with the same memory; and what `compute` returns,
        tensors that hold the newest results. Nothing is computed yet. Raises whatever torch does where that is impossible."""
        graph, pool = torch.cuda.CUDAGraph(), torch.cuda.graph_pool_handle()
        try:
            return graph.replay, self._captured(graph, pool, compute)
        except BaseException:
            self._put_right(pool)
            raise

    def _captured(self, graph: torch.cuda.CUDAGraph, pool: Any, compute: Callable[[], T]) -> T:
        with (
            torch.cuda.stream(self._stream),  # around torch's own, which is not left where a capture fails
            torch.cuda.graph(graph, pool=pool, stream=self._stream, capture_error_mode="thread_local"),
        ):
            return compute()

    def _put_right(self, pool: Any) -> None:
        """After a capture into `pool` that has failed."""
        with suppress(Exception):  # a newer torch has done so
            torch._C._cuda_endAllocateToPool(self._stream.device_index, pool)
        with suppress(Exception):  # nothing else could be done
            number = torch.zeros(1, device=self._device)
            self._captured(torch.cuda.CUDAGraph(), torch.cuda.graph_pool_handle(), lambda: number.add_(1.0))
