"""What a page says below its picture: as high as it is, up to a part of the page, and beyond that it scrolls.

Called by the pages of the sequence lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.scrolled_page import ScrolledPage

PART = 0.45  # of the page, at most
BAR_PX, LEAST_PX = 10, 40


class TextArea(ScrolledPage):
    """`column` takes the texts. `page` is whose height is shared."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self.inner = QWidget()
        self.inner.setProperty("role", "page")
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(0, 0, 4, 0)
        self.column.setSpacing(6)
        self.setWidget(self.inner)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.inner.installEventFilter(self)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return False

    def needed(self) -> int:
        """How high everything is at this width."""
        width = max(self.width() - BAR_PX, 100)
        return self.column.heightForWidth(width) if self.column.hasHeightForWidth() else self.column.sizeHint().height()

    def sizeHint(self) -> QSize:
        return QSize(200, min(self.needed() + 2, int(PART * self._page.height())))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, min(self.sizeHint().height(), LEAST_PX))
