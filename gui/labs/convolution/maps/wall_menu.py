"""The menu of the wall of maps: how the wall looks, and copying or saving the maps as a picture, as numbers or as a table.
Hides the files and the thread that computes all maps at full size. Called by the wall's card."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from engine.files import replace_file
from gui.bridge import Latest
from gui.labs.convolution.maps.layer_preview import ShownMaps
from gui.shell import saving
from gui.widgets.maps.feature_wall import FeatureWall


class WallMenu(QMenu):
    """`show_choices` marks how the wall looks, `set_shown` says which maps there are to save."""

    chosen = Signal(str, str)  # which choice (range, order, shows) the user has made, and its key

    def __init__(self, wall: FeatureWall, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._wall = wall
        self._shown: ShownMaps | None = None
        self._writer: Latest[tuple[ShownMaps, Path], Path] = Latest(_write_maps, self, name="maps-file")
        self._writer.answered.connect(self._written)
        self._writer.failed.connect(self._refused)
        self._target = Path()
        self.choices: dict[str, dict[str, QAction]] = {}
        for name, keys in (
            ("shows", ("feature", "activation")),
            ("range", ("map", "shared")),
            ("order", ("number", "activity")),
        ):
            group = QActionGroup(self)
            self.choices[name] = {}
            for key in keys:
                action = QAction(group)
                action.setCheckable(True)
                action.setData((name, key))
                self.choices[name][key] = action
                self.addAction(action)
            group.triggered.connect(self._choose)
            self.addSeparator()
        self.copy_picture, self.save_picture, self.save_maps, self.copy_table = (QAction(self) for _ in range(4))
        for action, slot in (
            (self.copy_picture, self._copy_picture),
            (self.save_picture, self._save_picture),
            (self.copy_table, self._copy_table),
            (self.save_maps, self._save_maps),
        ):
            action.triggered.connect(slot)
            self.addAction(action)
        self.set_shown(None)

    def show_choices(self, *, shows: str, offered: bool, shared: bool, order: str) -> None:
        """Mark how the wall looks. `offered`: there is an activation, so that maps can be shown before or after it."""
        taken = {"shows": shows, "range": "shared" if shared else "map", "order": order}
        for name, actions in self.choices.items():
            for key, action in actions.items():
                action.setChecked(key == taken[name])
        for action in self.choices["shows"].values():
            action.setVisible(offered)

    def set_shown(self, shown: ShownMaps | None) -> None:
        self._shown = shown
        for action in (self.copy_picture, self.save_picture, self.copy_table):
            action.setEnabled(shown is not None)
        self.save_maps.setEnabled(shown is not None and not self._writer.busy())

    def close_writer(self, deadline_s: float) -> None:
        """Wait for a file that is being written."""
        self._writer.close(deadline_s)

    def busy(self) -> bool:
        """Whether a file is still being written."""
        return self._writer.busy()

    # --- copying and saving

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(self._wall.picture())

    @Slot()
    def _copy_table(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(table(self._shown))

    @Slot()
    def _save_picture(self) -> None:
        picture = self._wall.picture()  # as it is seen now
        saving.ask_and_save(self._page, self.tr("Save the wall of maps"), "maps", ["PNG (*.png)"], lambda _path: _png(picture))

    @Slot()
    def _save_maps(self) -> None:
        """Compute the maps at full size and write them as numpy's (C, H, W) of float32, in a thread of its own."""
        path = saving.ask(self._page, self.tr("Save the maps' numbers"), "maps", ["NPY (*.npy)"])
        if path is not None and self._shown is not None:
            self._target = path
            self._writer.ask((self._shown, path))
            self.save_maps.setEnabled(False)

    @Slot(object)
    def _written(self, path: Path) -> None:
        self.save_maps.setEnabled(self._shown is not None)
        saving.report_saved(self._page, path)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self.save_maps.setEnabled(self._shown is not None)
        if not isinstance(error, OSError | MemoryError | RuntimeError):
            raise error
        saving.refuse(self._page, self.tr("Save the maps' numbers"), self._target, error)

    # --- words

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        name, key = action.data()
        self.chosen.emit(name, key)

    def retranslate(self) -> None:
        texts = {
            "shows": (self.tr("Feature maps, before the activation"), self.tr("Activation maps, after it")),
            "range": (self.tr("Colour range: each map its own"), self.tr("Colour range: shared by all maps")),
            "order": (self.tr("Order: by number"), self.tr("Order: most active first")),
        }
        for name, words in texts.items():
            for action, text in zip(self.choices[name].values(), words, strict=True):
                action.setText(text)
        self.copy_picture.setText(self.tr("Copy picture"))
        self.save_picture.setText(self.tr("Save picture (PNG)..."))
        self.save_maps.setText(self.tr("Save numbers (NumPy .npy)..."))
        self.copy_table.setText(self.tr("Copy sums and means as a table"))


def table(shown: ShownMaps) -> str:
    """A row for each map: its number, sum, mean, lowest and highest value, separated by tabs, as spreadsheets take them."""
    tiles = shown.tiles
    rows = ["map\tsum\tmean\tlowest\thighest"]
    for number in range(tiles.count):
        values = (tiles.total[number], tiles.mean[number], tiles.low[number], tiles.high[number])
        rows.append("\t".join([str(number), *(f"{float(value):.9g}" for value in values)]))
    return "\n".join(rows) + "\n"


def _write_maps(request: tuple[ShownMaps, Path]) -> Path:
    """In the writer's thread."""
    import torch

    torch.set_num_threads(1)
    shown, path = request
    content = BytesIO()
    np.save(content, shown.maps(), allow_pickle=False)
    replace_file(path, content.getvalue())
    return path


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
