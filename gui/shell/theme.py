"""How everything looks: colours, fonts and the style sheet, light and dark, from `assets/theme.toml` and `assets/theme.qss`.

`apply` sets it for the whole program. A widget chooses its rule of the style sheet by its property `role`. Widgets that paint
themselves get colours from `theme()` and repaint on `THEME.changed`; what costs more than a repaint waits until its widget is
seen (`restyle_when_seen`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Literal
from weakref import WeakMethod, ref

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

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
    alarm: QColor  # beyond what holds
    window: QColor  # the filter's window, everywhere


class ThemeSwitch(QObject):
    """Its signal says that the colours have changed. The only one is `THEME`."""

    changed = Signal()


THEME = ThemeSwitch()
_choice: Choice = "system"
_now: Theme | None = None  # kept: asking the system took a twelfth of a frame with many lines

# The style sheet is one for all schemes: a colour in it is the palette's, in the role that stands for it here. Qt reads a sheet
# anew for a widget when it polishes that widget, so another palette restyles what is polished and nothing else. Roles that
# Qt's own drawing needs have the colours that it would give them; the others carry names that it does not know.
_ROLES: dict[str, tuple[str, QPalette.ColorRole]] = {
    "ground": ("window", QPalette.ColorRole.Window),
    "panel": ("base", QPalette.ColorRole.Base),
    "line": ("mid", QPalette.ColorRole.Mid),
    "text": ("window-text", QPalette.ColorRole.WindowText),
    "muted": ("placeholder-text", QPalette.ColorRole.PlaceholderText),
    "accent": ("link", QPalette.ColorRole.Link),
    "accent_ground": ("midlight", QPalette.ColorRole.Midlight),
    "on_accent": ("highlighted-text", QPalette.ColorRole.HighlightedText),
    "warn": ("link-visited", QPalette.ColorRole.LinkVisited),
    "warn_ground": ("bright-text", QPalette.ColorRole.BrightText),
    "ok": ("tooltip-text", QPalette.ColorRole.ToolTipText),
    "groove": ("tooltip-base", QPalette.ColorRole.ToolTipBase),
}


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
    global _now
    if _now is None:
        _now = _scheme(("dark" if _system_is_dark() else "light") if _choice == "system" else _choice)
    return _now


def choice() -> Choice:
    """The user's choice: a scheme, or the system's."""
    return _choice


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def start(app: QApplication) -> None:
    """Load the font and set the base style, once, before the first widget."""
    global _now
    sans = Path(str(files("pylopdf_fonts_ko"))) / "NotoSansKR-Regular.otf"
    QFontDatabase.addApplicationFont(str(sans))
    app.setStyle("Fusion")
    app.setFont(font(13))
    _now = None  # of the system it is known from here on when its scheme changes
    QGuiApplication.styleHints().colorSchemeChanged.connect(_system_changed)


def _system_changed() -> None:
    global _now
    if _choice == "system":
        _now = None
        _show()


def apply(chosen: Choice) -> None:
    """Switch the whole program to a scheme, live."""
    global _choice, _now
    _choice, _now = chosen, None
    _show()


def _show() -> None:
    """Bring what is visible to the colours in force, and what is hidden when it is shown."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    now = theme()
    scheme = "dark" if now.dark else "light"
    windows = [window for window in QApplication.topLevelWidgets() if window.parentWidget() is None]
    for window in windows:
        window.setProperty("scheme", scheme)
    if app.property("scheme") == scheme:
        return
    app.setProperty("scheme", scheme)
    app.setPalette(_palette(now))
    if app.styleSheet():
        for window in windows:
            _RESTYLED.bring(window)
    else:
        app.setStyleSheet(_style_sheet())
    THEME.changed.emit()


class _Restyled(QObject):
    """Polishes widgets anew: visible ones at once, a hidden part, with all that is in it, when it is shown. The only one is
    `_RESTYLED`."""

    def bring(self, part: QWidget) -> None:
        if not part.isVisible():
            part.installEventFilter(self)  # once, however often
            return
        style = QApplication.style()
        found = [part]
        while found:
            widget = found.pop()
            style.polish(widget)
            for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                if child.isVisible():
                    found.append(child)
                else:
                    child.installEventFilter(self)
        part.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self.bring(watched)
        return False


_RESTYLED = _Restyled()


class _WhenSeen(QObject):
    """Calls the method of a widget, its parent, when the colours have changed and the widget is visible."""

    def __init__(self, widget: QWidget, restyle: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget, self._restyle = ref(widget), WeakMethod(restyle)
        THEME.changed.connect(self._changed)

    @Slot()
    def _changed(self) -> None:
        widget, restyle = self._widget(), self._restyle()
        if widget is None or restyle is None:
            return
        if widget.isVisible():
            restyle()
        else:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            watched.removeEventFilter(self)
            self._changed()
        return False


def restyle_when_seen(widget: QWidget, restyle: Callable[[], None]) -> None:
    """Have a method of `widget`, which costs more than `update` does, called when the colours have changed: at once where the
    widget is visible, else when it is shown."""
    _WhenSeen(widget, restyle)


def _palette(now: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(now.panel, now.ground)
    for which, colour in {
        role.AlternateBase: now.ground,
        role.Button: now.panel,
        role.Text: now.text,
        role.ButtonText: now.text,
        role.Highlight: now.accent,
        **{which: getattr(now, name) for name, (_, which) in _ROLES.items()},
    }.items():
        palette.setColor(which, colour)
    return palette


@cache
def _style_sheet() -> str:
    names = {name: f"palette({role})" for name, (role, _) in _ROLES.items()}
    return Template(asset("theme.qss").read_text("utf-8")).substitute(names, icons=asset("icons").as_posix())


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
