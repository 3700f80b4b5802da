from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel

from gui.shell import theme


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
