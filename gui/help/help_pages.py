"""The pages of the Help menu: the keyboard shortcuts and the glossary. Each is a window of its own beside the program's, to
read while working."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.help.glossary import glossary_rows
from gui.help.help_list import HelpList, HelpRow
from gui.shell.language import language
from gui.shell.on_screen import show_in_front

SIZE_PX = (600, 580)


class HelpPage(QDialog):
    """A searchable list. `open_page` shows it in front of the program, with everything in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.list = HelpList()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.list)
        self.resize(*SIZE_PX)

    def open_page(self) -> None:
        self.list.query.clear()
        self.retranslate()
        show_in_front(self)
        self.activateWindow()
        self.list.query.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            QTimer.singleShot(0, self, self.retranslate)  # after the window has written its menus

    def retranslate(self) -> None:
        raise NotImplementedError


class ShortcutsPage(HelpPage):
    """`rows` makes the rows in the language in force."""

    def __init__(self, parent: QWidget, rows: Callable[[], list[HelpRow]]) -> None:
        super().__init__(parent)
        self._rows = rows

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.list.set_rows(self._rows(), words=self.tr("Search a shortcut"), none=self.tr("No shortcut does that."))


class GlossaryPage(HelpPage):
    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Glossary"))
        self.list.set_rows(
            glossary_rows(language()),
            words=self.tr("Search a term, in Korean or English"),
            none=self.tr("The glossary has no such term."),
        )
