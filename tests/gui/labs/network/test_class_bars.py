"""The classes of an answer: which are shown, the target beside them, and the cross-entropy between the two."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from gui.labs.network.maps.class_bars import ClassBars, axis_end
from gui.shell import language
from gui.shell.theme import font, theme

DIGITS = np.array([0.02, 0.01, 0.6, 0.1, 0.05, 0.15, 0.03, 0.02, 0.01, 0.01])


@pytest.fixture
def bars(qtbot: QtBot) -> ClassBars:
    made = ClassBars()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_classes(DIGITS, "0123456789")
    made.show()
    return made


@pytest.mark.parametrize(
    ("largest", "end"),
    [(0.00101, 0.002), (0.001, 0.001), (0.11, 0.2), (0.2, 0.2), (0.3, 0.5), (0.51, 1.0), (1.0, 1.0), (0.0, 1.0)],
)
def test_the_axis_ends_at_a_round_number_above_the_largest(largest: float, end: float) -> None:
    assert axis_end(largest) == end


def test_a_thousand_equal_classes_have_bars_that_are_seen(bars: ClassBars) -> None:
    bars.show_classes(np.full(1000, 0.001))
    image = bars.grab().toImage()
    line = bars.row(0)
    blue = [x for x in range(bars.width()) if image.pixelColor(x, line.center().y()) == theme().curves[0]]
    assert len(blue) > 100  # all of the axis, which ends at 0.1 %


def test_few_classes_stand_all_in_their_order(bars: ClassBars) -> None:
    assert bars.shown == tuple(range(10))
    assert bars.loss is None
    assert bars.foot == "Click the class that it should be."


def test_of_many_the_largest_are_shown_and_the_target(bars: ClassBars) -> None:
    probabilities = np.full(1000, 0.0001)
    probabilities[[7, 500, 3, 999, 20]] = [0.3, 0.25, 0.2, 0.1, 0.05]
    bars.show_classes(probabilities)
    assert bars.shown == (7, 500, 3, 999, 20)
    assert "5 of 1,000 classes" in bars.foot
    bars.show_classes(probabilities, target=42)
    assert bars.shown == (7, 500, 3, 999, 20, 42)
    bars.show_classes(probabilities, target=3)
    assert bars.shown == (7, 500, 3, 999, 20)
    assert bars.name(999) == "class 999"


def test_the_loss_is_the_cross_entropy_with_the_one_hot(bars: ClassBars) -> None:
    import torch

    scores = torch.tensor([[2.0, -1.0, 0.5, 3.0]])
    probabilities = scores.softmax(1)[0].numpy()
    for target in range(4):
        bars.show_classes(probabilities, target=target)
        expected = torch.nn.functional.cross_entropy(scores, torch.tensor([target]))
        assert bars.loss == pytest.approx(float(expected), rel=1e-6)
    bars.show_classes([1.0, 0.0], target=1)
    assert bars.loss == inf
    assert "∞" in bars.foot
    bars.show_classes([1.0, 0.0], target=0)
    assert bars.foot == "cross-entropy: −ln 1 = 0.000"


def test_outputs_trained_on_squared_error_are_no_probabilities(bars: ClassBars) -> None:
    import torch

    values = torch.tensor([0.97, 0.05, -0.04])
    bars.show_classes(values.numpy(), target=0, meaning="values")
    expected = torch.nn.functional.mse_loss(values, torch.tensor([1.0, 0.0, 0.0]))  # (0.03² + 0.05² + 0.04²) / 3 = 0.00167
    assert bars.loss == pytest.approx(float(expected), rel=1e-5) and bars.axis == 1.0
    assert bars.head == "outputs, no probabilities · 0–1" and bars.foot == "mean squared error: 0.00167"
    assert bars.accessibleDescription().startswith("class 0, 0.970, one-hot.")
    bars.show_classes([-0.0001, 1.0], meaning="values")
    assert bars.accessibleDescription().startswith("class 0, 0.000.")
    bars.grab()
    bars.show_classes([0.9, 0.1], meaning="probabilities")
    assert bars.head == "probabilities · 0–100%"


def test_a_click_makes_a_class_the_target_and_again_none(qtbot: QtBot, bars: ClassBars) -> None:
    asked: list[int | None] = []
    bars.target_chosen.connect(asked.append)
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(3).center())
    bars.show_classes(DIGITS, "0123456789", 3)
    assert bars.target == 3
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(3).center())
    assert asked == [3, None]


def test_the_keyboard_walks_and_enter_chooses(qtbot: QtBot, bars: ClassBars) -> None:
    asked: list[int | None] = []
    bars.target_chosen.connect(asked.append)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Return):
        qtbot.keyClick(bars, key)
    assert asked == [2, 9]
    assert bars.accessibleDescription().startswith("9, 1.0%")


def test_a_target_that_does_not_exist_is_none(bars: ClassBars) -> None:
    bars.show_classes([0.5, 0.5], target=7)
    assert bars.target is None


def test_nothing_and_what_is_no_number_are_painted_too(bars: ClassBars) -> None:
    bars.show_classes([float("nan"), float("nan")], target=0)
    bars.grab()
    assert bars.loss == inf
    bars.show_classes([])
    bars.grab()
    assert bars.shown == ()
    assert bars.accessibleDescription() == ""


@pytest.mark.parametrize("spoken", ["ko", "en"])
@pytest.mark.parametrize("target", [None, 3])
def test_the_line_below_is_never_cut_in_a_narrow_card(bars: ClassBars, spoken: str, target: int | None) -> None:
    language.set_language(spoken)
    bars.show_classes(np.linspace(0.9, 1.1, 1000) / 1000, target=target)
    measure = QFontMetrics(font(11))
    for width in (230, 260, 600):
        shown = bars._foot_within(measure, width)
        assert "…" not in shown and measure.horizontalAdvance(shown) <= width
    assert shown == bars.foot
