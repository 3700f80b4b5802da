"""A drawing pad that collects a data set of the learner's own: draw, choose a label, keep; the folder that it fills is a folder
of pictures as any other, which the lab then learns from.

Called by the training lab's windows.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.data.drawn_folder import LEAST, DrawnFolder, DrawnFolderError
from engine.figures import full_count
from engine.words import printable
from gui.labs.training.collecting.label_rows import LabelRows
from gui.shell.language import language
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine
from gui.widgets.pictures.drawing_canvas import CANVAS_PX, DrawnImage
from gui.widgets.pictures.drawing_pad import DrawingPad
from gui.widgets.pictures.picture_files import png_of
from gui.widgets.scrolled_page import ScrolledPage

LABELS_PX, TOOLS_PX = 260, 250
HEIGHT_PX = 470  # with room for six labels beside a sentence
DIGITS = (
    Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5,
    Qt.Key.Key_6, Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9, Qt.Key.Key_0,
)  # fmt: skip


class CollectingPad(DrawingPad):
    """Number keys choose the label, Enter keeps the drawing, Backspace takes the last one back, onto the paper."""

    learn_asked = Signal(object)  # the Path of the folder that is to be learned from

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """`folder` is filled as long as no other one is chosen; it is made with the first drawing."""
        self.collection = _opened(folder)
        self._label = ""
        self._kept: list[tuple[str, DrawnImage]] = []  # of this folder, to be taken back
        self._trouble: DrawnFolderError | None = None
        self._said = ""
        self.rows = LabelRows()
        self.name = QLineEdit()
        self.add, self.keep, self.take_back, self.learn, self.other = (QPushButton() for _ in range(5))
        self.folder_name, self.state = OneLine("muted"), label("small", wraps=True)
        self.trouble = label("warning", wraps=True)
        self.labels_head, self.folder_head = label("title"), label("title")
        super().__init__(parent)
        self.setFixedWidth(CANVAS_PX + TOOLS_PX + LABELS_PX + 56)
        self.setMinimumHeight(HEIGHT_PX)
        self.rows.chosen.connect(self.choose)
        self.name.returnPressed.connect(self.add_label)
        self.add.clicked.connect(self.add_label)
        self.keep.clicked.connect(self.keep_drawing)
        self.take_back.clicked.connect(self.take_last_back)
        self.other.clicked.connect(self.choose_folder)
        self.learn.clicked.connect(self._learn)
        self._show_labels()

    def _lay_out(self) -> None:
        super()._lay_out()
        for button in (self.add, self.keep, self.take_back, self.learn, self.other):
            button.setAutoDefault(False)
        self.other.setProperty("role", "link")
        self.keep.setProperty("role", "primary")
        adding = QHBoxLayout()
        adding.setSpacing(6)
        adding.addWidget(self.name, 1)
        adding.addWidget(self.add)
        keeping = QHBoxLayout()
        keeping.setSpacing(6)
        keeping.addWidget(self.keep, 1)
        keeping.addWidget(self.take_back)
        place = QHBoxLayout()
        place.setSpacing(4)
        place.addWidget(self.folder_name, 1)
        place.addWidget(self.other)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.labels_head)
        column.addWidget(ScrolledPage(self.rows), 1)
        column.addLayout(adding)
        column.addWidget(self.trouble)
        column.addLayout(keeping)
        column.addWidget(self.folder_head)
        column.addLayout(place)
        column.addWidget(self.state)
        column.addWidget(self.learn)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.addLayout(column, 1)

    # --- what it holds

    @property
    def label(self) -> str:
        """The one that the next drawing gets; empty where there is none."""
        return self._label

    def open_folder(self, folder: Path) -> None:
        """Fill another folder; what it holds already is counted."""
        try:
            self.collection = DrawnFolder(folder)
        except DrawnFolderError as trouble:
            self._say(trouble)
            return
        self._kept, self._label, self._said = [], "", ""
        self._say(None)

    # --- what the user does

    @Slot()
    def add_label(self) -> None:
        """The name that is typed becomes a label, and the chosen one."""
        try:
            added = self.collection.add_label(self.name.text())
        except DrawnFolderError as trouble:
            self._say(trouble)
            return
        self.name.clear()
        self._label = added
        self._say(None)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def choose(self, name: str) -> None:
        """The next drawing gets this label."""
        self._label = name
        self._say(None)

    @Slot()
    def keep_drawing(self) -> None:
        """Keep what is drawn under the chosen label, and give a clean paper."""
        if not self.can_keep:
            return
        drawing = self.canvas.drawing
        try:
            path = self.collection.keep(self._label, png_of(drawing.pixels))
        except DrawnFolderError as trouble:
            self._say(trouble)
            return
        self._kept.append((self._label, drawing))
        self._said = f"{printable(self._label)}/{path.name}"
        self.begin_anew()
        self._say(None)

    @Slot()
    def take_last_back(self) -> None:
        """Remove the drawing that was kept last, and show it on the paper again."""
        if not self.collection.can_take_back or self.canvas.drawing_now:
            return
        try:
            self._label = self.collection.take_back()
        except DrawnFolderError as trouble:
            self._say(trouble)
            return
        _, drawing = self._kept.pop()
        self._said = ""
        self.begin_anew(drawing)
        self._say(None)

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose the folder that is filled."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Keep the drawings in"), str(self.collection.folder.parent))
        if chosen:
            self.open_folder(Path(chosen))

    def _learn(self) -> None:
        self.learn_asked.emit(self.collection.folder)

    @property
    def can_keep(self) -> bool:
        """Whether there is a drawing, and a label for it."""
        return bool(self._label) and not self.empty and not self.canvas.drawing_now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What a focused box does not need itself."""
        typing = isinstance(self.focusWidget(), QLineEdit)
        key = Qt.Key(event.key())
        if key in DIGITS and not typing:
            number = DIGITS.index(key)
            if number < len(self.collection.labels):
                self.choose(self.collection.labels[number])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not typing:
                self.keep_drawing()
        elif key == Qt.Key.Key_Backspace and not typing:
            self.take_last_back()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._say(None)

    # --- what is shown

    def _show(self) -> None:
        super()._show()
        self.size_choice.setEnabled(not any(self.collection.counts.values()))  # all drawings of a folder are of one size
        self._show_labels()

    def _say(self, trouble: DrawnFolderError | None) -> None:
        self._trouble = trouble
        self._show()

    def _show_labels(self) -> None:
        drawn, counts = self.collection, self.collection.counts
        self.rows.show_counts(counts, self._label)
        self.keep.setEnabled(self.can_keep)
        self.take_back.setEnabled(drawn.can_take_back)
        self.learn.setEnabled(drawn.is_enough)
        self.trouble.setText("" if self._trouble is None else self._trouble.message(language()))
        self.trouble.setVisible(self._trouble is not None)
        self.folder_name.set_text(printable(str(drawn.folder)), printable(drawn.folder.name))
        self.state.setText(self._state())

    def _state(self) -> str:
        counts = self.collection.counts
        if not counts:
            return self.tr("Name a label first: what is in your drawings, as cat or dog.")
        if not self._label:
            return self.tr("Choose a label, draw, and press Enter.")
        parts = []
        if self._said:
            parts.append(self.tr("Kept: {file}").format(file=self._said))
        if not self.collection.is_enough:
            parts.append(self.tr("To learn: at least {count} drawings of two labels or more.").format(count=full_count(LEAST)))
        else:
            parts.append(self.tr("{count} drawings").format(count=full_count(sum(counts.values()))))
        return " · ".join(parts)

    def retranslate(self) -> None:
        super().retranslate()
        self.setWindowTitle(self.tr("Draw a data set"))
        self.labels_head.setText(self.tr("Labels"))
        self.folder_head.setText(self.tr("Kept in"))
        self.rows.setAccessibleName(self.tr("Labels with the number of their drawings"))
        self.name.setPlaceholderText(self.tr("New label"))
        self.name.setAccessibleName(self.tr("Name of a new label"))
        self.add.setText(self.tr("Add"))
        self.keep.setText(self.tr("Keep (Enter)"))
        self.take_back.setText(self.tr("Take back"))
        self.take_back.setToolTip(self.tr("Remove the drawing that was kept last, and show it again (Backspace)"))
        self.other.setText(self.tr("Other folder..."))
        self.other.setToolTip(self.tr("A new folder, or one in which a collection is to go on"))
        self.learn.setText(self.tr("Learn from it"))
        self.learn.setToolTip(self.tr("Train a network on these drawings"))
        self.set_hint(
            self.tr(
                "Number keys choose the label, Enter keeps the drawing, Backspace takes the last one back. The right button "
                "erases."
            )
        )
        self._show_labels()


def _opened(folder: Path) -> DrawnFolder:
    """The folder, or one beside it where it cannot be read."""
    try:
        return DrawnFolder(folder)
    except DrawnFolderError:
        return DrawnFolder(folder.with_name(f"{folder.name}-2"))
