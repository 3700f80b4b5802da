"""What the processes of a run say to each other outside of their group, in torchrun's store: two of them in two threads."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.problems import CannotRunError, RunProblem
from engine.runs.failures import problem_of
from engine.training.distributed import following_rank, leader, meeting
from engine.training.distributed.following_rank import follow
from engine.training.distributed.launch import Launch, StopWish
from engine.training.distributed.leader import Leader, mark_of
from engine.training.distributed.meeting import END, KNOWN, LEFT, STOP, MeetingPoint, gpu_key, ready, refused
from tests.engine.training.test_shared_steps import free_port
from tests.patience import GIVE_UP_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun's store is not there on Windows")


def never() -> bool:
    return False


def arrived(meeting_point: MeetingPoint, key: str) -> None:
    """What one process tells is there for another one a little later."""
    assert meeting_point.first_of((key,), GIVE_UP_S) == key


@pytest.fixture
def both(monkeypatch):
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    monkeypatch.setenv("MASTER_PORT", str(free_port()))
    monkeypatch.setattr(meeting, "JOIN_WITHIN_S", 30.0)
    with ThreadPoolExecutor(2) as threads:
        return tuple(threads.map(MeetingPoint, (Launch(0, 2, 0, 1), Launch(1, 2, 0, 1))))


def test_all_are_ready_or_one_says_why_not(both):
    first, second = both
    second.tell(ready(1))
    arrived(first, ready(1))
    assert first.all_ready(never) is None
    second.refuse(problem_of(CannotRunError("other_data", data="digits")))
    arrived(first, refused(1))
    problem = first.all_ready(never)
    assert problem is not None and problem.code == "process_refuses"
    assert "rank 1" in problem.sentence() and "Its data digits are not those" in problem.sentence()
    assert first.why(0.0) == problem


def test_a_process_that_does_not_come_is_missed(both, monkeypatch):
    monkeypatch.setattr(meeting, "JOIN_WITHIN_S", 0.0)
    problem = both[0].all_ready(never)
    assert problem is not None and problem.code == "process_missing"
    assert both[0].all_ready(lambda: True) is None, "who is stopped does not wait"


def test_memory_that_one_has_not_is_the_runs_matter(both):
    first, second = both
    second.refuse(problem_of(torch.OutOfMemoryError("CUDA out of memory."), in_steps=True))
    arrived(first, refused(1))
    first.has_group = True  # it had begun
    try:
        assert first.why() == RunProblem("out_of_memory", {"message": "CUDA out of memory.", "in_steps": True})
    finally:
        first.has_group = False


def test_who_is_gone_without_a_word_is_lost(both):
    assert both[0].why(0.0) == RunProblem("process_lost", {"processes": 2})


def test_the_last_one_that_leaves_says_so(both):
    first, second = both
    assert not first.has_been_told(LEFT)
    second.leaves()
    arrived(first, LEFT)


@pytest.mark.parametrize(("has", "device"), [(("1", "1"), "cuda"), (("1", "0"), "cpu"), (("0", "1"), "cpu")])
def test_gpus_are_taken_where_each_process_has_its_own(both, monkeypatch, has, device):
    first, second = both
    monkeypatch.setattr(meeting, "has_own_gpu", lambda _: has[0] == "1")
    second.tell(gpu_key(1), has[1])
    arrived(first, gpu_key(1))
    leads = Leader(first.launch)
    chosen = leads._device(first, "auto", gpu_key, never)
    assert chosen is not None and chosen.type == device
    if device == "cpu":
        with pytest.raises(CannotRunError) as caught:
            leads._device(first, "cuda", gpu_key, never)
        assert caught.value.problem.values["rank"] == has.index("0")
    assert leads._device(first, "cpu", gpu_key, never) == torch.device("cpu")


def test_where_the_leader_is_gone_one_of_the_others_says_it(both, monkeypatch):
    first, second = both
    said = []
    monkeypatch.setattr(following_rank, "_LEADER_SAYS_WITHIN_S", 0.0)
    monkeypatch.setattr(meeting, "_SAYS_WHY_WITHIN_S", 0.0)
    monkeypatch.setattr(following_rank, "print", lambda text, **_: said.append(text), raising=False)
    assert [following_rank._left_alone(second) for _ in range(2)] == [1, 1]
    assert len(said) == 1 and said[0].startswith("error: One of the 2 processes has ended")
    first.tell(KNOWN)
    first.tell(END, "130")
    arrived(second, END)
    assert following_rank._left_alone(second) == 130 and len(said) == 1


def test_a_run_that_is_over_before_it_began_ends_everywhere(monkeypatch):
    """The first process has been given a file that is none, say."""
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    monkeypatch.setenv("MASTER_PORT", str(free_port()))
    with ThreadPoolExecutor(2) as threads:
        other = threads.submit(follow, Launch(1, 2, 0, 1), StopWish())
        threads.submit(Leader(Launch(0, 2, 0, 1)).end, 2).result()
        assert other.result() == 2


def test_a_wish_to_stop_is_handed_on_once(both):
    first, second = both
    wishes = StopWish()
    tell = following_rank._telling(second, wishes)
    leads = Leader(first.launch)
    assert not leads.is_asked_to_stop()
    leads._meeting = first
    assert not tell() and not leads.is_asked_to_stop()
    wishes.stop()
    assert not tell()
    arrived(first, STOP)
    assert leads.is_asked_to_stop()


def test_a_process_that_is_gone_before_the_first_step_is_missed(both, monkeypatch):
    """torchrun stops whoever is left: where all answer, it was the user who has stopped them."""
    first, second = both
    leads = Leader(first.launch)
    leads._meeting = first
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(following_rank._follow, second, StopWish())
        assert leads.missing() is None
        leads.end(130)
        assert other.result() == 130
    monkeypatch.setattr(meeting, "ANSWER_WITHIN_S", 0.0)
    monkeypatch.setattr(meeting, "here", "nobody says {}".format)
    problem = leads.missing()
    assert problem is not None and problem.code == "process_lost_early"
    assert problem.sentence().startswith("One of the 2 processes has ended or does not answer before the first step")


def test_the_mark_of_data_is_that_of_their_numbers():
    marks = {mark_of(load(Data(samples=count), seed=seed)) for count, seed in ((50, 1), (50, 2), (60, 1))}
    assert len(marks) == 3
    assert mark_of(load(Data(samples=50), seed=1)) in marks
    assert leader.LEAVE_WITHIN_S > 0
