from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStackedWidget, QVBoxLayout
from pytestqt.qtbot import QtBot

from gui.lab.base import Lab, Services
from gui.shell import theme
from gui.widgets.card import Card
from gui.widgets.forms.number_box import NumberBox


def _luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(scheme: theme.Choice) -> None:
    theme.apply(scheme)
    now = theme.theme()
    pairs = {
        "text on panel": (now.text, now.panel),
        "text on ground": (now.text, now.ground),
        "muted on panel": (now.muted, now.panel),
        "muted on ground": (now.muted, now.ground),
        "accent on panel": (now.accent, now.panel),
        "accent on its ground": (now.accent, now.accent_ground),
        "primary button": (now.on_accent, now.accent),
        "warning": (now.warn, now.warn_ground),
        "ok": (now.ok, now.panel),
    }
    too_low = {name: round(_contrast(*pair), 2) for name, pair in pairs.items() if _contrast(*pair) < 4.5}
    assert not too_low


def test_switching_says_so_and_changes_the_colours(qapp: QApplication) -> None:
    told: list[bool] = []
    theme.THEME.changed.connect(lambda: told.append(theme.theme().dark))
    theme.apply("dark")
    theme.apply("light")
    assert told == [True, False]
    assert qapp.palette().window().color() == QColor("#f5f6f8")


def test_hangul_is_drawn_with_our_font(qapp: QApplication) -> None:
    label = QLabel("합성곱")
    label.ensurePolished()
    assert QFontInfo(label.font()).family() == "Noto Sans KR"
    assert label.fontMetrics().inFont("곱")
    label.deleteLater()


def test_figures_have_equal_widths(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    widths = {QFontMetricsF(theme.font(13)).horizontalAdvance(digit) for digit in "0123456789"}
    assert len(widths) == 1


class _Polished(QLabel):
    """Counts how often it is given a style."""

    times = 0

    def event(self, event: QEvent) -> bool:
        self.times += event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange)
        return super().event(event)


class _Page(Lab):
    def __init__(self, folder: Path) -> None:
        super().__init__(Services(runs_folder=folder))
        self.card, self.muted, self.box, self.button = Card("Title"), _Polished("muted"), NumberBox(), QPushButton("OK")
        self.muted.setProperty("role", "muted")
        self.button.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.addWidget(self.card)
        for part in (self.muted, self.box, self.button):
            self.card.body.addWidget(part)

    @property
    def colour(self) -> str:
        return self.muted.palette().windowText().color().name()


@pytest.fixture
def pages(qtbot: QtBot, tmp_path: Path) -> tuple[QStackedWidget, _Page, _Page]:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    first, second = _Page(tmp_path), _Page(tmp_path)
    for page in (first, second):
        stack.addWidget(page)
    stack.resize(400, 300)
    stack.show()
    stack.setCurrentWidget(second)
    stack.setCurrentWidget(first)
    return stack, first, second


def test_a_hidden_lab_is_restyled_when_it_is_shown(pages: tuple[QStackedWidget, _Page, _Page]) -> None:
    stack, first, second = pages
    light, dark = (theme._scheme(name).muted.name() for name in ("light", "dark"))
    assert first.colour == second.colour == light
    theme.apply("dark")
    assert (first.colour, second.colour) == (dark, light)
    stack.setCurrentWidget(second)
    assert second.colour == dark
    second.button.setFocus()
    second.button.clearFocus()
    assert second.grab().toImage() == first.grab().toImage()  # as the one that was visible all the time
    theme.apply("light")
    theme.apply("dark")
    stack.setCurrentWidget(first)
    assert first.colour == dark
    assert first.grab().toImage() == second.grab().toImage()


def test_a_switch_styles_each_widget_a_few_times_and_the_same_theme_none(pages: tuple[QStackedWidget, _Page, _Page]) -> None:
    _, first, _ = pages
    first.muted.times = 0
    theme.apply("dark")
    assert 0 < first.muted.times <= 4  # the old sheet taken away, the new one given; not once for each widget around it
    first.muted.times = 0
    theme.apply("dark")
    assert first.muted.times == 0
