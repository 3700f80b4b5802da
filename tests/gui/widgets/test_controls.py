from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.experiments.experiment import Training
from engine.fields import Field, fields, setting
from engine.layers.kinds.recurrent import LSTM
from gui.shell.language import set_language
from gui.widgets.forms.axes_row import AxesRow
from gui.widgets.forms.box_note import BoxNote
from gui.widgets.forms.controls import LABEL_PX, ChoiceRow, Segmented, align
from gui.widgets.forms.form import Form
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.forms.number_row import NumberRow

Size = Annotated[int, setting(1, 99, slider=(1, 11))]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    kernel_size: Size | Annotated[tuple[Size, ...], msgspec.Meta(min_length=2, max_length=2)] = 3
    lr: Annotated[float, setting(above=0.0, high=100.0, slider=(1e-5, 1.0), scale="log")] = 1e-3
    clip: Annotated[float, setting(above=0.0, slider=(0.1, 10.0), scale="log")] | None = None
    bias: bool = True
    mode: Literal["zeros", "reflect"] = "zeros"
    loss: Literal["cross_entropy"] | None = None


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(Kind)
    qtbot.addWidget(made)
    made.show_value(Kind())
    return made


def test_showing_a_value_emits_nothing(qtbot: QtBot, form: Form) -> None:
    with qtbot.assertNotEmitted(form.edited):
        form.show_value(Kind(kernel_size=(5, 7), lr=0.5, clip=1.0, bias=False, mode="reflect"))
    assert form.number("lr").value == 0.5


def test_the_slider_and_the_box_are_one_number(qtbot: QtBot, form: Form) -> None:
    row = form.row("kernel_size")
    assert isinstance(row, AxesRow)
    with qtbot.waitSignal(form.edited) as told:
        row.rows[0].slider.setValue(7)
    assert told.args == [Kind(kernel_size=(7, 3))]
    assert row.rows[0].box.value() == 7
    with qtbot.waitSignal(form.edited) as told:
        row.rows[1].box.setValue(50)  # beyond the slider, within the range
    assert told.args == [Kind(kernel_size=(7, 50))]


@pytest.mark.parametrize("value", [0.003, -0.25, 42.0])
@pytest.mark.parametrize("clicks", [2, 3])
def test_a_double_click_marks_the_whole_number_and_typing_takes_its_place(qtbot: QtBot, value: float, clicks: int) -> None:
    """A third click, as in a line of text, leaves it marked."""
    box = NumberBox(whole=False)
    qtbot.addWidget(box)
    box.setRange(-100.0, 100.0)
    box.show_value(value)
    box.show()
    line = box.lineEdit()
    place = QPoint(line.cursorRect().center().x() - 4, line.height() // 2)  # on the last figure
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(line, Qt.MouseButton.LeftButton, pos=place)
    if clicks == 3:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClicks(line, "0.3")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert box.value() == 0.3 and box.note == ""


def test_a_boxs_sentence_does_not_lie_over_the_box_that_is_used_next(qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(8, 120, 8, 120)
    boxes = [NumberBox() for _ in range(3)]
    for box in boxes:
        box.setRange(1, 7)
        column.addWidget(box)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    boxes[0].setFocus()
    qtbot.keyClick(boxes[0], Qt.Key.Key_9)
    qtbot.keyClick(boxes[0], Qt.Key.Key_9)
    boxes[1].setFocus()
    note = next(each for each in page.findChildren(BoxNote) if each.isVisible())
    assert boxes[0].note == note.text() == "At most 7 can be used here."
    assert not note.geometry().intersects(boxes[1].geometry()) and note.geometry().bottom() < boxes[0].geometry().top()
    qtbot.keyClick(boxes[1], Qt.Key.Key_9)
    qtbot.keyClick(boxes[1], Qt.Key.Key_9)
    boxes[2].setFocus()
    assert boxes[1].note and not boxes[0].note  # one sentence at a time


def test_linked_axes_move_together(qtbot: QtBot, form: Form) -> None:
    row = form.row("kernel_size")
    assert isinstance(row, AxesRow)
    row.set_linked(True)
    row.rows[1].slider.setValue(9)
    assert row.value == (9, 9)
    row.rows[0].slider.setValue(2)
    assert row.value == (2, 2)
    row.set_linked(False)
    row.rows[1].slider.setValue(4)
    assert row.value == (2, 4)


def test_a_logarithmic_slider_covers_its_decades(qtbot: QtBot) -> None:
    row = NumberRow(fields(Kind)["lr"])
    qtbot.addWidget(row)
    values = []
    for position in range(row.slider.maximum() + 1):
        row.slider.setValue(position)
        values.append(row.value)
    assert values[0] == pytest.approx(1e-5) and values[-1] == pytest.approx(1.0)
    assert all(a is not None and b is not None and a <= b for a, b in pairwise(values))
    row.set_value(1e-3)
    assert row.box.text() == "0.001"
    row.box.stepBy(10)
    assert row.value == pytest.approx(1e-2)


def test_a_field_that_may_be_off_has_a_switch(qtbot: QtBot, form: Form) -> None:
    row = form.number("clip")
    assert not row.slider.isEnabled()
    with qtbot.waitSignal(form.edited) as told:
        row.head.click()  # type: ignore[attr-defined]
    assert told.args is not None and told.args[0].clip == pytest.approx(1.0)
    assert row.slider.isEnabled()
    with qtbot.waitSignal(form.edited) as told:
        row.head.click()  # type: ignore[attr-defined]
    assert told.args is not None and told.args[0].clip is None


def test_what_is_switched_on_begins_where_it_is_usually_begun(qtbot: QtBot) -> None:
    """A forget bias with 1, as in Keras; a number of steps in the middle of its logarithmic slider."""
    for kind, name, usual, words in (
        (LSTM, "forget_bias", 1.0, "fields"),
        (Training, "truncated_steps", 10, "fields_training"),
    ):
        made = Form(kind, (name,), words=words)
        qtbot.addWidget(made)
        made.show_value(kind(hidden_size=3) if kind is LSTM else kind())
        with qtbot.waitSignal(made.edited) as told:
            made.number(name).head.click()  # type: ignore[attr-defined]
        assert told.args is not None and getattr(told.args[0], name) == usual


def test_a_choice_that_may_be_left_open_offers_so(qtbot: QtBot, form: Form) -> None:
    row = form.row("loss")
    assert isinstance(row, ChoiceRow)
    assert [row.box.itemText(i) for i in range(row.box.count())] == ["automatic", "cross-entropy"]
    row.box.setCurrentIndex(1)
    with qtbot.waitSignal(form.edited) as told:
        row.box.activated.emit(1)
    assert told.args is not None and told.args[0].loss == "cross_entropy"


def test_only_allowed_numbers_can_be_reached(qtbot: QtBot) -> None:
    row = NumberRow(Field(name="groups", kind="integer", default=1, low=1))
    qtbot.addWidget(row)
    row.set_allowed([1, 2, 3, 6])
    seen = set()
    for position in range(-5, 10):
        row.slider.setValue(position)
        seen.add(row.value)
    for typed in range(9):
        row.box.setValue(typed)
        seen.add(row.value)
    assert seen == {1, 2, 3, 6}


def test_a_narrowed_range_is_not_left_by_dragging(qtbot: QtBot) -> None:
    row = NumberRow(fields(Kind)["kernel_size"])
    qtbot.addWidget(row)
    row.set_value(3)
    row.set_range(1, 5)
    row.slider.setValue(11)
    assert row.value == 5
    row.set_range(2, 200)
    row.box.setValue(5000)
    assert row.value == 99


def test_the_wheel_scrolls_the_form_until_a_control_is_clicked(qtbot: QtBot, form: Form) -> None:
    slider = form.number("lr").slider
    before = slider.value()
    turn = QWheelEvent(
        QPointF(5, 5), slider.mapToGlobal(QPointF(5, 5)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, turn)
    assert slider.value() == before


def test_labels_follow_the_language(qtbot: QtBot) -> None:
    from engine.experiments.experiment import Training

    form = Form(Training, ("lr", "batch_size"), words="fields_training")
    qtbot.addWidget(form)
    assert form.number("lr").slider.accessibleName() == "Learning rate"
    set_language("ko")
    QApplication.sendEvent(form, QEvent(QEvent.Type.LanguageChange))
    assert form.number("lr").slider.accessibleName() == "학습률"


def test_segments_hold_one_choice(qtbot: QtBot) -> None:
    row = Segmented([("a", "A"), ("b", "B"), ("c", "C")])
    qtbot.addWidget(row)
    row.set_current("a")
    with qtbot.waitSignal(row.chosen) as told:
        row.button("c").click()
    assert told.args == ["c"] and row.current == "c"
    row.set_choices([("a", "하나"), ("b", "둘"), ("c", "셋")])
    assert row.current == "c" and row.button("b").text() == "둘"


def test_labels_that_have_become_shorter_give_their_room_back(qtbot: QtBot) -> None:
    heads = [QLabel("Layers, one on the other"), QLabel("Size")]
    for head in heads:
        qtbot.addWidget(head)
    align(heads)
    wide = heads[1].sizeHint().width()
    assert wide > LABEL_PX
    heads[0].setText("Layers")
    assert [head.sizeHint().width() for head in heads] == [wide, wide]
    align(heads)
    assert [head.sizeHint().width() for head in heads] == [LABEL_PX, LABEL_PX]


def test_a_boxs_sentence_lies_beside_it_where_there_is_room(qtbot: QtBot) -> None:
    page = QWidget()
    page.resize(700, 300)
    column = QVBoxLayout(page)
    column.setContentsMargins(8, 8, 420, 8)
    rows = [NumberRow(Field(name="x", kind="integer", low=1, high=7, default=3)) for _ in range(3)]
    for row in rows:
        column.addWidget(row)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    rows[0].box.setFocus()
    qtbot.keyClicks(rows[0].box, "99")
    qtbot.keyClick(rows[0].box, Qt.Key.Key_Return)
    note = next(each for each in page.findChildren(BoxNote) if each.isVisible())
    assert not any(note.geometry().intersects(row.geometry()) for row in rows), "no control is hidden"
    assert page.rect().contains(note.geometry())


@pytest.mark.parametrize(("last", "places"), [(200, (0.75, 0.4, 0.9)), (3, (0.6, 0.1, 0.95))])
def test_a_slider_goes_where_its_groove_is_pressed_and_follows(qtbot: QtBot, last: int, places: tuple[float, ...]) -> None:
    slider = HandSlider()
    slider.setRange(0, last)
    slider.resize(300, 24)
    qtbot.addWidget(slider)
    slider.show()

    def point(share: float) -> QPoint:
        return QPoint(round(share * slider.width()), slider.height() // 2)

    told: list[int] = []
    slider.valueChanged.connect(told.append)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=point(places[0]))
    assert abs(slider.value() - places[0] * last) <= max(0.5, 0.05 * last) and slider.isSliderDown()
    for place in places[1:]:
        qtbot.mouseMove(slider, point(place))
        assert abs(slider.value() - place * last) <= max(0.5, 0.05 * last)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=point(places[-1]))
    assert not slider.isSliderDown() and len(told) == 3
    before = slider.value()
    qtbot.mouseMove(slider, point(0.2))
    assert slider.value() == before
