"""A sentence about something that failed, over the lower edge of a page for some seconds. Nothing on the page moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.notice import Notice

SHOWN_MS = 8_000
MARGIN_PX, WIDEST_PX = 16, 720


class PageNotice(Notice):
    """Is over `page`. `tell` shows a sentence, until its time is over, its button is clicked or `hide` is called; one that
    `stays` has no time. `pass_by` is called where something on the page has changed: the sentence must not lie over the buttons
    of another page."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._stays = False
        self.row.setContentsMargins(12, 6, 4, 6)
        self.row.setSpacing(4)
        self.row.setAlignment(self.button, Qt.AlignmentFlag.AlignTop)
        self.button.setText("×")
        self.button.clicked.connect(self.hide)
        self._over = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._over.timeout.connect(self.hide)
        page.installEventFilter(self)
        self.hide()
        self.retranslate()

    def tell(self, text: str, *, stays: bool = False) -> None:
        """Show a sentence for some seconds, or until it is closed."""
        self._stays = stays
        self.say(text, "notice")
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._over.stop() if stays else self._over.start()

    def pass_by(self, *, over: bool) -> None:
        """Hide the sentence; one that stays only where what it was said of is `over`: the network has been edited, or another
        page is in its place."""
        if over or not self._stays:
            self.hide()

    def _place(self) -> None:
        """Move to the middle of the page's lower edge, as wide as the sentence, up to a limit."""
        page = self._page
        across = min(WIDEST_PX, page.width() - 2 * MARGIN_PX)
        beside = 16 + 4 + self.button.sizeHint().width()
        wanted = self.text.fontMetrics().horizontalAdvance(self.text.text()) + beside + 4
        width = min(wanted, across)
        height = self.text.heightForWidth(width - beside) + 14
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
        self.button.setToolTip(self.tr("Close"))
        self.button.setAccessibleName(self.tr("Close"))
