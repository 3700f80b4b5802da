"""The order of the Tab key. Qt's own is the order in which widgets were made or inserted; here it is that of the layouts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QComboBox, QLayout, QWidget

_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)  # these order what is inside them themselves

_BY_TAB = frozenset({Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.WheelFocus})


def tab_in_order(page: QWidget) -> None:
    """Let Tab go through the widgets inside `page`, including hidden ones, in the order of its layouts."""
    stops = [each for each in in_layouts(page) if each.focusPolicy() in _BY_TAB and each.focusProxy() is None]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def in_layouts(widget: QWidget) -> Iterator[QWidget]:
    """All widgets inside `widget` in the order of its layouts, each before what is inside it; at the end those that no layout
    has."""
    waiting = [iter(_inside(widget))]  # no recursion: a page has thousands of widgets, and each board is one more
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            continue
        yield child
        if not isinstance(child, _WHOLE):
            waiting.append(iter(_inside(child)))


def _inside(widget: QWidget) -> list[QWidget]:
    """What is inside `widget` itself, in the same order."""
    children = widget.children()
    if not children:
        return []
    layout = widget.layout()
    placed = [] if layout is None else list(_placed(layout, [child for child in children if isinstance(child, QWidget)]))
    known = {id(child) for child in placed}
    others = [child for child in children if id(child) not in known and isinstance(child, QWidget) and not child.isWindow()]
    return placed + others


def _placed(layout: QLayout, widgets: list[QWidget]) -> Iterator[QWidget]:
    """Those of `widgets` that it has, in their order. Its items are not asked for: PySide keeps what stands for one, and where
    that has gone, takes it for the layout that lies in its place by then."""
    own = {layout.indexOf(each): each for each in widgets}  # at -1 one that lies elsewhere
    inner = {layout.indexOf(each): each for each in layout.children() if isinstance(each, QLayout)}
    for place in sorted(own.keys() | inner.keys()):
        if place in inner:
            yield from _placed(inner[place], widgets)
        elif place >= 0:
            yield own[place]
