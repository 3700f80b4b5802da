"""How everything looks: colours, fonts and the style sheet, light and dark, from `assets/theme.toml` and `assets/theme.qss`.

`apply` sets it for the whole program. A widget chooses its rule of the style sheet by its property `role`. Widgets that paint
themselves get colours from `theme()` and repaint on `THEME.changed`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Literal
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from engine.assets import asset

Choice = Literal["system", "light", "dark"]
CHOICES: tuple[Choice, ...] = ("system", "light", "dark")
FAMILY = "Noto Sans KR"
GAP = 8  # px: the one spacing unit
LINED_PX = 6  # smaller cells of a grid, or pixels of a drawing, have no lines between them


@dataclass(frozen=True)
class Theme:
    """The colours of one scheme, by the names of `assets/theme.toml`."""

    dark: bool
    ground: QColor
    panel: QColor
    line: QColor
    text: QColor
    muted: QColor
    accent: QColor
    accent_ground: QColor
    on_accent: QColor
    warn: QColor
    warn_ground: QColor
    ok: QColor
    grid: QColor
    groove: QColor
    curves: tuple[QColor, ...]
    window: QColor  # the filter's window, everywhere


class ThemeSwitch(QObject):
    """Its signal says that the colours have changed. The only one is `THEME`."""

    changed = Signal()


THEME = ThemeSwitch()
_choice: Choice = "system"
_pages: WeakSet[QWidget] = WeakSet()  # that are restyled when they are shown
_waiting: WeakSet[QWidget] = WeakSet()  # those of them that have missed a style sheet


@cache
def _tokens() -> dict[str, dict[str, Any]]:
    return tomllib.loads(asset("theme.toml").read_text("utf-8"))


@cache
def _scheme(name: Literal["light", "dark"]) -> Theme:
    tokens = dict(_tokens()[name])
    curves = tuple(QColor(colour) for colour in tokens.pop("curves"))
    return Theme(dark=name == "dark", curves=curves, **{key: QColor(colour) for key, colour in tokens.items()})


def theme() -> Theme:
    """The current colours."""
    if _choice == "system":
        return _scheme("dark" if _system_is_dark() else "light")
    return _scheme(_choice)


def choice() -> Choice:
    """The user's choice: a scheme, or the system's."""
    return _choice


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def start(app: QApplication) -> None:
    """Load the font and set the base style, once, before the first widget."""
    sans = Path(str(files("pylopdf_fonts_ko"))) / "NotoSansKR-Regular.otf"
    QFontDatabase.addApplicationFont(str(sans))
    app.setStyle("Fusion")
    app.setFont(font(13))
    QGuiApplication.styleHints().colorSchemeChanged.connect(_system_changed)


def _system_changed() -> None:
    if _choice == "system":
        _show()


def apply(chosen: Choice) -> None:
    """Switch the whole program to a scheme, live."""
    global _choice
    _choice = chosen
    _show()


def _show() -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    now = theme()
    sheet = _style_sheet(now.dark)
    if app.styleSheet() != sheet:
        for page in _pages:
            if isValid(page) and not page.isVisible():
                _leave_out(page)
                _waiting.add(page)
        app.setStyleSheet("")  # a sheet in the place of another is given to each widget once for every widget around it
    app.setPalette(_palette(now))
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)
    THEME.changed.emit()


def restyled_when_shown(page: QWidget) -> None:
    """Leave out `page` and all that is in it while it is hidden: it is given the style sheet when it calls `catch_up`."""
    _pages.add(page)


def catch_up(page: QWidget) -> None:
    """Give a page that is being shown the style sheet that it has missed."""
    if page not in _waiting:
        return
    _waiting.discard(page)
    for widget in (page, *page.findChildren(QWidget)):
        if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            for event in (QEvent.Type.Polish, QEvent.Type.StyleChange):
                QApplication.sendEvent(widget, QEvent(event))


def _leave_out(page: QWidget) -> None:
    """Let the next style sheet pass over a hidden page, as over all that has never been shown; a window of its own that is
    still open is no part of that."""
    for widget in (page, *page.findChildren(QWidget)):
        if not widget.isVisible():
            widget.setAttribute(Qt.WidgetAttribute.WA_WState_Polished, False)


def _palette(now: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(now.panel, now.ground)
    for which, colour in {
        role.Window: now.ground,
        role.Base: now.panel,
        role.AlternateBase: now.ground,
        role.Button: now.panel,
        role.WindowText: now.text,
        role.Text: now.text,
        role.ButtonText: now.text,
        role.PlaceholderText: now.muted,
        role.ToolTipBase: now.panel,
        role.ToolTipText: now.text,
        role.Highlight: now.accent,
        role.HighlightedText: now.on_accent,
        role.Link: now.accent,
    }.items():
        palette.setColor(which, colour)
    return palette


@cache
def _style_sheet(dark: bool) -> str:
    scheme = "dark" if dark else "light"
    names = {key: value for key, value in _tokens()[scheme].items() if isinstance(value, str)}
    sheet = Template(asset("theme.qss").read_text("utf-8"))
    return sheet.substitute(names, scheme=scheme, icons=asset("icons").as_posix())


def font(px: int, *, bold: bool = False) -> QFont:
    """The program's font at a size in pixels, with figures of equal width."""
    chosen = QFont(FAMILY)
    chosen.setPixelSize(px)
    chosen.setBold(bold)
    chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another rule of the style sheet, even after it has been shown."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # a frame reads its padding again only then
