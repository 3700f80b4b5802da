"""A sentence about something that failed, over the lower edge of a page for some seconds. Nothing on the page moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.widgets.labels import label

SHOWN_MS = 8_000
MARGIN_PX, WIDEST_PX = 16, 720


class PageNotice(QFrame):
    """Is over `page`. `tell` shows a sentence, until its time is over, its button is clicked or `hide` is called."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.setProperty("role", "notice")
        self._text = label("notice_text", wraps=True)
        self._close = QPushButton("×")
        self._close.setProperty("role", "link")
        self._close.clicked.connect(self.hide)
        self._over = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._over.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 4, 6)
        row.setSpacing(4)
        row.addWidget(self._text, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        page.installEventFilter(self)
        self.hide()
        self.retranslate()

    @property
    def text(self) -> str:
        return self._text.text()

    def tell(self, text: str) -> None:
        """Show a sentence for some seconds."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._over.start()

    def _place(self) -> None:
        """Move to the middle of the page's lower edge, as wide as the sentence, up to a limit."""
        page = self._page
        across = min(WIDEST_PX, page.width() - 2 * MARGIN_PX)
        beside = 16 + 4 + self._close.sizeHint().width()
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + beside + 4
        width = min(wanted, across)
        height = self._text.heightForWidth(width - beside) + 14
        self.setGeometry((page.width() - width) // 2, page.height() - height - MARGIN_PX, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.hide()  # its sentence is in the other language
            self.retranslate()

    def retranslate(self) -> None:
        self._close.setToolTip(self.tr("Close"))
        self._close.setAccessibleName(self.tr("Close"))
