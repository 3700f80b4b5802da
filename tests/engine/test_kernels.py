"""The compiled kernels that torch keeps, and the threads that numpy multiplies with."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from engine import kernels
from engine.__main__ import main
from tests.patience import GIVE_UP_S

VARIABLE = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
MANY_SHAPES = """
import ctypes, gc
from pathlib import Path
from engine.kernels import keep_few
keep_few()
import torch
torch.set_num_threads(1)

def learn(numbers):
    for n in numbers:
        lstm = torch.nn.LSTM(8, 16 + n % 32, batch_first=True)
        lstm(torch.randn(2, 3 + n // 32, 8))[0].sum().backward()

def held():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) / 256

learn(range(300))
before = held()
learn(range(300, 900))
print(held() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory is held")
def test_networks_of_new_shapes_do_not_fill_the_memory() -> None:
    """MiB that 600 more shapes leave, of which nothing lives: 50 without the limit, on the machine that this was written on."""
    own = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-c", MANY_SHAPES]
    done = subprocess.run(command, env=own, capture_output=True, check=True, timeout=GIVE_UP_S)
    assert float(done.stdout) < 10


def test_the_command_line_keeps_few_and_leaves_who_has_set_another_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["list", "presets"]) == 0
    assert os.environ[VARIABLE] == str(kernels.KEPT)
    monkeypatch.setenv(VARIABLE, "40")
    assert main(["list", "presets"]) == 0
    assert os.environ[VARIABLE] == "40"


THREADS = """
import os
from engine.kernels import multiply_in_one_thread
multiply_in_one_thread()
import numpy as np
np.ones((500, 500)) @ np.ones((500, 500))
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="counts threads as Linux lists them")
@pytest.mark.skipif(os.cpu_count() == 1, reason="there is only one thread to have")
@pytest.mark.parametrize(("own", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_numpy_multiplies_in_one_thread_or_in_as_many_as_the_user_has_set(own: dict[str, str], threads: int) -> None:
    others = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", THREADS], env=others | own, capture_output=True, check=True, timeout=GIVE_UP_S)
    assert int(done.stdout) == threads


def test_the_command_line_multiplies_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    assert main(["list", "presets"]) == 0
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
