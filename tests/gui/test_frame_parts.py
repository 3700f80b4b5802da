"""A frame is done a part a turn: what else the window has to do comes between, nothing waits twice and nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from gui.frame_parts import FrameParts


def test_between_two_parts_the_window_has_a_turn_of_its_own(qtbot):
    frame, order = FrameParts(), []
    for name in "abc":
        frame.add(name, lambda name=name: (order.append(name), QTimer.singleShot(0, lambda: order.append("window"))))
    assert order == []
    qtbot.waitUntil(lambda: len(order) == 6)
    assert order == ["a", "window", "b", "window", "c", "window"]


def test_what_comes_again_is_done_once_in_its_old_place_as_it_was_asked_last(qtbot):
    frame, order = FrameParts(), []
    frame.add("plot", lambda: order.append("plot at 1"))
    frame.add("bar", lambda: order.append("bar at 1"))
    frame.add("plot", lambda: order.append("plot at 2"))
    frame.add("page", lambda: order.append("page at 1"))
    frame.drop("page")
    frame.drop("page")
    frame.add("end", lambda: order.append("end"))
    qtbot.waitUntil(lambda: "end" in order)
    assert order == ["plot at 2", "bar at 1", "end"]


def test_a_part_may_ask_for_more_and_after_the_close_nothing_is_done(qtbot):
    frame, order = FrameParts(), []
    frame.add("first", lambda: (order.append("first"), frame.add("first", lambda: order.append("again"))))
    qtbot.waitUntil(lambda: order == ["first", "again"])
    frame.add("late", lambda: order.append("late"))
    frame.close()
    frame.drop("late")
    later = []
    QTimer.singleShot(60, lambda: later.append(True))
    qtbot.waitUntil(lambda: bool(later))
    assert order == ["first", "again"]


def test_a_part_that_fails_hinders_none_after_it(qtbot):
    frame, order = FrameParts(), []
    frame.add("bad", lambda: 1 / 0)
    frame.add("good", lambda: order.append("good"))
    with qtbot.capture_exceptions() as raised:
        qtbot.waitUntil(lambda: order == ["good"])
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
