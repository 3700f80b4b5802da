"""The data that the experiment learns from, as one of the views of the training lab: what they are, how often each class comes,
and samples of them. Of data that cannot be had, why.

Data are read in a thread of their own, while the view is on the screen. Called by the lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.contents import DataContents
from engine.data.found import Found
from engine.data.info import Data
from engine.data.own.tables.table_found import TableFound
from gui.labs.training.data.about_card import AboutCard
from gui.labs.training.data.class_counts import ClassCounts
from gui.labs.training.data.data_feed import DataFeed, ReadData
from gui.labs.training.data.data_view import DataView
from gui.labs.training.data.samples.samples_card import SamplesCard
from gui.labs.training.data.table_card import TableCard
from gui.labs.training.data.trouble_card import TroubleCard
from gui.shell.language import language, of_the_data
from gui.widgets.card import Card
from gui.widgets.labels import label
from gui.widgets.scrolled_page import ScrolledPage

GAP = 12
WIDE_PX = 760  # from this width on, the samples stand beside the rest


class DataPage(QWidget):
    """`show_data` shows the data of an experiment, `set_view` says how. `own_asked` carries the kind of data of his own that
    the user wants to choose, `view_edited` how he wants to look at these."""

    view_edited = Signal(object)
    own_asked = Signal(str)
    data_edited = Signal(object)  # a Data: what is read of own data, and how
    again_asked = Signal()  # the file or folder is to be chosen again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[Data, int] | None = None
        self._view = DataView()
        self.refused: Found | None = None  # what was chosen last and cannot be had
        self._read: ReadData | None = None
        self._is_edit = False
        self._looking = False
        self._contents: DataContents | None = None
        self._arranged: tuple[bool, bool] | None = None  # wide, with a refusal on top
        self.feed = DataFeed(self)
        self.about, self.counts, self.samples, self.trouble = AboutCard(), ClassCounts(), SamplesCard(), TroubleCard()
        self.table = TableCard()
        self.table.hide()
        self.waiting = label("muted")
        self.about.tools.addWidget(self.waiting)
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(GAP)
        self._columns = (QVBoxLayout(), QVBoxLayout())
        for number, each in enumerate(self._columns):
            each.setSpacing(GAP)
            each.addStretch(1)
            row.addLayout(each, 2 + number)
        self._row = row
        self.area = ScrolledPage(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area, 1)
        self._arrange(wide=True)
        self.feed.read.connect(self._show_read)
        self.feed.broken.connect(self._show_broken)
        self.samples.view_edited.connect(self._take_view)
        self.about.own.asked.connect(self.own_asked)
        self.about.again.clicked.connect(self.read_again)
        self.about.pictures.edited.connect(self.data_edited)
        self.table.edited.connect(self.data_edited)
        self.trouble.again_asked.connect(self.again_asked)
        self.retranslate()

    # --- what is shown

    def show_data(self, data: Data, seed: int) -> None:
        """Show these data, as soon as they have been read."""
        if (data, seed) != self._wanted:
            self._wanted, self.refused = (data, seed), None
            self._ask()

    def set_view(self, view: DataView) -> None:
        """Show them that way; nothing is emitted."""
        self._view = view
        self.samples.show_contents(self._contents, view)

    def show_refused(self, found: Found, *, of_edit: bool = False) -> None:
        """Say why the data that were chosen last cannot be had; those that are shown stay. `of_edit`: of the same files, other
        things were chosen."""
        self.refused, self._is_edit = found, of_edit
        self._show_trouble()
        self.table.retranslate()  # its choices go back
        self.about.retranslate()
        self.area.verticalScrollBar().setValue(0)

    def set_looking(self, *, looking: bool) -> None:
        """Whether something that was chosen is being looked at."""
        self._looking = looking
        self._write_waiting()

    @property
    def contents(self) -> DataContents | None:
        """What is shown."""
        return self._contents

    @Slot()
    def read_again(self) -> None:
        """Have the data read anew: their files have changed."""
        self.refused = None
        if self._wanted is not None:
            self.feed.ask(*self._wanted, anew=True)
            self._write_waiting()

    def _ask(self) -> None:
        if self._wanted is not None and self.isVisible():
            self.feed.ask(*self._wanted)
            self._write_waiting()

    @Slot(object)
    def _show_read(self, read: ReadData) -> None:
        if self._contents is None or self._contents.data.name != read.request.data.name:
            self.area.verticalScrollBar().setValue(0)
        self._read = read
        self._contents = read.contents
        self._show_trouble()
        self.about.show_found(read.found)
        self.table.show_table(read.found if isinstance(read.found, TableFound) else None, read.preview)
        if read.contents is not None:
            self.about.show_contents(read.contents)
            self.counts.show_contents(read.contents)
        self.samples.show_contents(read.contents, self._view)
        for part in (self.counts, self.samples):
            part.setVisible(read.contents is not None)
        self._write_waiting()

    def _show_trouble(self) -> None:
        found = self.refused
        problem = None if found is None else found.problem
        if found is None and self._read is not None:
            found, problem = self._read.found, self._read.problem
        can_choose = self.refused is None or not self._is_edit
        self.trouble.show_trouble(
            "" if problem is None else of_the_data(problem.message(language())), found, can_choose=can_choose
        )
        self._arrange(wide=self.width() >= WIDE_PX)

    @Slot(object)
    def _show_broken(self, error: Exception) -> None:
        raise error

    def _write_waiting(self) -> None:
        self.waiting.setText(self.tr("Reading the data...") if self._looking or self.feed.busy else "")

    @Slot(object)
    def _take_view(self, view: DataView) -> None:
        self.set_view(view)
        self.view_edited.emit(view)

    # --- places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(wide=self.width() >= WIDE_PX)

    def _arrange(self, *, wide: bool) -> None:
        """Why data cannot be had stands on top; files that take no part come last."""
        refused = self.trouble.is_refusal
        if (wide, refused) == self._arranged:
            return
        self._arranged = (wide, refused)
        first, last = ((self.trouble,), ()) if refused else ((), (self.trouble,))
        left: tuple[Card, ...] = (*first, self.about, self.counts, *last)
        right: tuple[Card, ...] = (self.table, self.samples)
        if not wide:
            left, right = (*first, self.about, self.table, self.samples, self.counts, *last), ()
        for column in self._columns:  # not by `takeAt`: a card whose item lives on keeps the height that it had in it
            for part in (*left, *right):
                column.removeWidget(part)
        for column, parts in zip(self._columns, (left, right), strict=True):
            for part in reversed(parts):
                column.insertWidget(0, part)
        self._row.setStretch(1, 3 if wide else 0)
        self._row.setSpacing(GAP if wide else 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was refused has been read."""
        super().hideEvent(event)
        if self.refused is not None:
            self.refused = None
            self._show_trouble()

    def close_page(self, timeout_s: float) -> bool:
        """End the reading thread; returns whether it has ended in time."""
        return self.feed.close(timeout_s)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._show_trouble()
        self._write_waiting()
