"""A run that another process writes: read on as it grows, only the new part."""

from __future__ import annotations

import numpy as np
import pytest

from engine.runs.failures import RunError
from engine.runs.folder import METRICS, Run
from engine.runs.history import History
from engine.runs.library.following import FollowedRun
from engine.runs.library.run_notes import rename
from engine.runs.metrics import MetricsLog, MetricsTail
from engine.runs.status import Reason, State, Status
from tests.engine.runs.library.kept_runs import keep


def same(one: History, other: History) -> bool:
    pairs = zip((*one.train.since(), *one.validation.since()), (*other.train.since(), *other.validation.since()), strict=True)
    return one.rates == other.rates and all(np.array_equal(mine, theirs) for mine, theirs in pairs)


def test_it_reads_on_and_only_the_new_part(tmp_path):
    file, history = tmp_path / METRICS, History()
    log, tail = MetricsLog(file, history), MetricsTail(file)
    assert not tail.read_on()  # there is no file yet
    for step in range(1, 101):
        history.append_step(step, 1 / step, step / 100)
        if step % 10 == 0:
            history.append_epoch(step, 0.5, 0.5, 1 / step, 0.5)
            if step == 50:
                history.rates.append((50, 0.125))
            log.append()
            tail.read_on()
            assert same(tail.history, history)
    size = file.stat().st_size
    history.append_step(101, 0.25, 0.5)
    log.append()
    assert tail._read == size
    assert tail.read_on() and tail.history.train.last_step() == 101 and not tail.read_on()


def test_a_line_that_is_not_finished_waits_for_its_end(tmp_path):
    file = tmp_path / METRICS
    tail = MetricsTail(file)
    file.write_bytes(b'{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
    assert tail.read_on() and len(tail.history.train) == 1
    with file.open("ab") as more:
        more.write(b'ss": 0.25}\nno line at all\n{"step": 3, "loss": 0.125}\n')
    tail.read_on()
    assert tail.history.train.since()[1].tolist() == [0.5, 0.25, 0.125]


def test_a_long_file_is_read_in_parts(tmp_path):
    file = tmp_path / METRICS
    file.write_bytes(b"".join(b'{"step": %d, "loss": 0.5}\n' % step for step in range(1, 200)))
    tail = MetricsTail(file)
    assert tail.read_on(100) and 1 <= len(tail.history.train) < 10
    while tail.read_on(100):
        pass
    assert len(tail.history.train) == 199


def test_a_file_that_was_written_anew_is_another_history(tmp_path):
    file = tmp_path / METRICS
    first = History()
    for step in (1, 2, 3):
        first.append_step(step, 0.5, 0.5)
    log = MetricsLog(file, first)
    log.rewrite()
    tail = MetricsTail(file)
    tail.read_on()
    before = tail.history
    shorter = History()
    shorter.append_step(1, 0.75, 0.5)
    MetricsLog(file, shorter).rewrite()
    tail.read_on()
    assert tail.history is not before and tail.history.train.since()[1].tolist() == [0.75]
    assert len(before.train) == 3  # whoever still looks at it


def test_a_run_is_followed_to_its_end(tmp_path):
    written = keep(tmp_path / "a", reason=None, owned=True)
    followed = FollowedRun(tmp_path / "a")
    status = followed.look()
    assert (status.state, status.reason, status.step, status.measured) == (State.RUNNING, None, 6, 2)
    assert same(followed.history, Run.open(tmp_path / "a").history())
    written._history.append_step(7, 0.25, 1.0)
    written._history.append_epoch(7, 0.25, 1.0, 0.125, 1.0)
    written.append_metrics()
    status = followed.look()
    assert (status.step, status.validation_loss, status.loss) == (7, 0.125, 0.25)
    written.save_status(Status(State.IDLE, Reason.COMPLETED, step=7, steps=7, epochs=3, seconds=2.0, lr=1e-3))
    written.leave()
    status = followed.look()
    assert (status.state, status.reason) == (State.IDLE, Reason.COMPLETED)


def test_a_run_that_was_killed_counts_as_stopped(tmp_path):
    keep(tmp_path / "a", reason=None)
    assert FollowedRun(tmp_path / "a").look().reason is Reason.STOPPED
    with pytest.raises(RunError):
        FollowedRun(tmp_path / "nowhere")


def test_another_name_and_more_epochs_are_seen(tmp_path):
    keep(tmp_path / "a")
    followed = FollowedRun(tmp_path / "a")
    followed.look()
    rename(tmp_path / "a", "another")
    followed.look()
    assert followed.experiment.name == "another"
