"""What a network's numbers cost after a click, in ms of process time: opening a famous network for the first time
while the lab shows another one, its file read and the whole table written, without torch; and all rows of 150 layers after an
edit of the first, at sizes never met before."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

FRAME = "<= 16"  # ms
PROCESSES = 7
EDITS = 60


def rows() -> Iterator[dict[str, object]]:
    for name, network in (("trace_vgg19", "vgg-19"), ("trace_vgg19[resnet-50]", "resnet-50")):
        opened = [_opened_elsewhere_ms(network) for _ in range(PROCESSES)]
        yield {"name": name, "value": round(median(opened), 2), "unit": "ms", "goal": FRAME}
    yield {"name": "retrace_150", "value": round(retraced_ms(), 2), "unit": "ms", "goal": FRAME}


def _opened_elsewhere_ms(name: str) -> float:
    done = subprocess.run([sys.executable, "-m", "tests.bench.traces", name], capture_output=True, text=True, check=True)
    return float(done.stdout)


def opened_ms(name: str) -> float:
    """Of this process's first opening of `name`, after the small network that stands there before."""
    _table("lenet-5")
    began = time.process_time()
    table = _table(name)
    spent = time.process_time() - began
    assert table.count("\n") > 50
    if "torch" in sys.modules:
        raise RuntimeError("the numbers are to be there without torch")
    return spent * 1000


def _table(name: str) -> str:
    from engine.experiments import famous
    from engine.networks import summary
    from engine.networks.trace import trace

    network = famous.network(name)
    assert network.input is not None
    return summary.as_table(name, trace(network.layers, network.input), network.layers)


def retraced_ms() -> float:
    """The median over edits that change the size of every map below."""
    from engine.fields import edited
    from engine.layers.catalog import AnyLayer, BatchNorm2d, Conv2d, ReLU
    from engine.networks.edits import replaced
    from engine.networks.trace import trace

    first = Conv2d(out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    block: tuple[AnyLayer, ...] = (Conv2d(out_channels=64, kernel_size=3, padding=1, bias=False), BatchNorm2d(), ReLU())
    layers: tuple[AnyLayer, ...] = (first, *block[1:], *block * 49)
    spent = []
    for padding in range(4, 4 + EDITS):
        began = time.process_time()
        layers = replaced(layers, (0,), edited(first, padding=padding))
        traced = trace(layers, (3, 224, 224))
        spent.append(time.process_time() - began)
        assert len(traced.rows) == 150
    return median(spent) * 1000


if __name__ == "__main__":
    print(opened_ms(sys.argv[1]))
