"""Numbers typed with real keys into every box of every lab: what was typed is taken, or the nearest allowed number with a
sentence that names the limit, or the number before stays; never a number that nobody typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QHBoxLayout, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.cells.filters import Weights
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.figures import in_digits
from engine.layers.catalog import KINDS, fresh
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from gui.lab.base import Lab, Services
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.state import ConvolutionState, SceneState
from gui.labs.foundations.boards import BOARDS
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.topic_board import TopicBoard
from gui.labs.network.lab import NetworkLab
from gui.labs.network.state import NetworkState
from gui.labs.sequence.lab import SequenceLab
from gui.labs.training.lab import TrainingLab
from gui.shell import language
from gui.widgets.forms.number_box import NumberBox, NumberLine
from gui.widgets.forms.number_row import NumberRow
from tests.patience import GIVE_UP_S

MakeLab = Callable[[type[Lab]], Lab]
TEXTS = ("0,01", "above", "below", "1e-3", "-5", "１２", "", "12abc")
STUDIED: dict[str, ConvolutionState] = {
    "Conv2d": ConvolutionState(),
    "apart": ConvolutionState(layer=Conv2d(out_channels=2, kernel_size=(3, 5), padding=(1, 2)), unlinked=("padding",)),
    "groups": ConvolutionState(picture="stripes 6x12x12", layer=Conv2d(out_channels=6, kernel_size=3, groups=2)),
    "normal": ConvolutionState(weights=Weights(source="normal")),
    "Conv1d": ConvolutionState(layer=Conv1d(out_channels=2, kernel_size=3)),
    "Conv3d": ConvolutionState(layer=Conv3d(out_channels=2, kernel_size=3)),
    "transposed": ConvolutionState(layer=ConvTranspose2d(out_channels=2, kernel_size=3, stride=2, output_padding=1)),
    "pooling": ConvolutionState(layer=AvgPool2d(kernel_size=2, stride=1)),
    "tensor": ConvolutionState(scene=SceneState(page="tensor")),
}
SHAPES = {0: (8, 12, 12), 1: (8, 12), 2: (12, 8), 3: (4, 8, 12, 12), 4: (24,)}


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeLab]:
    kept = []

    def lab(kind: type[Lab]) -> Lab:
        made = kind(Services(runs_folder=tmp_path / "runs"))
        kept.append(made)
        qtbot.addWidget(made)
        made.resize(1400, 1400)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    yield lab
    for made in kept:
        made.close_lab(GIVE_UP_S)


def boxes(page: QWidget) -> list[NumberBox]:
    """The boxes for numbers that can be seen and used; there is no other kind of spin box."""
    found = [box for box in page.findChildren(QAbstractSpinBox) if box.isVisible() and box.isEnabled()]
    assert all(isinstance(box, NumberBox) for box in found), found
    return [box for box in found if isinstance(box, NumberBox)]


def typed(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(box, text)
    else:  # no key has such a letter: it comes from an input method
        letters = QInputMethodEvent()
        letters.setCommitString(text)
        QApplication.sendEvent(box, letters)
    QTest.keyClick(box, Qt.Key.Key_Return)


def meant(text: str, whole: bool) -> float | None:
    """The number that a person means by one of the texts."""
    numbers = {"0,01": 0.01, "1e-3": 0.001, "-5": -5.0, "１２": 12.0, "1e-30": 1e-30}
    value = numbers.get(text)
    if value is None and text != "1e-320":  # nearer to 0 than can be computed with
        with suppress(ValueError):
            value = float(text)
    return None if value is None or (whole and value % 1) else value


def check(box: NumberBox, text: str) -> None:
    """Type one of the texts and see that the box holds what it may hold."""
    before, low, high, whole = box.value(), box.minimum(), box.maximum(), isinstance(box.value(), int)
    allowed = box.allowed
    if text == "above":
        text = str(high * 10 + 2)
    elif text == "below":
        text = str(low - 5)
    value = meant(text, whole)
    typed(box, text)
    after, note, name = box.value(), box.note, f"{box.accessibleName()}: {text!r} in {low}..{high}, was {before}"
    if value is not None and low <= value <= high and (allowed is None or value in allowed):
        assert after == pytest.approx(value, rel=1e-12), name
        assert note == "", name
        return
    nearest = {before} if value is None else {before, min(allowed or (low, high), key=lambda limit: abs(limit - value))}
    assert after in nearest, f"{name}: {after}, {note}"
    if not box.isVisible():  # its form is gone with the number
        return
    assert (note != "") == (text != ""), f"{name}: {note}"
    assert box.accessibleDescription() == note
    if value is not None:
        digits = re.sub(r"[,\s]", "", note)
        limits = [f"{limit:.12g}" for limit in (low, high, round(low, 6), round(high, 6), *(allowed or ()))]
        limits += [in_digits(limit) for limit in (low, high)]
        assert any(limit in digits for limit in limits), f"{name}: {note}"


def try_all(page: QWidget, expected: int) -> None:
    found = boxes(page)
    assert len(found) >= expected, [box.accessibleName() for box in found]
    for box in found:
        for text in TEXTS:
            if box.isVisible() and box.isEnabled():
                check(box, text)
                row = box.parentWidget()
                if isinstance(row, NumberRow):
                    assert row.value == box.value()


@pytest.mark.parametrize("name", STUDIED)
def test_in_the_convolution_lab(qtbot: QtBot, make: MakeLab, name: str) -> None:
    lab = make(ConvolutionLab)
    assert isinstance(lab, ConvolutionLab)
    lab.set_state(STUDIED[name])
    qtbot.waitUntil(lambda: lab.state().picture == STUDIED[name].picture)
    if name == "tensor":
        lab.tensor.show()
    try_all(lab, 3 if name == "pooling" else 5)


def test_in_the_boxes_of_a_pattern(qtbot: QtBot, make: MakeLab) -> None:
    lab = make(ConvolutionLab)
    assert isinstance(lab, ConvolutionLab)
    lab.set_state(ConvolutionState(picture="stripes 3x12x12"))
    qtbot.waitUntil(lambda: lab.state().picture.startswith("stripes"))
    for box in lab.picker.patterns.boxes:
        assert box.isVisible()
        for text in TEXTS:
            check(box, text)
            qtbot.waitUntil(lambda: lab.picker.patterns.sizes.isVisible())


@pytest.mark.parametrize("kind", KINDS)
def test_in_the_network_lab(qtbot: QtBot, make: MakeLab, kind: str) -> None:
    lab = make(NetworkLab)
    assert isinstance(lab, NetworkLab)
    shape = _shape_for(kind)
    lab.set_state(NetworkState(input=shape, layers=(fresh(kind, shape),), chosen=(0,), page="layer"))
    try_all(lab.layer_card, 0)


def _shape_for(kind: str) -> tuple[int, ...]:
    for shape in SHAPES.values():
        with suppress(Exception):
            fresh(kind, shape).output_shape(shape)
            return shape
    raise AssertionError(kind)


@pytest.mark.parametrize("shape", [(3, 12, 12), (12, 3), (24,), (1, 4, 12, 12)])
def test_in_the_networks_input(make: MakeLab, shape: tuple[int, ...]) -> None:
    lab = make(NetworkLab)
    assert isinstance(lab, NetworkLab)
    lab.set_state(NetworkState(input=shape, layers=(), chosen=(), page="layer"))
    try_all(lab.layer_card, len(shape))


@pytest.mark.parametrize(("stem", "optimizer"), [("digits-cnn", "SGD"), ("waves-lstm", "Adam")])
def test_in_the_training_lab(make: MakeLab, stem: str, optimizer: str) -> None:
    lab = make(TrainingLab)
    assert isinstance(lab, TrainingLab)
    found = preset(stem)
    training = edited(found.training, optimizer=optimizer, clip=1.0, momentum=0.5 if optimizer == "SGD" else 0.0)
    lab.open_experiment(edited(found, training=training))
    try_all(lab.panel, 7)


def test_in_the_sequence_lab(make: MakeLab) -> None:
    lab = make(SequenceLab)
    assert isinstance(lab, SequenceLab)
    try_all(lab, 3)


@pytest.mark.parametrize("board", BOARDS)
def test_in_the_boards_of_the_foundations(make: MakeLab, board: str) -> None:
    """Under each of its topics: what a page cannot draw would be an exception in a slot."""
    lab = make(FoundationsLab)
    assert isinstance(lab, FoundationsLab)
    lab.show_board(board)
    shown = lab.board
    tried = 0
    for topic in shown.PAGES if isinstance(shown, TopicBoard) else [""]:
        if isinstance(shown, TopicBoard):
            shown.topics.chosen.emit(topic)
            assert shown.topic == topic
        for box in boxes(lab):
            for text in (*TEXTS, "1e-320", "1e-30"):
                if box.isVisible() and box.isEnabled():
                    check(box, text)
                    tried += 1
    assert tried >= len(TEXTS)


def test_a_number_above_the_limit_names_it_in_the_language_of_the_window(make: MakeLab) -> None:
    lab = make(ConvolutionLab)
    assert isinstance(lab, ConvolutionLab)
    box = lab.panel.form().number("out_channels").box
    typed(box, "512")
    assert (box.value(), box.note) == (256, "At most 256 can be used here.")
    language.set_language("ko")
    typed(box, "512")
    assert (box.value(), box.note) == (256, "256까지 쓸 수 있습니다.")


def test_the_learning_rate_is_written_in_digits(make: MakeLab) -> None:
    lab = make(TrainingLab)
    assert isinstance(lab, TrainingLab)
    box = lab.panel.training.number("lr").box
    for text, value, shown in (("3e-3", 0.003, "0.003"), ("0,01", 0.01, "0.01"), ("1e-5", 1e-5, "0.00001")):
        typed(box, text)
        assert (lab.state().experiment.training.lr, box.text(), box.note) == (value, shown, "")
    typed(box, "1,000")
    assert lab.state().experiment.training.lr == 1e-5 and "1000" in box.note
    typed(box, "0")
    assert lab.state().experiment.training.lr == 1e-5 and "0" in box.note


def test_a_rounded_number_is_not_changed_by_a_visit(make: MakeLab) -> None:
    lab = make(TrainingLab)
    assert isinstance(lab, TrainingLab)
    lab.open_experiment(edited(preset("digits-cnn"), training=edited(preset("digits-cnn").training, lr=0.0123456789)))
    box = lab.panel.training.number("lr").box
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Return)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert lab.state().experiment.training.lr == 0.0123456789


def test_a_screen_reader_finds_number_limits_and_sentence(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.setRange(1, 64)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    typed(box, "512")
    asked = QAccessible.queryAccessibleInterface(box)
    assert asked.role() == QAccessible.Role.SpinBox
    number = asked.valueInterface()
    assert (number.currentValue(), number.minimumValue(), number.maximumValue()) == (64, 1, 64)
    assert asked.text(QAccessible.Text.Description) == box.note == "At most 64 can be used here."
    box.set_allowed([2, 4, 8])
    assert (number.minimumValue(), number.maximumValue()) == (2, 8)
    QTest.keyClick(box, Qt.Key.Key_3)
    assert box.note == box.accessibleDescription() == ""  # another number is being typed


def test_a_number_that_fills_its_box_is_whole_while_it_has_the_keyboard(qtbot: QtBot) -> None:
    """Qt keeps the cursor in sight, and the style some room free: the first digit of 1×10⁻¹² was cut."""
    page = QWidget()
    qtbot.addWidget(page)
    row = QHBoxLayout(page)
    box, other = NumberBox(whole=False), QPushButton()
    row.addWidget(box)
    row.addWidget(other)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    box.setValue(1e-12)
    line = box.lineEdit()
    assert isinstance(line, NumberLine)
    wide = line.fontMetrics().horizontalAdvance(line.text())
    box.setFixedWidth(wide + 8)  # room for the text, and not for the padding of the style
    box.setFocus()
    line.end(False)
    left = (line.width() - wide) // 2
    assert line.cursorPositionAt(QPoint(left + 1, line.height() // 2)) == 0, "the first digit is where it begins"
    assert line.cursorPositionAt(QPoint(left + wide - 1, line.height() // 2)) == len(line.text())
    box.setValue(0.5)
    assert line.textMargins().left() == 0


def test_a_number_that_is_longer_than_its_box_ends_in_dots_until_it_is_typed(qtbot: QtBot) -> None:
    """Its first digits alone, 0.00 of 0.00123, would be another number."""
    page = QWidget()
    qtbot.addWidget(page)
    row = QHBoxLayout(page)
    box, short, other = NumberBox(whole=False), NumberBox(whole=False), QPushButton()
    for each in (box, short):
        each.setFixedWidth(40)
    for each in (box, short, other):
        row.addWidget(each)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    other.setFocus()
    box.setValue(0.00123)
    short.setValue(0.5)
    line = box.lineEdit()
    assert isinstance(line, NumberLine)
    assert line.text() == "0.00123"
    assert line.shown_text().endswith("…") and "0.00123".startswith(line.shown_text()[:-1])
    before = box.grab().toImage()
    box.show_value(0.00129)
    assert box.grab().toImage() == before, "of both only the same digits are seen"
    point = QPoint(5, 5)

    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, point, line.mapToGlobal(point)))
    assert QToolTip.text() == "0.00129"
    box.setFocus()
    assert line.shown_text() == "0.00129"
    other.setFocus()
    whole = short.lineEdit()
    assert isinstance(whole, NumberLine) and whole.shown_text() == "0.5"
    QToolTip.hideText()
