"""Augmentation, with a preview: eight training images as a batch would have them, computed in a thread of its own.

The preview draws from a generator of its own and touches no run."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from engine.data.info import Data, DataInfo
from engine.experiments.augmentation import Augmentation
from engine.experiments.check import takes_augmentation
from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.figures import in_digits
from gui.bridge import Latest
from gui.labs.training.settings.fold import Fold
from gui.shell.language import say
from gui.shell.theme import theme
from gui.widgets.forms.form import Form
from gui.widgets.labels import label, set_text

WORDS = "fields_augmentation"
SAMPLES, COLUMNS, GAP = 8, 4, 6
MOST_PX = 60.0

Pictures = NDArray[np.uint8]  # (N, H, W) or (N, H, W, 3)


class PreviewRequest(NamedTuple):
    """`draw` numbers the drawings: another one draws again."""

    data: Data
    seed: int
    how: Augmentation
    draw: int


class Augmented(NamedTuple):
    request: PreviewRequest
    pictures: Pictures


def previewed(request: PreviewRequest) -> Augmented:
    """The first images of the training data, as a batch would have them. Raises DatasetError."""
    import torch

    from engine.data.datasets import load
    from engine.training.recipe.augmenting import augmented

    torch.set_num_threads(1)  # of this thread
    images = load(request.data, seed=request.seed).x_train[:SAMPLES]
    images = augmented(images, request.how, torch.Generator().manual_seed(request.seed + 1 + request.draw))
    shown = (images.clamp(0.0, 1.0) * 255.0).round().to(torch.uint8)
    pictures = shown[:, 0] if shown.shape[1] != 3 else shown.permute(0, 2, 3, 1)
    return Augmented(request, np.ascontiguousarray(pictures.numpy()))


class AugmentationFold(Fold):
    redrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("augmentation", parent)
        self._experiment = Experiment()
        self._ready = False  # torch is there
        self._takes = False
        self._draw = 0
        self._asked: PreviewRequest | None = None
        self.form = Form(Augmentation, words=WORDS)
        self.note = label("muted", wraps=True)
        self.preview = PreviewPictures()
        self.again = QPushButton()
        self.again.setProperty("role", "link")
        self._pictures: Latest[PreviewRequest, Augmented] = Latest(previewed, self, name="augmentation")
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.again)
        self.rows.addWidget(self.form)
        self.rows.addWidget(self.note)
        self.rows.addWidget(self.preview)
        self.rows.addLayout(line)
        self.form.edited.connect(self._edited)
        self.again.clicked.connect(self._draw_again)
        self._pictures.answered.connect(self._show_pictures)
        self.retranslate()

    def torch_ready(self) -> None:
        self._ready = True
        self._ask()

    def close_fold(self, deadline_s: float) -> None:
        """End the preview's thread."""
        self._pictures.close(deadline_s)

    def show_experiment(self, experiment: Experiment, opened: Experiment, info: DataInfo | None) -> None:
        self._experiment = experiment
        self._takes = info is not None and takes_augmentation(info)
        how = experiment.training.augmentation
        self.form.show_value(how)
        self.form.setVisible(self._takes)
        self.preview.setVisible(self._takes)
        self.again.setVisible(self._takes)
        self._write(how)
        self._ask()

    def _write(self, how: Augmentation) -> None:
        if self._takes:
            text = self.tr("Each batch is drawn anew from the training data; the validation data stay as they are.")
        else:
            text = self.tr("These data are no images, so there is nothing to shift, turn or flip.")
        set_text(self.note, text)
        default = Augmentation()
        parts = [name for name in how.__struct_fields__ if getattr(how, name) != getattr(default, name)]
        values = {name: getattr(how, name) for name in parts}
        said = [
            say(WORDS, name) if value is True else f"{say(WORDS, name)} {in_digits(value)}" for name, value in values.items()
        ]
        self.tell(*(said or [self.tr("none")]))

    def opened(self) -> None:
        self._ask()

    def _ask(self) -> None:
        """Have the preview computed where it is looked at and not there yet."""
        if not (self._ready and self.is_open and self._takes):
            return
        experiment = self._experiment
        request = PreviewRequest(experiment.data, experiment.seed, experiment.training.augmentation, self._draw)
        if request != self._asked:
            self._asked = request
            self._pictures.ask(request)

    @Slot()
    def _draw_again(self) -> None:
        self._draw += 1
        self._ask()

    @Slot(object)
    def _show_pictures(self, found: Augmented) -> None:
        if found.request.data == self._experiment.data:
            self.preview.set_pictures(found.pictures)
            self.redrawn.emit()

    def _edited(self, how: msgspec.Struct) -> None:
        training = edited(self._experiment.training, augmentation=how)
        self.edited.emit(edited(self._experiment, training=training))

    def heads(self) -> list[QWidget]:
        return self.form.heads()

    def retranslate(self) -> None:
        self.set_title(self.tr("Augmentation"), self.tr("Images are changed a little each time they are trained on."))
        self.again.setText(self.tr("Draw again"))
        self.again.setToolTip(self.tr("Other random changes of the same images"))
        self.preview.setAccessibleName(self.tr("Eight training images after augmentation"))
        self._write(self._experiment.training.augmentation)


class PreviewPictures(QWidget):
    """Two rows of four pictures, enlarged without smoothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Pictures = np.zeros((0, 1, 1), np.uint8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(round(2 * MOST_PX + GAP))

    def set_pictures(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(COLUMNS * MOST_PX + (COLUMNS - 1) * GAP), round(2 * MOST_PX + GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(MOST_PX, (self.width() - (COLUMNS - 1) * GAP) / COLUMNS)
        for number in range(SAMPLES):
            place = QRectF(number % COLUMNS * (side + GAP), number // COLUMNS * (side + GAP), side, side)
            if number < len(self.pictures):
                painter.drawImage(place, _image(self.pictures[number]))
            painter.setPen(theme().line)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)


def _image(picture: Pictures) -> QImage:
    height, width = picture.shape[:2]
    colours = picture.ndim == 3
    kind = QImage.Format.Format_RGB888 if colours else QImage.Format.Format_Grayscale8
    return QImage(picture.tobytes(), width, height, width * (3 if colours else 1), kind).copy()
