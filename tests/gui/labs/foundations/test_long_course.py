"""A course that is followed in a thread: what comes of one that another has taken the place of."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.labs.foundations.long_course import LongCourse
from tests.patience import GIVE_UP_S


@pytest.mark.parametrize("fails", [False, True])
def test_the_end_of_a_course_ends_no_other(qtbot: QtBot, fails: bool) -> None:
    begun, old_ends, new_ends = threading.Event(), threading.Event(), threading.Event()

    def course(name: str) -> Iterator[str]:
        yield name
        if name == "old":
            begun.set()
            old_ends.wait(GIVE_UP_S)
            if fails:
                raise ValueError(name)
        else:
            new_ends.wait(GIVE_UP_S)
            yield "end"

    followed: LongCourse[str, str] = LongCourse(course, name="course")
    said: list[object] = []
    followed.ended.connect(lambda: said.append("ended"))
    followed.failed.connect(said.append)
    followed.advanced.connect(said.append)
    followed.start("old")
    assert begun.wait(GIVE_UP_S)
    followed.start("new")
    old_ends.set()
    qtbot.waitUntil(lambda: bool(said))
    assert said == [("new",)] and followed.busy
    new_ends.set()
    qtbot.waitUntil(lambda: not followed.busy)
    assert said == [("new",), ("new", "end"), "ended"]
    assert followed.close(GIVE_UP_S)


def test_a_course_that_fails_has_ended_with_what_it_has_found(qtbot: QtBot) -> None:
    def course(_asked: None) -> Iterator[int]:
        yield 1
        raise ValueError("two")

    followed: LongCourse[None, int] = LongCourse(course, name="course")
    said: list[object] = []
    followed.advanced.connect(said.append)
    followed.ended.connect(lambda: said.append("ended"))
    followed.failed.connect(lambda error: said.append(str(error)))
    followed.start(None)
    qtbot.waitUntil(lambda: "two" in said)
    assert said[-2:] == ["ended", "two"] and said[0] == (1,) and not followed.busy
    assert followed.close(GIVE_UP_S)
