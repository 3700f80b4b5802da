"""A lab that looks at a picture: it keeps the loaded picture, reads new ones, and takes dropped files.

A state names its picture by key (`gui.lab.picture_state`). It is the lab's state at once, and is shown when its picture has
been read.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec
from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from gui.lab.base import Lab, Services
from gui.lab.picture_state import PicturedState
from gui.shell.undo import StepKey
from gui.widgets.pictures.picture_files import LoadedPicture, sample
from gui.widgets.pictures.picture_picker import PicturePicker

StateT = TypeVar("StateT", bound=PicturedState)


class PicturedLab(Lab, Generic[StateT]):
    """A subclass shows a state in `_take` and gives `picker` a place."""

    def __init__(self, first: StateT, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = first
        self._loaded = LoadedPicture(first.picture, sample(first.picture))
        self._waiting: tuple[StateT, StepKey | None] | None = None  # a state whose picture is still being read, and its key
        self.picker = PicturePicker(services.runs_folder.parent / "pictures")
        self.picker.loaded.connect(self._picture_loaded)
        self.picker.failed.connect(self._picture_failed)
        self.setAcceptDrops(True)

    def state(self) -> StateT:
        return self._waiting[0] if self._waiting is not None else self._state

    def set_state(self, state: msgspec.Struct) -> None:
        self.step_to(state, None)

    def step_to(self, state: msgspec.Struct, key: StepKey | None = "") -> None:
        """Show `state` and remember it, both when its picture has been read."""
        assert isinstance(state, type(self._state))
        if state.picture == self._loaded.key:
            if self._waiting is not None:  # its picture would come as another edit
                self._waiting = None
                self.picker.give_up()
            self._take(state, key)
        else:
            self._waiting = (state, key)
            self.picker.load(state.picture)

    def _take(self, state: StateT, key: StepKey | None) -> None:
        """Make `state`, whose picture is loaded, the one that is shown, and remember it as `remember` says of `key`."""
        raise NotImplementedError

    def _with_picture(self, key: str) -> StateT:
        """The state with a picture that the user has chosen."""
        return msgspec.structs.replace(self._state, picture=key)

    @Slot(object)
    def _picture_loaded(self, loaded: LoadedPicture) -> None:
        waiting, self._waiting, self._loaded = self._waiting, None, loaded
        if waiting is not None and waiting[0].picture == loaded.key:
            self._take(*waiting)
        else:
            self._take(self._with_picture(loaded.key), "picture")

    @Slot()
    def _picture_failed(self) -> None:
        """Keep the picture; of a restored state, take everything else."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            problem = self.picker.problem
            state, key = waiting
            self._take(msgspec.structs.replace(state, picture=self._loaded.key), key)
            self.picker.say(problem)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.picker.offers(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.picker.take(event.mimeData())
