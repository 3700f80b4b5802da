"""Choosing a picture: samples, patterns, a file, a drop, a paste, a drawing. Called by the labs that look at pictures.

Hides decoding: files are read in a thread of their own, upright as their camera held them, and scaled to the working size
while they are read. What cannot be taken is said in place, and the picture before it stays. Each picture has a key by which
`load` finds it again: a sample's name, a pattern's name and shape, a file's path; what was pasted or drawn is kept as a file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QImageIOHandler, QImageReader
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.files import replace_file
from engine.pictures import (
    COURSE,
    MOST_PIXELS,
    SAMPLES,
    Picture,
    PictureError,
    check_size,
    course,
    from_pixels,
    is_pattern,
    pattern,
    pattern_key,
    pattern_parts,
    sample_path,
    working_size,
)
from gui.bridge import Latest
from gui.shell.language import say
from gui.widgets.pictures.drawing_pad import DrawingPad
from gui.widgets.pictures.pattern_row import ON_THUMBS, PatternRow
from gui.widgets.pictures.thumb import Thumb

OFFERED = (*SAMPLES, COURSE)
PASTED, DRAWN = "pasted-", "drawn-"  # how the files begin that pastes and drawings are kept in
KEPT_PASTES = 12  # so that a remembered state still finds its picture
KEPT_DRAWINGS = 100  # one a stroke, so that undoing finds them
AT_ONCE = 2**18  # numbers of a pattern that is computed while the hand waits; larger ones in the reading thread
_MEBIBYTES = MOST_PIXELS * 8 // 2**20 + 1  # what one picture may take while it is decoded: eight bytes a pixel


@dataclass(frozen=True, eq=False)
class Loaded:
    """A picture and how to find it again: the name of a sample, a pattern's key, or a file's path."""

    key: str
    picture: Picture


@dataclass(frozen=True, eq=False)
class Pasted:
    """A picture from the clipboard or a drop, and the folder it will be kept in."""

    image: QImage
    folder: Path
    name: str = "clipboard.png"


def read_picture(path: Path) -> Picture:
    """Decode a file. Raises PictureError; the size is looked at before anything is decoded."""
    if not path.is_file():
        raise PictureError("missing", file=path.name)
    QImageReader.setAllocationLimit(_MEBIBYTES)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)  # as EXIF says
    if not reader.canRead():
        raise PictureError("not_a_picture", file=path.name)
    size = reader.size()
    if size.isValid():
        check_size(path.name, size.width(), size.height())
        reader.setScaledSize(QSize(*working_size(size.width(), size.height())))
    if bytes(reader.format().data()) == b"jpeg" and not _jpeg_has_its_end(path):
        raise PictureError("damaged", file=path.name)
    turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
    image = reader.read()
    if image.isNull():
        raise PictureError("damaged", file=path.name)
    if not size.isValid():
        size = image.size()
    original = (size.height(), size.width()) if turned else (size.width(), size.height())
    return picture_from(image, path.name, original)


def _jpeg_has_its_end(path: Path) -> bool:
    """Whether the end marker follows the last scan: a decoder fills up a JPEG that was cut off with grey and says nothing."""
    content = path.read_bytes()
    return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")


def picture_from(image: QImage, name: str, original: tuple[int, int] | None = None) -> Picture:
    """A decoded image as a Picture, scaled to the working size. Raises PictureError for one that is too large."""
    width, height = image.width(), image.height()
    check_size(name, width, height)
    grey = image.allGray()  # `isGrayscale` is false of black and white, and of grey ones with a palette
    smaller = QSize(*working_size(width, height))
    if smaller != image.size():
        image = image.scaled(smaller, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    return from_pixels(name, pixels, original or (width, height), grey=grey)


def image_of(picture: Picture, longest: int | None = None) -> QImage:
    """The picture as Qt paints it: three channels as red, green and blue; of any other number the first, in grey. Of one whose
    longer side is twice `longest` or more, every second cell along each axis, and so on: to be painted small."""
    _, height, width = picture.shape
    step = 1 if longest is None else max(1, max(height, width) // longest)
    return image_of_values(picture.values_CHW[:, ::step, ::step], picture.white)


def image_of_values(values_CHW: NDArray[np.float32], white: float = 1.0) -> QImage:  # noqa: N803  (named by its layout)
    """Three channels as red, green and blue; of any other number the first, in grey. Values from 0 to `white`."""
    values = values_CHW if len(values_CHW) == 3 else values_CHW[:1]
    height, width = values.shape[1:]
    rgb = np.empty((height, width, 4), np.uint8)
    rgb[:, :, :3] = np.rint(values.clip(0, white) * np.float32(255 / white)).astype(np.uint8).transpose(1, 2, 0)  # grey: to all
    rgb[:, :, 3] = 255
    return QImage(rgb.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


@cache
def sample(name: str) -> Picture:
    """One of the sample pictures, `OFFERED`."""
    return course() if name == COURSE else read_picture(sample_path(name))


def _load(request: Path | Pasted | str) -> Loaded:
    """In the reading thread. A text is a pattern's key."""
    name = request if isinstance(request, str) else request.name
    try:
        if isinstance(request, str):
            return Loaded(request, pattern(request))
        if isinstance(request, Pasted):
            picture = picture_from(request.image, request.name)
            return Loaded(str(_kept(picture, request.folder, PASTED, KEPT_PASTES)), picture)
        return Loaded(str(request), read_picture(request))
    except MemoryError:
        raise PictureError("no_memory", file=name) from None
    except OSError:
        raise PictureError("unreadable", file=request.folder.name if isinstance(request, Pasted) else name) from None


def _kept(picture: Picture, folder: Path, kind: str, most: int) -> Path:
    """Write a picture down under a name made of its content, so that it is there after a restart; the oldest of its kind go."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_of(picture).save(buffer, "PNG")  # type: ignore[call-overload]
    data = bytes(content.data())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}{hashlib.sha256(data).hexdigest()[:12]}.png"
    replace_file(path, data)
    kept = sorted(folder.glob(f"{kind}*.png"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[most:]:
        old.unlink(missing_ok=True)
    return path


class PicturePicker(QWidget):
    """Samples, patterns with their shape, the own picture, and buttons to draw, open and paste.

    `loaded` carries a Loaded that the user chose or that `load` was asked for; whether it is taken is the owner's matter, who
    then calls `show_picture`. `failed` says that nothing came of it; why stands in place.
    """

    loaded = Signal(object)
    failed = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._shown: Loaded | None = None
        self._own: Loaded | None = None
        self._problem: PictureError | None = None
        self._pad: DrawingPad | None = None
        self._drawing_key = ""  # of what is on the pad
        self._reader: Latest[Path | Pasted | str, Loaded] = Latest(_load, self, name="picture")
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(heading)
        column.addLayout(row)
        column.addWidget(self.patterns)
        column.addWidget(self._about)
        column.addWidget(self.patterns.sizes)
        column.addWidget(self._warning)
        self.retranslate()

    # --- what it shows

    def show_picture(self, loaded: Loaded) -> None:
        """Say which picture is in use."""
        self._shown = loaded
        if self._place(loaded.key) == "":
            self._own = loaded
            self._thumbs[""].set_image(image_of(loaded.picture))
            self._thumbs[""].show()
        self._thumbs[self._place(loaded.key)].setChecked(True)
        self.patterns.show_key(loaded.key)
        if self._is_drawing(loaded.key) and loaded.key != self._drawing_key:  # undone in the lab, or from before the restart
            self._drawing_key = loaded.key
            if self._pad is not None:
                self._pad.set_picture(loaded.picture)
        self.say(None)
        self.retranslate()

    @staticmethod
    def _place(key: str) -> str:
        """Under which name its thumb stands; the own picture's is empty."""
        return key if key in OFFERED else key.partition(" ")[0] if is_pattern(key) else ""

    def _is_drawing(self, key: str) -> bool:
        return Path(key).name.startswith(DRAWN) and Path(key).parent == self._folder

    @property
    def shown(self) -> Loaded | None:
        """The picture in use."""
        return self._shown

    def thumb(self, name: str) -> Thumb:
        """The button of a sample or a pattern, or of the own picture with an empty name."""
        return self._thumbs[name]

    @property
    def problem(self) -> PictureError | None:
        return self._problem

    @property
    def warning(self) -> str:
        """Why the last picture was not taken; empty when nothing is wrong."""
        return self._warning.text() if self._problem is not None else ""

    @property
    def reason(self) -> QWidget:
        """Where `warning` stands."""
        return self._warning

    def busy(self) -> bool:
        return self._reader.busy()

    # --- where pictures come from

    def load(self, key: str) -> None:
        """Fetch a sample or a pattern (at once, unless it is large) or a file (later)."""
        if key in OFFERED:
            self._reader.forget()
            self.loaded.emit(Loaded(key, sample(key)))
        elif is_pattern(key):
            self._reader.forget()
            self._load_pattern(key)
        else:
            self._reader.ask(Path(key))

    def _load_pattern(self, key: str) -> None:
        try:
            _, (channels, height, width) = pattern_parts(key)
        except PictureError as refusal:
            self._refused(refusal)
            return
        if channels * height * width <= AT_ONCE:
            self.loaded.emit(Loaded(key, pattern(key)))
        else:
            self._reader.ask(key)

    @Slot()
    def draw(self) -> None:
        """Open the drawing pad, beside this, with what was drawn last."""
        if self._pad is None:
            self._pad = DrawingPad(self)
            self._pad.drawn.connect(self._drawn)
            self._pad.rested.connect(self._drawing_rested)
            if self._shown is not None and self._is_drawing(self._shown.key):
                self._pad.set_picture(self._shown.picture)
        pad = self._pad
        if not pad.isVisible():
            corner = self.mapToGlobal(QPoint(self.width() + 40, self.height()))
            pad.adjustSize()
            pad.move(corner - QPoint(0, pad.height()))
        pad.show()
        pad.raise_()
        pad.activateWindow()
        pad.canvas.setFocus()
        if not pad.empty and (self._shown is None or not self._is_drawing(self._shown.key)):
            self._drawing_rested(pad.picture)

    @property
    def pad(self) -> DrawingPad | None:
        """The drawing pad, once it has been opened."""
        return self._pad

    @Slot()
    def open_dialog(self) -> None:
        endings = " ".join(sorted(f"*.{bytes(each.data()).decode()}" for each in QImageReader.supportedImageFormats()))
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a picture"), "", f"{self.tr('Pictures')} ({endings});;{self.tr('All files')} (*)"
        )
        if name:
            self.load(name)

    @Slot()
    def paste(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData() or QMimeData())  # none where the clipboard is empty

    @staticmethod
    def offers(mime: QMimeData) -> bool:
        """Whether a drop may hold a picture. A file with a setting is the window's."""
        setting = any(url.path().lower().endswith(".toml") for url in mime.urls())
        return (mime.hasImage() or mime.hasUrls()) and not setting

    def take(self, mime: QMimeData) -> None:
        """A picture that was dropped or pasted: a file, or the pixels themselves."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self._reader.ask(files[0])
            return
        if mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._reader.ask(Pasted(image, self._folder))
                return
        self._refused(PictureError("not_local" if mime.hasUrls() else "nothing_to_paste"))

    def close_reader(self, timeout_s: float) -> bool:
        """End the reading thread; the pad goes too. Whether it ended in time."""
        if self._pad is not None:
            self._pad.close()
        return self._reader.close(timeout_s)

    # --- inside

    def _thumb_clicked(self, name: str) -> None:
        if self._shown is not None:  # the ring moves when the picture is taken, not before
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
        """While the hand moves: the file that it belongs to is the last that was kept."""
        if self._drawing_key:
            self._reader.forget()
            self.loaded.emit(Loaded(self._drawing_key, picture))
        else:
            self._drawing_rested(picture)

    @Slot(object)
    def _drawing_rested(self, picture: Picture) -> None:
        """Keep it under a key of its own, so that the lab can go back to each stroke."""
        self._reader.forget()
        try:
            self._drawing_key = str(_kept(picture, self._folder, DRAWN, KEPT_DRAWINGS))
            problem = None
        except OSError:
            self._drawing_key = self._drawing_key or str(self._folder / f"{DRAWN}unkept.png")
            problem = PictureError("not_kept", folder=str(self._folder))
        self.loaded.emit(Loaded(self._drawing_key, picture))
        if problem is not None:
            self.say(problem)

    @Slot(object)
    def _arrived(self, loaded: Loaded) -> None:
        self.loaded.emit(loaded)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PictureError):
            raise error
        self.say(error)
        self.failed.emit()

    def say(self, problem: PictureError | None) -> None:
        """Say in place why a picture was not taken; None: nothing is wrong."""
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
        self.draw_button.setText(self.tr("Draw..."))
        self.draw_button.setToolTip(self.tr("Draw a picture with a brush; the lab follows every stroke."))
        self.open_button.setText(self.tr("Open..."))
        self.open_button.setToolTip(self.tr("Any picture of up to 64 megapixels. Dropping it anywhere here works too."))
        self.paste_button.setText(self.tr("Paste"))
        self.paste_button.setToolTip(self.tr("A picture or a picture's file from the clipboard (Ctrl+V)"))
        if self._problem is not None:
            self.say(self._problem)
        if self._shown is not None:
            self._about.setText(self._description(self._shown))

    def _description(self, loaded: Loaded) -> str:
        channels, height, width = loaded.picture.shape
        name = loaded.picture.name
        if is_pattern(loaded.key):
            return say("pictures", self._place(loaded.key))  # its shape stands in the boxes
        if loaded.key in OFFERED:
            name = say("pictures", loaded.key)
        elif self._is_drawing(loaded.key):
            name = self.tr("Drawing")
        elif Path(loaded.key).parent == self._folder:
            name = self.tr("Pasted picture")
        if len(name) > 28:
            name = f"{name[:18]}…{name[-9:]}"
        size = f"{channels} × {height} × {width}"
        if not loaded.picture.scaled:
            return f"{name} · {size}" if loaded.key in SAMPLES else f"{name}\n{size}"
        full = f"{loaded.picture.original[1]} × {loaded.picture.original[0]}"
        return self.tr("{name}\n{size}, scaled from {full}").format(name=name, size=size, full=full)
