"""Choosing a picture: samples, a file, a drop, a paste. Called by the labs that look at pictures.

Hides decoding: files are read in a thread of their own, upright as their camera held them, and scaled to the working size
while they are read. What cannot be taken is said in place, and the picture before it stays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QImageIOHandler, QImageReader, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
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
    sample_path,
    working_size,
)
from gui.bridge import Latest
from gui.shell.language import say
from gui.shell.theme import THEME, theme

THUMB_PX = 42
OFFERED = (*SAMPLES, COURSE)
KEPT_PASTES = 12  # pasted pictures that are kept, so that a remembered state still finds its picture
_MEBIBYTES = MOST_PIXELS * 8 // 2**20 + 1  # what one picture may take while it is decoded: eight bytes a pixel


@dataclass(frozen=True, eq=False)
class Loaded:
    """A picture and how to find it again: the name of a sample, or a file's path."""

    key: str
    picture: Picture


@dataclass(frozen=True, eq=False)
class Pasted:
    """A picture from the clipboard or a drop, and the folder it will be kept in."""

    image: QImage
    folder: Path


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
    grey = image.isGrayscale()
    smaller = QSize(*working_size(width, height))
    if smaller != image.size():
        image = image.scaled(smaller, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    return from_pixels(name, pixels, original or (width, height), grey=grey)


def image_of(picture: Picture) -> QImage:
    """The picture as Qt paints it."""
    _, height, width = picture.shape
    rgb = np.empty((height, width, 4), np.uint8)
    rgb[:, :, :3] = np.rint(picture.values_CHW.transpose(1, 2, 0) * (255 / picture.white))  # grey goes to all three
    rgb[:, :, 3] = 255
    return QImage(rgb.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


@cache
def sample(name: str) -> Picture:
    """One of the sample pictures, `OFFERED`."""
    return course() if name == COURSE else read_picture(sample_path(name))


def _load(request: Path | Pasted) -> Loaded:
    """In the reading thread."""
    try:
        if isinstance(request, Pasted):
            picture = picture_from(request.image, "clipboard.png")
            return Loaded(str(_kept(picture, request.folder)), picture)
        return Loaded(str(request), read_picture(request))
    except MemoryError:
        name = "clipboard.png" if isinstance(request, Pasted) else request.name
        raise PictureError("no_memory", file=name) from None
    except OSError:
        name = request.folder.name if isinstance(request, Pasted) else request.name
        raise PictureError("unreadable", file=name) from None


def _kept(picture: Picture, folder: Path) -> Path:
    """Write a pasted picture down, so that it is there after a restart; the oldest ones go."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_of(picture).save(buffer, "PNG")  # type: ignore[call-overload]
    data = bytes(content.data())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"pasted-{hashlib.sha256(data).hexdigest()[:12]}.png"
    replace_file(path, data)
    pastes = sorted(folder.glob("pasted-*.png"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in pastes[KEPT_PASTES:]:
        old.unlink(missing_ok=True)
    return path


class Thumb(QAbstractButton):
    """A small picture to choose, with a ring while it is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFixedSize(THUMB_PX, THUMB_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image = QImage()
        THEME.changed.connect(self.update)

    def set_image(self, image: QImage) -> None:
        """Cut to the middle square."""
        side = min(image.width(), image.height())
        left, top = (image.width() - side) // 2, (image.height() - side) // 2
        pixels = round(THUMB_PX * self.devicePixelRatioF())
        mode = Qt.TransformationMode.SmoothTransformation if side > pixels else Qt.TransformationMode.FastTransformation
        self._image = image.copy(left, top, side, side).scaled(pixels, pixels, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        path = QPainterPath()
        path.addRoundedRect(inner, 4, 4)
        painter.setClipPath(path)
        painter.drawImage(inner, self._image)
        painter.setClipping(False)
        ring = now.accent if self.isChecked() else now.line
        painter.setPen(QPen(ring, 2 if self.isChecked() else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(now.text, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(inner, 4, 4)


class PicturePicker(QWidget):
    """Samples, the own picture, and buttons to open and paste.

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
        self._reader: Latest[Path | Pasted, Loaded] = Latest(_load, self, name="picture")
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
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setProperty("role", "muted")
        self._warning = QLabel()
        self._warning.setProperty("role", "warning")
        self._warning.setWordWrap(True)
        self._warning.hide()
        self.open_button, self.paste_button = QPushButton(), QPushButton()
        self.open_button.clicked.connect(self.open_dialog)
        self.paste_button.clicked.connect(self.paste)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        heading = QHBoxLayout()
        heading.setSpacing(0)
        heading.addWidget(self._title)
        heading.addStretch(1)
        for button in (self.open_button, self.paste_button):
            button.setProperty("role", "link")
            heading.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(heading)
        column.addLayout(row)
        column.addWidget(self._about)
        column.addWidget(self._warning)
        self.retranslate()

    # --- what it shows

    def show_picture(self, loaded: Loaded) -> None:
        """Say which picture is in use."""
        self._shown = loaded
        if loaded.key not in OFFERED:
            self._own = loaded
            self._thumbs[""].set_image(image_of(loaded.picture))
            self._thumbs[""].show()
        self._thumbs[loaded.key if loaded.key in OFFERED else ""].setChecked(True)
        self.say(None)
        self.retranslate()

    @property
    def shown(self) -> Loaded | None:
        """The picture in use."""
        return self._shown

    def thumb(self, name: str) -> Thumb:
        """The button of a sample, or of the own picture with an empty name."""
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
        """Fetch a sample (at once) or a file (later)."""
        if key in OFFERED:
            self._reader.forget()
            self.loaded.emit(Loaded(key, sample(key)))
        else:
            self._reader.ask(Path(key))

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
        self.take(QGuiApplication.clipboard().mimeData())

    @staticmethod
    def offers(mime: QMimeData) -> bool:
        """Whether a drop may hold a picture."""
        return mime.hasImage() or mime.hasUrls()

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
        return self._reader.close(timeout_s)

    # --- inside

    def _thumb_clicked(self, name: str) -> None:
        if self._shown is not None:  # the ring moves when the picture is taken, not before
            self._thumbs[self._shown.key if self._shown.key in OFFERED else ""].setChecked(True)
        if name:
            self.load(name)
        elif self._own is not None:
            self.loaded.emit(self._own)

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
        for name, thumb in self._thumbs.items():
            text = say("pictures", name) if name else self.tr("Own picture")
            thumb.setAccessibleName(text)
            thumb.setToolTip(text)
        self._title.setText(self.tr("Picture"))
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
        if loaded.key in OFFERED:
            name = say("pictures", loaded.key)
        elif Path(loaded.key).parent == self._folder:
            name = self.tr("Pasted picture")
        if len(name) > 28:
            name = f"{name[:18]}…{name[-9:]}"
        size = f"{channels} × {height} × {width}"
        if not loaded.picture.scaled:
            return f"{name} · {size}" if loaded.key in SAMPLES else f"{name}\n{size}"
        full = f"{loaded.picture.original[1]} × {loaded.picture.original[0]}"
        return self.tr("{name}\n{size}, scaled from {full}").format(name=name, size=size, full=full)
