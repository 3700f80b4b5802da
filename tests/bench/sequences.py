"""What looking into recurrent layers costs, for a sequence of 200 steps and cells of 64 units.

`gates`: all gates of one sequence opened up, over one bare forward pass of the same torch module, turn by turn.
`through_time`: the gradient of a loss at every step, split into the parts that each of the 200 sends back, of all three cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import torch
from torch import nn

from engine.data.datasets import Dataset
from engine.layers.catalog import GRU, LSTM, RNN, Linear
from engine.passes.modules import build
from engine.sequences.opened import opened
from engine.sequences.through_time import gradient_through_time

STEPS, UNITS = 200, 64
TURNS, GRADIENTS = 60, 9


def rows() -> Iterator[dict[str, object]]:
    threads = torch.get_num_threads()
    torch.set_num_threads(max(1, threads - 1))  # as while a run is on
    try:
        yield from (_gates(kind) for kind in ("RNN", "LSTM", "GRU"))
        yield _through_time()
    finally:
        torch.set_num_threads(threads)


def _gates(kind: str) -> dict[str, object]:
    torch.manual_seed(0)
    module: nn.RNNBase = getattr(nn, kind)(1, UNITS, batch_first=True).eval()
    x = torch.randn(1, STEPS, 1)
    bare, whole = [], []
    with torch.no_grad():
        for _ in range(TURNS):
            began = perf_counter()
            module(x)
            between = perf_counter()
            opened(module, x[0])
            whole.append(perf_counter() - between)
            bare.append(between - began)
    this, other = 1000 * median(whole), 1000 * median(bare)
    return {
        "name": f"gates[{kind}]",
        "ratio": round(this / other, 2),
        "this": round(this, 2),
        "other": round(other, 2),
        "unit": "ms",
        "goal": "<= 3",
    }


def _through_time() -> dict[str, object]:
    torch.manual_seed(0)
    x, y = torch.randn(1, STEPS, 1), torch.randn(1, STEPS, 1)
    data = Dataset("waves", x, y, x, y, (), (STEPS, 1), False, 1, "regression", "mean_squared_error")
    models = [
        build((kind(hidden_size=UNITS, output="sequence"), Linear(out_features=1)), (STEPS, 1)) for kind in (RNN, LSTM, GRU)
    ]
    spent = []
    for _ in range(GRADIENTS):
        began = perf_counter()
        for model in models:
            found = gradient_through_time(model.eval(), data, 0)
            assert found is not None and len(found.loss_steps) == STEPS
        spent.append(perf_counter() - began)
    return {"name": "through_time", "value": round(1000 * median(spent), 1), "unit": "ms", "goal": "<= 150"}
