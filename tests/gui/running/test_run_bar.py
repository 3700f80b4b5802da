"""The run bar: what can be pressed in which state, what the counters and the speed say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from engine.runs.status import Asked, Reason, State, Status
from gui.running.run_bar import Ended, RunBar
from gui.shell import language, theme
from tests.gui.layouts import lay_out

RUNNING = Status(
    State.RUNNING,
    step=765,
    steps=1350,
    epoch=17,
    epochs=30,
    steps_per_second=2140.4,
    samples_per_second=68480,
    seconds_left=0.27,
)


@pytest.fixture
def bar(qtbot):
    bar = RunBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 56)
    bar.show()
    return bar


def plain(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize(
    ("status", "enabled"),
    [
        (None, {"play", "step"}),
        (Status(State.PREPARING), {"play", "step", "stop", "reset"}),
        (RUNNING, {"play", "step", "stop", "reset"}),
        (Status(State.PAUSED, step=3, steps=10), {"play", "step", "stop", "reset"}),
        (replace(RUNNING, asked=Asked.PAUSE), {"play", "step", "stop", "reset"}),
        (replace(RUNNING, asked=Asked.STOP), {"reset"}),
        (Status(State.FINISHING, step=3, steps=10), set()),
        (Status(State.IDLE, Reason.STOPPED, step=3, steps=10), {"play", "step", "reset"}),
        (Status(State.IDLE, Reason.DIVERGED, step=3, steps=10), {"play", "step", "reset"}),
    ],
)
def test_what_can_be_pressed(bar, status, enabled):
    bar.show_status(status, ready=True)
    assert {name for name in ("play", "step", "stop", "reset") if getattr(bar, name).isEnabled()} == enabled


def test_nothing_can_be_begun_that_cannot_run(bar):
    bar.show_status(None, ready=False)
    assert not bar.play.isEnabled() and not bar.step.isEnabled()


ENDED = Status(State.IDLE, Reason.COMPLETED, step=10, steps=10, epoch=2, epochs=2)


@pytest.mark.parametrize(
    ("ended", "first", "other"),
    [
        (Ended(can_go_on=True, goes_on_first=True), "Go on", "Begin anew"),
        (Ended(can_go_on=True, goes_on_first=False), "Begin anew", "Go on"),
        (Ended(), "Begin anew", None),
    ],
)
def test_after_an_end_the_first_button_says_what_it_does_and_another_does_the_other(bar, qtbot, ended, first, other):
    bar.show_status(ENDED, ready=True, ended=ended)
    assert bar.play.text() == bar.play.accessibleName() == first and bar.play.toolTip().endswith("(Space)")
    assert bar.other.isVisible() == (other is not None) and (other is None or bar.other.text() == other)
    pressed = []
    bar.go_on_pressed.connect(lambda: pressed.append("Go on"))
    bar.begin_pressed.connect(lambda: pressed.append("Begin anew"))
    if other is not None:
        qtbot.mouseClick(bar.other, Qt.MouseButton.LeftButton)
        assert pressed == [other]


def test_the_other_button_moves_none_of_those_before_it(bar):
    bar.show_status(RUNNING, ready=True)
    before = [getattr(bar, name).geometry() for name in ("play", "step", "stop", "reset")]
    bar.show_status(ENDED, ready=True, ended=Ended(can_go_on=True, goes_on_first=True, more=2))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert [getattr(bar, name).geometry() for name in ("play", "step", "stop", "reset")] == before


def test_a_completed_run_is_asked_for_more_epochs(bar):
    bar.show_status(ENDED, ready=True, ended=Ended(can_go_on=True, goes_on_first=True, more=2))
    assert bar.more.isVisible() and bar.more.value == 2 and bar.progress.isHidden()
    bar.show_status(RUNNING, ready=True)
    assert bar.more.isHidden() and bar.progress.isVisible()


def test_counters_progress_and_speed(bar):
    bar.show_status(RUNNING, ready=True)
    assert plain(bar.counters.text()) == "Epoch 17 / 30 · Iteration 765 / 1,350"
    assert bar.progress.value() / bar.progress.maximum() == pytest.approx(765 / 1350, abs=1e-3)
    assert bar.speed.text() == "2,140 steps/s · 68,480 samples/s · 0.3 s left"


def test_in_a_narrow_bar_the_time_left_goes_last(bar):
    bar.resize(700, 56)
    bar.show_status(RUNNING, ready=True)
    assert bar.speed.text() == "0.3 s left"


@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_in_a_narrow_bar_no_button_of_a_completed_run_lies_on_another(bar, tongue, qtbot):
    language.set_language(tongue)
    try:
        bar.resize(840, 56)
        bar.show()
        bar.show_status(Status(State.IDLE, Reason.COMPLETED, step=180, steps=180, epoch=60, epochs=60, seconds=9), ready=True)
        bar.layout().activate()
        row = [bar.play, bar.step, bar.stop, bar.reset, bar.other, bar.counters, bar.more]
        for before, after in pairwise(part for part in row if part.isVisible()):
            assert before.geometry().right() + 8 <= after.x()
    finally:
        language.set_language("en")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.5, "9.5 s"), (41.7, "42 s"), (125, "2 min 5 s"), (3_725, "1 h 2 min")]
)
def test_durations_are_said_in_their_size(bar, seconds, text):
    assert bar.duration(seconds) == text


@pytest.mark.parametrize("reason", list(Reason))
def test_every_end_is_said(bar, reason):
    bar.show_status(Status(State.IDLE, reason, step=5, steps=10, epochs=1, seconds=2.0), ready=True)
    assert bar.speed.text().lower().startswith(reason.value) and "2.0 s" in bar.speed.text()


@pytest.mark.parametrize(
    ("state", "asked", "text"),
    [
        (State.PREPARING, Asked.PLAY, "Pause"),
        (State.PREPARING, Asked.PAUSE, "Play"),
        (State.RUNNING, Asked.PLAY, "Pause"),
        (State.RUNNING, Asked.PAUSE, "Pausing..."),
        (State.PAUSED, Asked.PAUSE, "Go on"),
        (State.PAUSED, Asked.PLAY, "Pause"),
    ],
)
def test_the_first_button_says_what_a_press_or_the_run_does_next(bar, qtbot, state, asked, text):
    pressed = []
    bar.play_pressed.connect(lambda: pressed.append(1))
    bar.show_status(Status(state, asked=asked, step=3, steps=10), ready=True)
    assert bar.play.text() == bar.play.accessibleName() == text
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert pressed == [1]


@pytest.mark.parametrize(("state", "asked"), [(State.RUNNING, Asked.PLAY), (State.PAUSED, Asked.PAUSE)])
def test_beside_a_run_with_other_settings_a_button_begins_one_with_those_that_are_set(bar, qtbot, state, asked):
    begun = []
    bar.begin_pressed.connect(lambda: begun.append(1))
    bar.show_status(Status(state, asked=asked, step=3, steps=10), ready=True)
    assert not bar.other.isVisible()
    bar.show_status(Status(state, asked=asked, step=3, steps=10), ready=True, pending=True)
    assert bar.other.isVisible() and bar.other.text() == bar.other.accessibleName() == "Begin anew"
    qtbot.mouseClick(bar.other, Qt.MouseButton.LeftButton)
    assert begun == [1]
    bar.show_status(Status(state, asked=asked, step=3, steps=10), ready=False, pending=True)
    assert not bar.other.isEnabled()  # the settings make no run


@pytest.mark.parametrize("width", [720, 780, 840, 900, 960])
def test_nothing_lies_over_another_where_all_five_buttons_are_there(qtbot, width):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1200, 100)
    bar = RunBar(page)  # in its place: one by itself would grow
    bar.resize(width, 56)
    page.show()
    lay_out()
    bar.show_status(RUNNING, ready=True)
    lay_out()
    bar.show_status(RUNNING, ready=True, pending=True)
    lay_out()
    shown = (bar.play, bar.step, bar.stop, bar.reset, bar.other, bar.counters, bar.progress, bar.speed)
    places = [part.geometry() for part in shown if part.isVisible()]
    assert all(left.right() < right.left() for left, right in pairwise(places))
    assert places[-1].right() <= width


def test_every_button_has_a_name_for_screen_readers(bar):
    bar.show_status(RUNNING, ready=True)
    assert all(getattr(bar, name).accessibleName() for name in ("play", "step", "stop", "reset"))


def test_the_progress_stands_still_while_the_figures_beside_it_change(qtbot, bar):
    lefts, rights = [], []
    for step, epoch, rate, left in ((99, 3, 2140.4, 9.8), (1, 1, 9.0, 2.0), (1349, 30, 88.3, 0.1)):
        status = replace(RUNNING, step=step, epoch=epoch, steps_per_second=rate, seconds_left=left)
        bar.show_status(status, ready=True)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        lefts.append(bar.progress.geometry().left())
        rights.append(bar.progress.geometry().right())
    assert len(set(lefts)) == 1 and len(set(rights)) == 1


def test_a_run_under_way_does_not_keep_the_window_from_getting_narrower(qtbot, bar):
    bar.show_status(RUNNING, ready=True)
    assert bar.minimumSizeHint().width() <= 700 < bar.sizeHint().width()


class _Paints(QObject):
    """Which of some widgets are painted."""

    def __init__(self, *watched):
        super().__init__()
        self.painted = set()
        for each in watched:
            each.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.painted.add(watched)
        return False


def test_new_figures_have_nothing_below_them_painted_again(qtbot, bar):
    status = replace(RUNNING, step=70_000, steps=10_000_000, epochs=30_000, epoch=1700)
    paints = _Paints(bar, bar.counters, bar.speed)
    for step in (70_000, 70_001, 70_002):  # the first ones lay the bar out
        paints.painted.clear()
        bar.show_status(replace(status, step=step, steps_per_second=1840.4 + step % 10), ready=True)
        qtbot.waitUntil(lambda: {bar.counters, bar.speed} <= paints.painted)
    assert bar not in paints.painted
    ground = theme.theme().panel
    image = bar.grab().toImage()
    for label in (bar.counters, bar.speed):  # whose ground is the card's
        assert image.pixelColor(label.geometry().topRight()) == ground
