from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from gui.lab.base import Lab, Services
from gui.shell import theme
from gui.widgets.card import Card
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.page_stack import PageStack


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


def test_the_system_is_asked_for_its_scheme_once_and_again_when_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    dark = [False]

    def ask() -> bool:
        asked.append(dark[0])
        return dark[0]

    monkeypatch.setattr(theme, "_system_is_dark", ask)
    system = QGuiApplication.styleHints().colorSchemeChanged
    theme.apply("system")
    assert [theme.theme().dark for _ in range(3)] == [False] * 3 and asked == [False]
    dark[0] = True
    system.emit(Qt.ColorScheme.Dark)
    assert theme.theme().dark and asked == [False, True]
    theme.apply("light")
    dark[0] = False
    system.emit(Qt.ColorScheme.Light)  # what nobody follows now
    theme.apply("system")
    assert not theme.theme().dark and asked == [False, True, False]


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
    """Counts how often it is given other colours."""

    times = 0

    def event(self, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.PaletteChange
        return super().event(event)


class _Page(Lab):
    def __init__(self, folder: Path) -> None:
        super().__init__(Services(runs_folder=folder))
        self.restyled: list[str] = []
        self.card, self.muted, self.box, self.button = Card("Title"), _Polished("muted"), NumberBox(), QPushButton("OK")
        self.muted.setProperty("role", "muted")
        self.button.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.addWidget(self.card)
        for part in (self.muted, self.box, self.button):
            self.card.body.addWidget(part)

    def restyle(self) -> None:
        self.restyled.append("dark" if theme.theme().dark else "light")

    @property
    def colour(self) -> str:
        return self.muted.palette().windowText().color().name()


@pytest.fixture
def pages(qtbot: QtBot, tmp_path: Path) -> tuple[PageStack, _Page, _Page]:
    stack = PageStack()
    qtbot.addWidget(stack)
    first, second = _Page(tmp_path), _Page(tmp_path)
    for page in (first, second):
        stack.addWidget(page)
    stack.resize(400, 300)
    stack.show()
    stack.setCurrentWidget(second)
    stack.setCurrentWidget(first)
    return stack, first, second


def test_a_hidden_lab_is_restyled_when_it_is_shown(pages: tuple[PageStack, _Page, _Page]) -> None:
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


def test_a_switch_styles_what_is_visible_once_and_the_same_theme_nothing(pages: tuple[PageStack, _Page, _Page]) -> None:
    _, first, second = pages
    first.muted.times = second.muted.times = 0
    theme.apply("dark")
    assert 0 < first.muted.times <= 2  # its colours taken away and given; not once for each widget around it
    assert second.muted.times == 0
    first.muted.times = 0
    theme.apply("dark")
    assert first.muted.times == 0


def test_a_hidden_part_of_a_visible_lab_is_restyled_when_it_is_shown(pages: tuple[PageStack, _Page, _Page]) -> None:
    _, first, _ = pages
    dark = theme._scheme("dark").muted.name()
    first.card.hide()
    first.muted.times = 0
    theme.apply("dark")
    assert first.muted.times == 0 and first.colour != dark
    first.muted.hide()
    first.card.show()
    assert first.muted.times == 0 and first.colour != dark  # hidden itself
    first.muted.show()
    assert first.colour == dark
    theme.apply("light")
    assert first.colour != dark


def test_a_costly_restyling_waits_until_its_widget_is_seen(pages: tuple[PageStack, _Page, _Page]) -> None:
    stack, first, second = pages
    for page in (first, second):
        theme.restyle_when_seen(page, page.restyle)
    theme.apply("dark")
    assert (first.restyled, second.restyled) == (["dark"], [])
    theme.apply("light")
    theme.apply("dark")
    stack.setCurrentWidget(second)
    assert second.restyled == ["dark"]
    stack.setCurrentWidget(first)
    stack.setCurrentWidget(second)
    assert second.restyled == ["dark"]


def test_the_style_sheet_names_no_colour_of_one_scheme(qapp: QApplication) -> None:
    """Another scheme is another palette alone: so a switch polishes what is visible, and nothing else."""
    theme.apply("light")
    sheet = qapp.styleSheet()
    theme.apply("dark")
    assert qapp.styleSheet() == sheet
    assert not re.findall("#[0-9a-f]{6}", sheet)
