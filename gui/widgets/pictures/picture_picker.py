"""Choosing a picture: samples, patterns, a file, a drop, a paste, a drawing. Called by the labs that look at pictures.

Files are read in a thread of their own. A picture that cannot be taken leaves the picture before it in place, with the reason.
Each picture has a key by which `load` finds it again: a sample's name, a pattern's name and shape, or a file's path. Pastes
and drawings are kept as files.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.cells.own_numbers import is_numbers, numbers, numbers_of
from engine.figures import shape_text
from engine.pictures import SAMPLES, Picture, PictureError, is_pattern, pattern, pattern_key, pattern_parts
from engine.rasters import ENDINGS
from engine.words import printable
from gui.bridge import Latest
from gui.shell.language import say
from gui.shell.on_screen import place
from gui.widgets.pictures.drawing_pad import DrawingPad
from gui.widgets.pictures.numbers_dialog import NumbersDialog
from gui.widgets.pictures.pattern_row import ON_THUMBS, PatternRow
from gui.widgets.pictures.picture_files import (
    DRAWN,
    KEPT_DRAWINGS,
    OFFERED,
    LoadedPicture,
    Pasted,
    image_of,
    keep_picture,
    load_picture,
    sample,
)
from gui.widgets.pictures.thumb import Thumb

AT_ONCE = 2**18  # numbers of a pattern that is computed at once; larger ones are computed in the reading thread


class PicturePicker(QWidget):
    """Samples, patterns with their shape, the user's own picture, and buttons to draw, open and paste.

    `loaded` carries a LoadedPicture that the user chose or that `load` was called for. The owner may take it, and then calls
    `show_picture`. `failed`: no picture could be loaded; the reason is shown in place.
    """

    loaded = Signal(object)
    failed = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._shown: LoadedPicture | None = None
        self._own: LoadedPicture | None = None
        self._problem: PictureError | None = None
        self._pad: DrawingPad | None = None
        self._drawing_key = ""  # of the drawing on the pad
        self._reader: Latest[Path | Pasted | str, LoadedPicture] = Latest(load_picture, self, name="picture")
        self._reader.answered.connect(self._arrived)
        self._reader.failed.connect(self._refused)
        self._thumbs: dict[str, Thumb] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name in (*OFFERED, ""):
            thumb = Thumb()
            thumb.setVisible(bool(name))
            thumb.clicked.connect(lambda _on=False, name=name: self._thumb_clicked(name))
            self._group.addButton(thumb)
            self._thumbs[name] = thumb
            row.addWidget(thumb)
            if name:
                thumb.set_image(image_of(sample(name)))
        row.addStretch(1)
        self.patterns = PatternRow()
        self.patterns.asked.connect(self._pattern_asked)
        for name, thumb in self.patterns.thumbs.items():
            thumb.set_image(image_of(pattern(pattern_key(name, ON_THUMBS[name]))))
            self._group.addButton(thumb)
            self._thumbs[name] = thumb
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setProperty("role", "muted")
        self._warning = QLabel()
        self._warning.setProperty("role", "warning")
        self._warning.setWordWrap(True)
        self._warning.hide()
        self.draw_button, self.open_button, self.paste_button = QPushButton(), QPushButton(), QPushButton()
        self.numbers_button = QPushButton()
        self.numbers_button.clicked.connect(self.type_numbers)
        self.draw_button.clicked.connect(self.draw)
        self.open_button.clicked.connect(self.open_dialog)
        self.paste_button.clicked.connect(self.paste)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        heading = QHBoxLayout()
        heading.setSpacing(0)
        heading.addWidget(self._title)
        heading.addStretch(1)
        for button in (self.draw_button, self.open_button, self.paste_button):
            button.setProperty("role", "link")
            heading.addWidget(button)
        self.numbers_button.setProperty("role", "link")
        described = QHBoxLayout()
        described.addWidget(self._about, 1)
        described.addWidget(self.numbers_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(heading)
        column.addLayout(row)
        column.addWidget(self.patterns)
        column.addLayout(described)
        column.addWidget(self.patterns.sizes)
        column.addWidget(self._warning)
        self.retranslate()

    # --- what it shows

    def show_picture(self, loaded: LoadedPicture) -> None:
        """Show which picture is in use."""
        self._shown = loaded
        if self._place(loaded.key) == "":
            self._own = loaded
            self._thumbs[""].set_image(image_of(loaded.picture))
            self._thumbs[""].show()
        self._thumbs[self._place(loaded.key)].setChecked(True)
        self.patterns.show_key(loaded.key)
        if self._is_drawing(loaded.key) and loaded.key != self._drawing_key:  # after an undo in the lab, or after a restart
            self._drawing_key = loaded.key
            if self._pad is not None:
                self._pad.set_picture(loaded.picture)
        self.say(None)
        self.retranslate()

    @staticmethod
    def _place(key: str) -> str:
        """The name of a picture's thumb; empty for the user's own picture."""
        return key if key in OFFERED else key.partition(" ")[0] if is_pattern(key) else ""

    def _is_drawing(self, key: str) -> bool:
        return Path(key).name.startswith(DRAWN) and Path(key).parent == self._folder

    @property
    def shown(self) -> LoadedPicture | None:
        """The picture in use."""
        return self._shown

    def thumb(self, name: str) -> Thumb:
        """The button of a sample or a pattern; with an empty name that of the user's own picture."""
        return self._thumbs[name]

    @property
    def problem(self) -> PictureError | None:
        return self._problem

    @property
    def warning(self) -> str:
        """Why the last picture was refused; empty where it was not."""
        return self._warning.text() if self._problem is not None else ""

    @property
    def reason(self) -> QWidget:
        """The widget that shows `warning`."""
        return self._warning

    def busy(self) -> bool:
        return self._reader.busy()

    # --- sources

    def load(self, key: str) -> None:
        """Load a sample or a small pattern at once, a large pattern or a file in the reading thread."""
        if key in OFFERED:
            self._reader.forget()
            self.loaded.emit(LoadedPicture(key, sample(key)))
        elif is_pattern(key):
            self._reader.forget()
            self._load_pattern(key)
        elif is_numbers(key):
            self._reader.forget()
            self._load_numbers(key)
        else:
            self._reader.ask(Path(key))

    def give_up(self) -> None:
        """Forget the picture that is being read."""
        self._reader.forget()

    def _load_pattern(self, key: str) -> None:
        try:
            _, (channels, height, width) = pattern_parts(key)
        except PictureError as refusal:
            self._refused(refusal)
            return
        if channels * height * width <= AT_ONCE:
            self.loaded.emit(LoadedPicture(key, pattern(key)))
        else:
            self._reader.ask(key)

    def _load_numbers(self, key: str) -> None:
        try:
            self.loaded.emit(LoadedPicture(key, numbers(key)))
        except PictureError as refusal:
            self._refused(refusal)

    @Slot()
    def type_numbers(self) -> None:
        """Open a dialog in which numbers are typed, with those of the picture in use where they are few."""
        dialog = NumbersDialog(None if self._shown is None else self._shown.picture, self)
        dialog.taken.connect(self.load)
        dialog.open()

    @Slot()
    def draw(self) -> None:
        """Open the drawing pad beside the picker, with the last drawing."""
        if self._pad is None:
            self._pad = DrawingPad(self)
            self._pad.drawn.connect(self._drawn)
            self._pad.rested.connect(self._drawing_rested)
            if self._shown is not None and self._is_drawing(self._shown.key):
                self._pad.set_picture(self._shown.picture)
        pad = self._pad
        if not pad.isVisible():
            pad.adjustSize()
            place(pad, self.mapToGlobal(QPoint(self.width() + 40, self.height() - pad.height())))
        pad.show()
        pad.raise_()
        pad.activateWindow()
        pad.canvas.setFocus()
        if not pad.empty and (self._shown is None or not self._is_drawing(self._shown.key)):
            self._drawing_rested(pad.picture)

    @property
    def pad(self) -> DrawingPad | None:
        """The drawing pad; None before it is first opened."""
        return self._pad

    @Slot()
    def open_dialog(self) -> None:
        endings = " ".join(f"*.{ending}" for each in ENDINGS.values() for ending in each)
        pictures, others = self.tr("Pictures"), self.tr("All files")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a picture"), "", f"{pictures} ({endings});;{others} (*)")
        if name:
            self.load(name)

    @Slot()
    def paste(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData() or QMimeData())  # None for an empty clipboard

    @staticmethod
    def offers(mime: QMimeData) -> bool:
        """Whether a drop may contain a picture. TOML files are handled by the window."""
        setting = any(url.path().lower().endswith(".toml") for url in mime.urls())
        return (mime.hasImage() or mime.hasUrls()) and not setting

    def take(self, mime: QMimeData) -> None:
        """Load what was dropped or pasted: a file, or the pixels of a picture."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self._reader.ask(files[0])
            return
        if kind := next((each for each in ENDINGS if mime.hasFormat(f"image/{each}")), None):
            self._reader.ask(Pasted(bytes(mime.data(f"image/{kind}").data()), self._folder))
            return
        if any(each.startswith("image/") for each in mime.formats()):  # Qt would decode whatever it is
            lines = any(each.startswith("image/svg") for each in mime.formats())
            self._refused(PictureError("no_pixels" if lines else "not_a_picture", file=self.tr("The clipboard")))
            return
        if mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._reader.ask(Pasted(image, self._folder))
                return
        if mime.hasText() and not mime.hasUrls():
            self._take_text(mime.text())
            return
        self._refused(PictureError("not_local" if mime.hasUrls() else "nothing_to_paste"))

    def _take_text(self, text: str) -> None:
        """Numbers that were copied."""
        try:
            self.load(numbers_of(text))
        except PictureError as refusal:
            is_prose = not any(letter.isdigit() for letter in text)
            self._refused(PictureError("nothing_to_paste") if is_prose else refusal)

    def close_reader(self, timeout_s: float) -> bool:
        """End the reading thread and close the pad. Returns whether the thread ended in time."""
        if self._pad is not None:
            self._pad.close()
        return self._reader.close(timeout_s)

    # --- inside

    def _thumb_clicked(self, name: str) -> None:
        if self._shown is not None:  # the ring moves only when the picture is taken
            self._thumbs[self._place(self._shown.key)].setChecked(True)
        if name:
            self.load(name)
        elif self._own is not None:
            self.loaded.emit(self._own)

    @Slot(str)
    def _pattern_asked(self, key: str) -> None:
        if self._shown is not None:
            self._thumbs[self._place(self._shown.key)].setChecked(True)
            self.patterns.show_key(self._shown.key)
        self.load(key)

    @Slot(object)
    def _drawn(self, picture: Picture) -> None:
        """A stroke is being drawn: show it under the key of the last file."""
        if self._drawing_key:
            self._reader.forget()
            self.loaded.emit(LoadedPicture(self._drawing_key, picture))
        else:
            self._drawing_rested(picture)

    @Slot(object)
    def _drawing_rested(self, picture: Picture) -> None:
        """A stroke has ended: keep the drawing as a file of its own, so that undo returns to each stroke."""
        self._reader.forget()
        try:
            self._drawing_key = str(keep_picture(picture, self._folder, DRAWN, KEPT_DRAWINGS))
            problem = None
        except OSError:
            self._drawing_key = self._drawing_key or str(self._folder / f"{DRAWN}unkept.png")
            problem = PictureError("not_kept", folder=str(self._folder))
        self.loaded.emit(LoadedPicture(self._drawing_key, picture))
        if problem is not None:
            self.say(problem)

    @Slot(object)
    def _arrived(self, loaded: LoadedPicture) -> None:
        self.loaded.emit(loaded)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PictureError):
            raise error
        self.say(error)
        self.failed.emit()

    def say(self, problem: PictureError | None) -> None:
        """Show in place why a picture was refused; None: it was not."""
        self._problem = problem
        if problem is not None:
            self._warning.setText(say("pictures", problem.code, **problem.values))
        self._warning.setVisible(problem is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for name in (*OFFERED, ""):
            text = say("pictures", name) if name else self.tr("Own picture")
            self._thumbs[name].setAccessibleName(text)
            self._thumbs[name].setToolTip(text)
        self._title.setText(self.tr("Picture"))
        self.numbers_button.setText(self.tr("Numbers..."))
        self.numbers_button.setToolTip(self.tr("Type or paste a matrix of numbers: the example of a book, say"))
        self.draw_button.setText(self.tr("Draw..."))
        self.draw_button.setToolTip(self.tr("Draw a picture with a brush; the lab follows every stroke."))
        self.open_button.setText(self.tr("Open..."))
        self.open_button.setToolTip(
            self.tr("PNG, JPEG, WebP, GIF, BMP or TIFF, up to 64 megapixels. Dropping it anywhere here works too.")
        )
        self.paste_button.setText(self.tr("Paste"))
        self.paste_button.setToolTip(self.tr("A picture, a picture's file or rows of numbers from the clipboard (Ctrl+V)"))
        if self._problem is not None:
            self.say(self._problem)
        if self._shown is not None:
            self._about.setText(self._description(self._shown))

    def _description(self, loaded: LoadedPicture) -> str:
        name = printable(loaded.picture.name)
        if is_pattern(loaded.key):
            return say("pictures", self._place(loaded.key))  # the boxes show its shape
        if loaded.key in OFFERED:
            name = say("pictures", loaded.key)
        elif is_numbers(loaded.key):
            name = self.tr("Own numbers")
        elif self._is_drawing(loaded.key):
            name = self.tr("Drawing")
        elif Path(loaded.key).parent == self._folder:
            name = self.tr("Pasted picture")
        if len(name) > 28:
            name = f"{name[:18]}…{name[-9:]}"
        size = shape_text(loaded.picture.shape)
        if not loaded.picture.scaled:
            return f"{name} · {size}" if loaded.key in SAMPLES else f"{name}\n{size}"
        full = shape_text(loaded.picture.original[::-1])
        return self.tr("{name}\n{size}, scaled from {full}").format(name=name, size=size, full=full)
