"""A queue under way, with processes that are played: what is handed out when, what happens to one that is lost, how long it
will take. `test_worker_processes` has real ones."""

from __future__ import annotations

import msgspec
import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, preset
from engine.fields import edited
from engine.layers.kinds.dense import Flatten, Linear
from engine.queue.plan import QueuePlan, Swept
from engine.queue.queue_folder import QueueError, QueueFolder
from engine.queue.run_state import RunState, ValidationAnswers, keep_answers
from engine.queue.running import Queue, QueueState
from engine.queue.time_left import QueuePace, RunWork, work_of
from tests.engine.queue.played_processes import Stage
from tests.patience import GIVE_UP_S, until

TINY = Experiment(
    name="tiny",
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=4, device="cpu"),
)
AROUND_S = 0.2  # what a played run takes beside its steps


def made(folder, stage, plan=QueuePlan(seeds=4), jobs=2, base=TINY):  # noqa: B008
    return Queue(QueueFolder.create(folder / "queue", base, plan), jobs=jobs, clock=stage.clock, process=stage)


def conditions(queue):
    return [run.condition for run in queue.status().runs]


def until_queue(queue, test):
    assert queue.wait_until(test, GIVE_UP_S), queue.status()


def until_handed_out(stage, count):
    """Wait until that many orders to run have been given."""
    until(lambda: sum(order.do == "run" for process in stage.processes for order in process.orders) >= count)


@pytest.fixture
def stage():
    return Stage()


def test_two_at_a_time_and_each_process_takes_the_next(stage, tmp_path):
    queue = made(tmp_path, stage)
    assert queue.status().state is QueueState.READY
    assert queue.status().seconds_left is None
    queue.start()
    until_handed_out(stage, 2)
    one, other = stage.processes
    assert [process.orders[-1].number for process in stage.processes] == [1, 2]
    one.say(condition="running", step=50, seconds=0.5)
    until_queue(queue, lambda status: status.runs[0].step == 50)
    assert 0 < queue.status().part < 1
    one.complete()
    until_handed_out(stage, 3)
    assert one.orders[-1].number == 3
    other.complete()
    until_handed_out(stage, 4)
    one.complete()
    other.complete()
    assert queue.wait(GIVE_UP_S)
    assert queue.status().state is QueueState.DONE
    assert conditions(queue) == ["completed"] * 4
    assert (queue.status().part, queue.status().seconds_left) == (1.0, 0.0)
    assert len(stage.processes) == 2, "no process a run"
    assert all(process.dismissed for process in stage.processes)
    assert all(order.threads == 1 for process in stage.processes for order in process.orders)


def test_a_run_that_fails_or_diverges_ends_no_other(stage, tmp_path):
    queue = made(tmp_path, stage, jobs=1)
    queue.start()
    until_handed_out(stage, 1)
    (process,) = stage.processes
    process.say(condition="diverged", step=3, problem={"en": "too high", "ko": "너무 높음"})
    until_handed_out(stage, 2)
    process.say(condition="failed", problem={"en": "no memory", "ko": "메모리 부족"})
    until_handed_out(stage, 3)
    process.complete()
    until_handed_out(stage, 4)
    process.complete()
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["diverged", "failed", "completed", "completed"]
    assert queue.status().runs[1].problem["ko"] == "메모리 부족"


def test_what_failed_is_tried_again_by_the_next_start(stage, tmp_path):
    queue = made(tmp_path, stage, QueuePlan(seeds=2), jobs=1)
    queue.start()
    until_handed_out(stage, 1)
    stage.processes[0].say(condition="failed")
    until_handed_out(stage, 2)
    stage.processes[0].complete()
    assert queue.wait(GIVE_UP_S)
    queue.start()
    until_handed_out(stage, 3)
    assert stage.processes[-1].orders[-1].number == 1
    stage.processes[-1].complete()
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["completed"] * 2


def test_a_killed_process_is_replaced_and_its_run_taken_up_once(stage, tmp_path):
    queue = made(tmp_path, stage, QueuePlan(seeds=2), jobs=1)
    queue.start()
    until_handed_out(stage, 1)
    stage.processes[0].ready()
    stage.processes[0].say(condition="running", step=30)
    until_queue(queue, lambda status: status.runs[0].step == 30)
    stage.processes[0].die()
    until_handed_out(stage, 2)
    assert stage.processes[1].orders[-1].number == 1
    assert queue.status().runs[0].step == 30
    stage.processes[1].ready()
    stage.processes[1].die()
    until_handed_out(stage, 3)
    assert stage.processes[2].orders[-1].number == 2
    assert conditions(queue)[0] == "failed"
    assert "-9" in queue.status().runs[0].problem["en"]
    stage.processes[2].ready()
    stage.processes[2].complete()
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["failed", "completed"]


def test_processes_that_never_get_ready_end_the_queue_with_a_reason(stage, tmp_path):
    queue = made(tmp_path, stage, QueuePlan(seeds=5), jobs=1)
    queue.start()
    until_handed_out(stage, 1)
    stage.processes[0].die()
    until_handed_out(stage, 2)
    stage.processes[1].die()
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["failed"] * 5
    assert "No process can be started" in queue.status().runs[4].problem["en"]


def test_pause_keeps_the_processes_and_go_on_resumes(stage, tmp_path):
    queue = made(tmp_path, stage)
    queue.start()
    until_handed_out(stage, 2)
    queue.pause()
    until_queue(queue, lambda status: status.state is QueueState.PAUSED)
    assert conditions(queue) == ["stopped", "stopped", "waiting", "waiting"]
    assert queue.status().is_on
    assert not queue.wait(0)
    stage.now += 1000  # a pause is no time
    assert queue.status().seconds == 0
    queue.start()
    until_handed_out(stage, 4)
    again = sorted(process.orders[-1].number for process in stage.processes)
    assert again == [1, 2]
    assert len(stage.processes) == 2
    queue.stop()
    assert queue.wait(GIVE_UP_S)
    assert queue.status().state is QueueState.READY
    assert all(process.dismissed for process in stage.processes)


def test_only_one_owner_at_a_time(stage, tmp_path):
    queue = made(tmp_path, stage)
    queue.start()
    until_handed_out(stage, 2)
    with pytest.raises(QueueError) as caught:
        made(tmp_path, Stage()).start()
    assert caught.value.code == "in_use"
    assert queue.close(GIVE_UP_S)
    other = Stage()
    second = made(tmp_path, other)
    second.start()
    until_handed_out(other, 2)
    assert second.close(GIVE_UP_S)


def test_the_folder_is_the_queue_after_a_restart(tmp_path):
    plan = QueuePlan(swept=(Swept(key="training.lr", values=(0.1, 1e-5, "x")),), seeds=2, folds=3, draws=None)
    folder = QueueFolder.create(tmp_path / "queue", TINY, plan)
    assert QueueFolder.open(tmp_path / "queue") == folder
    assert QueueFolder.create(tmp_path / "queue", TINY, plan) == folder
    for other in (edited(plan, seeds=3), edited(plan, folds=None)):
        with pytest.raises(QueueError, match="another queue"):
            QueueFolder.create(tmp_path / "queue", TINY, other)
    with pytest.raises(QueueError, match="another queue"):
        QueueFolder.create(tmp_path / "queue", edited(TINY, seed=3), plan)
    refused = [state.number for state in folder.states() if state.condition == "refused"]
    assert refused == [7, 8, 9, 16, 17, 18]
    assert {state.condition for state in folder.states()} == {"refused", "waiting"}


def test_what_was_killed_between_its_end_and_its_answers_is_taken_up(tmp_path):
    from engine.training.worker import train

    folder = QueueFolder.create(tmp_path / "queue", TINY, QueuePlan(seeds=2))
    train(folder.runs[0].experiment, folder=folder.run_folder(1), threads=1)
    assert [state.condition for state in folder.states()] == ["stopped", "waiting"]
    keep_answers(folder.run_folder(1), ValidationAnswers(20, 3))
    state, _ = folder.states()
    assert (state.condition, state.epochs, state.answers) == ("completed", 4, ValidationAnswers(20, 3))
    assert state.validation_accuracy is not None
    (folder.run_folder(1) / "status.json").unlink()
    assert folder.states()[0].condition == "stopped"


def test_the_answers_of_a_run_that_was_gone_on_with_elsewhere_are_not_counted(tmp_path):
    from engine.training.worker import resume, train

    folder = QueueFolder.create(tmp_path / "queue", TINY, QueuePlan(seeds=1))
    path = folder.run_folder(1)
    first = train(folder.runs[0].experiment, folder=path, threads=1)
    keep_answers(path, ValidationAnswers(20, 3, step=first.step))
    assert folder.states()[0].answers is not None and folder.states()[0].condition == "completed"
    resume(path, epochs=first.epochs + 1)
    state = folder.states()[0]
    assert (state.condition, state.answers) == ("stopped", None), "the queue asks the model again"


# --- time left


def played_through(queue, stage, truth, jobs):
    """Play all runs of a queue on the clock; `truth` says how long each lasts. Yields (seconds left as told, as they were) each
    time a run has ended."""
    until_handed_out(stage, jobs)
    handed = jobs
    began = {}
    ends = {}
    told = []
    while True:
        for process in stage.processes:
            number = process.orders[-1].number
            if number not in began:
                began[number] = stage.now
                process.say(condition="running")
        waiting = [
            (began[process.orders[-1].number] + truth[process.orders[-1].number], process) for process in stage.processes
        ]
        waiting = [pair for pair in waiting if pair[1].orders[-1].number not in ends]
        if not waiting:
            break
        stage.now, process = min(waiting, key=lambda pair: pair[0])
        number = process.orders[-1].number
        for other in stage.processes:
            running = other.orders[-1].number
            if other is not process and running not in ends:
                part = (stage.now - began[running]) / truth[running]
                other.say(condition="running", step=max(1, int(100 * part)), seconds=part * (truth[running] - AROUND_S))
        ends[number] = stage.now
        process.complete(seconds=truth[number] - AROUND_S)
        until_queue(queue, lambda status, number=number: status.runs[number - 1].condition == "completed")
        if handed < len(truth):
            handed += 1
            until_handed_out(stage, handed)
        told.append((stage.now, queue.status().seconds_left))
    end = max(ends.values())
    assert queue.wait(GIVE_UP_S)
    return [(left, end - now) for now, left in told]


@pytest.mark.parametrize("jobs", [1, 2])
def test_time_left_of_equal_runs_is_right_within_a_fifth_after_the_first(stage, tmp_path, jobs):
    queue = made(tmp_path, stage, QueuePlan(seeds=9), jobs=jobs)
    queue.start()
    truth = {number: 30.0 + (number % 3) for number in range(1, 10)}
    pairs = played_through(queue, stage, truth, jobs)
    for told, left in pairs[jobs:-1]:
        assert told == pytest.approx(left, rel=0.2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_time_left_of_a_sweep_over_sizes_is_right_within_a_fifth_after_the_first_few(stage, tmp_path, jobs):
    """Batches of 8 to 128 and 4 to 64 channels: runs that last very differently, by a law that the queue does not know."""
    swept = (
        Swept(key="network.layers[0].out_channels", values=(4, 16, 64)),
        Swept(key="training.batch_size", values=(8, 32, 128)),
    )
    base = edited(preset("digits-cnn"), training=edited(preset("digits-cnn").training, device="cpu"))
    queue = made(tmp_path, stage, QueuePlan(swept=swept, seeds=2), jobs=jobs, base=base)
    truth = {}
    for run in queue.folder.runs:
        chosen = dict(run.chosen)
        steps = 25 * -(-1438 // chosen["training.batch_size"])
        macs = 1438 * 25 * (64 * 9 * chosen["network.layers[0].out_channels"] * (1 + 32 / 4) + 1280)
        truth[run.number] = steps * 7e-4 + macs * 2.5e-10 + AROUND_S
    queue.start()
    pairs = played_through(queue, stage, truth, jobs)
    for told, left in pairs[3:-2]:
        assert told == pytest.approx(left, rel=0.2)


def test_pace_tells_steps_and_arithmetic_apart():
    works = {1: RunWork(1.0, 0.0), 2: RunWork(0.5, 4.0), 3: RunWork(0.1, 8.0), 4: RunWork(2.0, 2.0)}
    pace = QueuePace(works)
    assert not pace.is_known
    for number in (1, 2, 3):
        pace.saw(number, 1.0, 3 * works[number].base + 0.5 * works[number].arithmetic)
    assert pace.seconds_of(4) == pytest.approx(7.0, rel=0.1)
    assert pace.seconds_left({1: (0.5, 10.0)}, [(2, 1.0), (3, 1.0)], 2) == pytest.approx(5.0 + pace.seconds_of(3), rel=0.3)


def test_work_counts_steps_and_multiply_adds():
    one, more = work_of(TINY), work_of(edited(TINY, training=edited(TINY.training, epochs=8)))
    assert (more.base, more.arithmetic) == (2 * one.base, 2 * one.arithmetic)
    assert work_of(edited(TINY, training=edited(TINY.training, batch_size=1))).base == pytest.approx(one.base * 80 / 2)


def test_a_state_is_json():
    state = RunState(number=3, condition="running", loss=float("nan"), answers=ValidationAnswers(4, 2, ((1, 1), (1, 1))))
    back = msgspec.json.decode(msgspec.json.encode(state), type=RunState)
    assert (back.number, back.loss, back.answers) == (3, None, state.answers)


def test_runs_of_one_kind_are_foretold_together(monkeypatch):
    """A queue of a thousand runs is looked at four times a second."""
    asked = []
    monkeypatch.setattr(RunWork, "is_like", lambda work, other: asked.append(work) or work == other)
    pace = QueuePace(dict.fromkeys(range(1000), RunWork(1.0, 2.0)))
    for number in range(500):
        pace.saw(number, 1.0, 2.0)
    assert [pace.seconds_of(number) for number in range(1000)] == [2.0] * 1000
    assert len(asked) == 500
    pace.saw(500, 1.0, 2.0 + 501)  # what is learned counts at once
    assert pace.seconds_of(999) == pytest.approx(3.0)


def together(plan, device="auto", **changed):
    training = edited(TINY.training, device=device, **changed)
    return edited(TINY, training=training), plan


def handed_out(stage):
    """The numbers of every order to run, process by process."""
    return [
        [(order.number, *(other.number for other in order.others)) for order in process.orders if order.do == "run"]
        for process in stage.processes
    ]


def test_seeds_learn_together_where_there_is_a_gpu(stage, tmp_path):
    """Settings by themselves; the processes are asked first, and the second one has nothing to do."""
    base, plan = together(QueuePlan(swept=(Swept(key="training.lr", values=(0.1, 0.2)),), seeds=3))
    queue = made(tmp_path, stage, plan, jobs=2, base=base)
    queue.start()
    until(lambda: len(stage.processes) == 2)
    assert handed_out(stage) == [[], []], "whether there is a GPU is not known yet"
    for process in stage.processes:
        process.ready("cuda")
    until_handed_out(stage, 2)
    assert sorted(each for (each,) in handed_out(stage)) == [(1, 3, 5), (2, 4, 6)]
    first = next(process for process in stage.processes if process.runs[0] == 1)
    for number in (5, 1):
        first.complete(number=number)
    until_queue(queue, lambda status: [run.condition for run in status.runs[0:5:2]] == ["completed", "waiting", "completed"])
    assert first.runs == (3,)
    first.complete(number=3)
    other = next(process for process in stage.processes if process is not first)
    for number in (2, 4, 6):
        other.complete(number=number)
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["completed"] * 6


@pytest.mark.parametrize(
    ("device", "wanted", "says", "changed"),
    [
        ("auto", None, "cpu", {}),
        ("auto", None, "mps", {}),
        ("auto", True, "mps", {}),
        ("cpu", None, "cuda", {}),
        ("auto", False, "cuda", {}),
        ("auto", None, "cuda", {"clip": 1.0}),
    ],
)
def test_each_seed_learns_by_itself_elsewhere(stage, tmp_path, device, wanted, says, changed):
    base, plan = together(QueuePlan(seeds=3, together=wanted), device, **changed)
    queue = made(tmp_path, stage, plan, jobs=1, base=base)
    queue.start()
    until(lambda: len(stage.processes) == 1)
    stage.processes[0].ready(says)
    until_handed_out(stage, 1)
    assert handed_out(stage) == [[(1,)]]
    assert queue.close(GIVE_UP_S)


def test_on_the_cpu_the_seeds_are_shared_out_among_the_processes(stage, tmp_path):
    base, plan = together(QueuePlan(seeds=5, together=True), "cpu")
    queue = made(tmp_path, stage, plan, jobs=2, base=base)
    queue.start()
    until_handed_out(stage, 2)
    assert handed_out(stage) == [[(1, 2, 3)], [(4, 5)]]
    assert queue.close(GIVE_UP_S)


def test_runs_whose_process_is_killed_or_that_are_paused_go_on_one_by_one(stage, tmp_path):
    base, plan = together(QueuePlan(seeds=3), "cuda")
    queue = made(tmp_path, stage, plan, jobs=1, base=base)
    queue.start()
    until(lambda: len(stage.processes) == 1)
    stage.processes[0].ready("cuda")
    until_handed_out(stage, 1)
    queue.pause()
    until_queue(queue, lambda status: status.state is QueueState.PAUSED)
    assert conditions(queue) == ["stopped"] * 3
    queue.start()
    until_handed_out(stage, 2)
    assert handed_out(stage) == [[(1, 2, 3), (1,)]]
    stage.processes[0].complete()
    until_handed_out(stage, 3)
    stage.processes[0].die()
    until_handed_out(stage, 4)
    assert handed_out(stage) == [[(1, 2, 3), (1,), (2,)], [(2,)]]
    assert queue.close(GIVE_UP_S)


def test_a_group_that_is_lost_is_taken_up_run_by_run(stage, tmp_path):
    base, plan = together(QueuePlan(seeds=3), "cuda")
    queue = made(tmp_path, stage, plan, jobs=1, base=base)
    queue.start()
    until(lambda: len(stage.processes) == 1)
    stage.processes[0].ready("cuda")
    until_handed_out(stage, 1)
    stage.processes[0].die()
    until_handed_out(stage, 2)
    assert handed_out(stage) == [[(1, 2, 3)], [(1,)]]
    assert conditions(queue) == ["stopped"] * 3
    stage.processes[1].ready("cuda")
    for place in range(3):
        until_handed_out(stage, place + 2)
        stage.processes[1].complete()
    assert queue.wait(GIVE_UP_S)
    assert handed_out(stage) == [[(1, 2, 3)], [(1,), (2,), (3,)]]


def test_processes_that_end_before_they_say_whether_there_is_a_gpu_end_the_queue(stage, tmp_path):
    base, plan = together(QueuePlan(seeds=3))
    queue = made(tmp_path, stage, plan, jobs=1, base=base)
    queue.start()
    for place in range(2):
        until(lambda: len(stage.processes) > place)  # noqa: B023
        stage.processes[place].die()
    assert queue.wait(GIVE_UP_S)
    assert conditions(queue) == ["failed"] * 3
