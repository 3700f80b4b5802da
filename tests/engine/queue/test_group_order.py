"""What a worker process does with runs that learn as one computation: orders in, states out, in this process."""

from __future__ import annotations

import io
import threading

import msgspec
import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, to_toml
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM
from engine.queue.run_state import RunState, kept_answers, kept_state
from engine.queue.worker_process import OrderService, RunOrder
from engine.runs.folder import Run
from engine.training.together import company
from engine.training.worker import train
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    seed=5,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=3, batch_size=16, device="cpu"),
)
RECURRENT = Network(layers=(Flatten(start_dim=2), LSTM(hidden_size=4), Linear(out_features=10)))


def orders_of(base, runs, root):
    found = [
        RunOrder("run", 1 + run, str(root / str(run)), to_toml(msgspec.structs.replace(base, seed=base.seed + run)))
        for run in range(runs)
    ]
    return msgspec.structs.replace(found[0], others=tuple(found[1:]))


def said(*orders):
    """The states that are told when these orders come, and nothing after them."""
    words = io.BytesIO()
    OrderService(io.BytesIO(b"".join(msgspec.json.encode(order) + b"\n" for order in orders)), words).serve()
    return [msgspec.json.decode(line, type=RunState) for line in words.getvalue().splitlines()]


class Words(io.BytesIO):
    """What is said, as it comes."""

    def __init__(self):
        super().__init__()
        self.changed, self.states = threading.Condition(), []

    def write(self, line):
        with self.changed:
            self.states.append(msgspec.json.decode(line, type=RunState))
            self.changed.notify_all()
        return len(line)


def carried_out(order):
    """What is said where no order follows until all runs have come to their ends; and each run's last state."""
    words, numbers = Words(), {order.number, *(other.number for other in order.others)}

    def have_ended():
        return {state.number for state in words.states if state.condition not in ("waiting", "running")} >= numbers

    def orders():
        yield msgspec.json.encode(order)
        with words.changed:
            words.changed.wait_for(have_ended, GIVE_UP_S)

    OrderService(orders(), words).serve()
    return words.states, {state.number: state for state in words.states}


def test_every_run_is_told_and_its_answers_are_kept(tmp_path):
    states, last = carried_out(orders_of(SMALL, 3, tmp_path))
    assert (states[0].number, states[0].device) == (0, "cpu")
    assert {state.number for state in states if state.condition == "running"} == {1, 2, 3}
    for run in range(3):
        alone = train(msgspec.structs.replace(SMALL, seed=5 + run), folder=tmp_path / f"alone-{run}", threads=1)
        state = last[1 + run]
        assert (state.condition, state.step, state.together, state.notice) == ("completed", alone.step, 3, {})
        assert state.validation_loss == pytest.approx(alone.validation_loss, rel=1e-5)
        assert state.answers == kept_answers(tmp_path / str(run)) and state.answers.count == 20
        assert state.answers.right == round(20 * alone.validation_accuracy)
        kept = kept_state(1 + run, tmp_path / str(run))
        assert (kept.condition, kept.together, kept.answers) == ("completed", 3, state.answers)


def test_what_fails_together_goes_on_one_by_one_and_says_so(tmp_path, monkeypatch):
    """torch has no batched form of its LSTM."""
    monkeypatch.setattr(company, "why_apart", lambda _experiment: None)
    base = msgspec.structs.replace(SMALL, network=RECURRENT)
    _, last = carried_out(orders_of(base, 2, tmp_path))
    for run in range(2):
        alone = train(msgspec.structs.replace(base, seed=5 + run), folder=tmp_path / f"alone-{run}", threads=1)
        state = last[1 + run]
        assert (state.condition, state.validation_loss) == ("completed", alone.validation_loss)
        assert "lstm" in state.notice["en"] and state.notice["ko"] != state.notice["en"]
        assert kept_state(1 + run, tmp_path / str(run)).notice == state.notice, "also after a restart"
        ours, theirs = (Run.open(tmp_path / name).history().train.since()[1] for name in (str(run), f"alone-{run}"))
        assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("content", ['{"en": "Only in one language."}', "[1", '{"en": 1, "ko": 2}'])
def test_a_damaged_notice_is_none(tmp_path, content):
    carried_out(orders_of(SMALL, 1, tmp_path))
    (tmp_path / "0" / "notice.json").write_text(content)
    assert kept_state(1, tmp_path / "0").notice == {}


def test_the_end_of_all_orders_stops_every_run(tmp_path):
    endless = msgspec.structs.replace(SMALL, training=msgspec.structs.replace(SMALL.training, epochs=1_000_000))
    states = said(orders_of(endless, 2, tmp_path))
    ends = [state for state in states if state.condition == "stopped"]
    assert [state.number for state in ends] == [1, 2]
    for run, state in enumerate(ends):
        kept = Run.open(tmp_path / str(run)).kept() if state.step else None
        assert (0 if kept is None else kept.step) == state.step


def test_a_stop_of_one_of_them_stops_all(tmp_path):
    endless = msgspec.structs.replace(SMALL, training=msgspec.structs.replace(SMALL.training, epochs=1_000_000))
    states = said(orders_of(endless, 2, tmp_path), RunOrder("stop", 2))
    assert {state.number: state.condition for state in states if state.number} == {1: "stopped", 2: "stopped"}
