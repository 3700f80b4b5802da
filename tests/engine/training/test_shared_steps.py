"""Three processes compute what one computes: each case's losses, validations, weights and random states beside those of the
trainer of one process, all measured by `shared_cases`."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.kinds.activation import Dropout
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.recurrent import GRU, LSTM
from engine.training.distributed.launch import Launch, ProcessesError, launched, require_shareable, threads_each
from tests.engine.training.shared_cases import CASES, EPOCHS, RUNS

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[3]
ROUNDING = 2e-5
TORCHRUN = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    environment = os.environ | {
        "WORLD_SIZE": "3", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",  # what is forked has no threads
    }  # fmt: skip
    script = [sys.executable, "-W", "error", str(Path(__file__).with_name("shared_cases.py")), str(folder / "found.json")]
    done = subprocess.run(script, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return json.loads((folder / "found.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_it_is_what_one_process_computes(found, case):
    """Also in a last batch of 2 samples, in which the first of three processes has no part."""
    alone, together = found[case]["alone"], found[case]["together"]
    losses = np.array(alone["losses"])
    assert len(losses) == EPOCHS * (len(losses) // EPOCHS) > 0
    np.testing.assert_allclose(together["losses"], losses, rtol=ROUNDING, atol=ROUNDING)
    np.testing.assert_allclose(together["validations"], alone["validations"], rtol=10 * ROUNDING)
    assert together["rate"] == alone["rate"]
    for name, values in alone["weights"].items():
        np.testing.assert_allclose(together["weights"][name], values, rtol=0, atol=5 * ROUNDING, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_all_random_numbers_are_those_of_one_process(found, case):
    """Dropout, augmentation and the order of the samples leave each generator in the same state, to the bit."""
    assert found[case]["together"]["drawn"] == found[case]["alone"]["drawn"]


@pytest.mark.parametrize("name", RUNS)
def test_a_run_ends_when_it_ends_in_one_process(found, name):
    alone, together = found[name]["alone"], found[name]["together"]
    assert alone["processes"] == 1 and together["processes"] == 3
    for key in ("reason", "step", "best", "notices", "problem"):
        assert together[key] == alone[key], key
    if name == "stopped early":
        assert alone["notices"] == ["stopped_early", "best_taken"] and alone["step"] < 40 * 7
        assert together["validation"] == pytest.approx(alone["validation"], rel=10 * ROUNDING)
    else:
        assert alone["problem"] == "diverged_learning_rate"


def test_the_parts_of_a_batch_are_all_of_it_once():
    for processes in (2, 3, 5):
        for count in range(1, 12):
            parts = [slice(rank * count // processes, (rank + 1) * count // processes) for rank in range(processes)]
            taken = [list(range(count))[part] for part in parts]
            assert [each for part in taken for each in part] == list(range(count))
            assert max(map(len, taken)) - min(map(len, taken)) <= 1


def test_a_process_alone_is_no_launch():
    assert launched({}) is None
    assert launched(TORCHRUN | {"WORLD_SIZE": "1", "RANK": "0"}) is None


def test_what_torchrun_says_is_read():
    assert launched(TORCHRUN) == Launch(1, 2, 1, 2)
    assert launched(TORCHRUN | {"LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1"}) == Launch(1, 2, 0, 1)
    assert not Launch(1, 2, 0, 1).leads and Launch(0, 2, 0, 1).leads


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"WORLD_SIZE": "2"}, "not_launched"),
        (TORCHRUN | {"RANK": "x"}, "no_number"),
        (TORCHRUN | {"WORLD_SIZE": "-2"}, "no_number"),
        (TORCHRUN | {"RANK": "2"}, "no_such_rank"),
    ],
)
def test_an_environment_that_is_not_whole_is_refused(environment, code):
    with pytest.raises(ProcessesError) as caught:
        launched(environment)
    assert caught.value.code == code
    assert caught.value.message("ko") != caught.value.message("en")


def test_masks_between_recurrent_layers_are_refused_before_the_first_step():
    def of(layer):
        return Experiment(network=Network(layers=(Dropout(), layer, Linear(out_features=1))))

    with pytest.raises(ProcessesError, match=r"Layer 2 \(LSTM\)"):
        require_shareable(of(LSTM(hidden_size=4, num_layers=2, dropout=0.5)))
    require_shareable(of(LSTM(hidden_size=4, num_layers=1, dropout=0.5)))  # torch does nothing with it
    require_shareable(of(GRU(hidden_size=4, num_layers=2)))
    with pytest.raises(ProcessesError, match="mps"):
        require_shareable(Experiment(training=Training(device="mps")))


def test_the_cores_of_a_machine_are_shared_evenly(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert [threads_each(Launch(0, 4, 0, local)) for local in (1, 2, 3, 16)] == [8, 4, 2, 1]
