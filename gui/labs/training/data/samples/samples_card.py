"""The card of samples: small pictures of each class, curves, texts or rows of numbers, of the part that trains or of the one
that validates, page by page; a picture can be seen large.

Called by the view of the data.
"""

from __future__ import annotations

from typing import Protocol, cast

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.data.contents import DataContents, KeptSamples, PartContents
from engine.data.info import DataInfo
from engine.figures import full_count
from engine.words import printable
from gui.labs.training.data.data_view import DataView
from gui.labs.training.data.samples.large_sample import LargeSample
from gui.labs.training.data.samples.sample_sheet import MOST_ROWS, SampleSheet, SheetRow, picture_in
from gui.widgets.card import Card
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label

FEWEST_COLUMNS = 6  # of a sample (T, F) that is looked at as a picture


class PagedSamples(Protocol):
    """Samples that are shown page by page."""

    def show_samples(self, kept: KeptSamples, info: DataInfo, page: int) -> None: ...

    def pages(self, kept: KeptSamples) -> int: ...


def are_pictures(info: DataInfo) -> bool:
    """Whether samples are looked at as pictures: (C, H, W), or (T, F) whose rows are read one by one."""
    return info.task == "classification" and (
        len(info.input) == 3 or (len(info.input) == 2 and info.input[1] >= FEWEST_COLUMNS)
    )


class SamplesCard(Card):
    """`show_contents` shows data; `view_edited` carries how the user wants to look at them, a DataView."""

    view_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._contents: DataContents | None = None
        self._view = DataView()
        self._large: int | None = None  # the place of the sample that is seen large
        self.part = Segmented()
        self.before, self.after = QPushButton(), QPushButton()
        self.sheet, self.large = SampleSheet(), LargeSample()
        self.note = label("small", wraps=True)
        self._others: dict[str, QWidget] = {}  # made when they are first shown
        self.tools.addWidget(self.part)
        for button in (self.before, self.after):
            button.setProperty("role", "link")
            self.tools.addWidget(button)
        self.body.addWidget(self.sheet)
        self.body.addWidget(self.large)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.large.hide()
        self.part.chosen.connect(lambda part: self._edit(part=part, page=0))
        self.before.clicked.connect(lambda: self._turn(-1))
        self.after.clicked.connect(lambda: self._turn(1))
        self.sheet.opened.connect(self.open_sample)
        self.sheet.pages_changed.connect(self._show_turning)
        self.large.left.connect(self.close_sample)
        self.large.turned.connect(self._turn_large)
        self.retranslate()

    # --- what is shown

    def show_contents(self, contents: DataContents | None, view: DataView) -> None:
        """Show samples of `contents`, in that way."""
        if contents is not self._contents or view != self._view:
            self._large = None
        self._contents, self._view = contents, view
        self._show()

    @property
    def part_shown(self) -> PartContents:
        assert self._contents is not None
        return self._contents.part(self._view.part)

    @property
    def kind(self) -> str:
        """How samples are looked at: pictures, text, curves, points or rows."""
        assert self._contents is not None
        info = self._contents.info
        if are_pictures(info):
            return "pictures"
        if info.input == (2,) and info.task == "classification":
            return "points"
        return "text" if info.tokens else "curves" if len(info.input) == 2 else "rows"

    def samples(self, kind: str) -> PagedSamples:
        """The part of the card that shows samples of a kind other than pictures."""
        if kind not in self._others:
            self._others[kind] = made = self._made(kind)
            self.body.insertWidget(2, made)
        return cast("PagedSamples", self._others[kind])

    @staticmethod
    def _made(kind: str) -> QWidget:
        if kind == "points":
            from gui.labs.training.data.samples.point_samples import PointSamples

            return PointSamples()
        if kind == "rows":
            from gui.labs.training.data.samples.row_samples import RowSamples

            return RowSamples()
        from gui.labs.training.data.samples.sequence_samples import CurveSamples, TextSamples

        return TextSamples() if kind == "text" else CurveSamples()

    def _show(self) -> None:
        contents = self._contents
        kind = None if contents is None else self.kind
        self.part.set_current(self._view.part)
        self.part.setEnabled(contents is not None)
        large = kind == "pictures" and self._large is not None
        self.sheet.setVisible(kind == "pictures" and not large)
        self.large.setVisible(large)
        if kind is not None and kind != "pictures":
            self.samples(kind)
        for name, widget in self._others.items():
            widget.setVisible(name == kind)
        if contents is None or kind is None:
            self.note.setText("")
        elif kind == "pictures":
            self.sheet.show_rows(self.part_shown.kept, self._rows(), self._view.page)
            if self._large is not None:
                self.large.show_sample(picture_in(self.part_shown.kept, self._large), self._caption(self._large))
            self.note.setText("" if large else self._picture_note())
        else:
            kept = self.part_shown.kept
            self.samples(kind).show_samples(kept, contents.info, min(self._view.page, self._pages() - 1))
            self.note.setText(self._kept_note())
        self._show_turning()

    def _rows(self) -> list[SheetRow]:
        assert self._contents is not None
        kept = self.part_shown.kept
        names = self._contents.info.classes
        return [SheetRow(printable(name), kept.of_class(label)) for label, name in enumerate(names[:MOST_ROWS])]

    def _pages(self) -> int:
        if self._contents is None:
            return 1
        return self.sheet.pages if self.kind == "pictures" else self.samples(self.kind).pages(self.part_shown.kept)

    def _show_turning(self) -> None:
        pages = self._pages()
        page = min(self._view.page, pages - 1)
        for button, there in ((self.before, page > 0), (self.after, page < pages - 1)):
            button.setVisible(pages > 1 and self._large is None)
            button.setEnabled(there)

    def _picture_note(self) -> str:
        assert self._contents is not None
        parts = [self.tr("Double click or Enter: see it large.")]
        classes = len(self._contents.info.classes)
        if classes > MOST_ROWS:
            parts.append(
                self.tr("The first {shown} of {count} classes.").format(shown=full_count(MOST_ROWS), count=full_count(classes))
            )
        if note := self._kept_note():
            parts.append(note)
        return " ".join(parts)

    def _kept_note(self) -> str:
        part = self.part_shown
        if len(part.kept.numbers) == part.samples:
            return ""
        text = self.tr("{shown} of {count} samples can be looked at here.")
        return text.format(shown=full_count(len(part.kept.numbers)), count=full_count(part.samples))

    def _caption(self, place: int) -> str:
        assert self._contents is not None
        kept = self.part_shown.kept
        text = (
            self.tr("Training sample {number}: {name}")
            if self._view.part == "training"
            else self.tr("Validation sample {number}: {name}")
        )
        name = printable(self._contents.info.classes[int(kept.y[place])])
        return text.format(number=full_count(int(kept.numbers[place])), name=name)

    # --- what the user does

    def _edit(self, **changes: object) -> None:
        import msgspec

        self.view_edited.emit(msgspec.structs.replace(self._view, **changes))

    def _turn(self, by: int) -> None:
        page = min(self._view.page, self._pages() - 1) + by
        if 0 <= page < self._pages():
            self._edit(page=page)

    def open_sample(self, place: int) -> None:
        """Show the picture at `place`, among those that are kept, large."""
        self._large = place
        self._show()
        self.large.picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sample(self) -> None:
        """Back to all of them."""
        place, self._large = self._large, None
        self._show()
        if place is not None:
            self.sheet.choose(place)
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_large(self, by: int) -> None:
        """To the sample of the same class before or after."""
        if self._large is None:
            return
        kept = self.part_shown.kept
        alike = kept.of_class(int(kept.y[self._large]))
        place = int(np.searchsorted(alike, self._large)) + by
        if 0 <= place < len(alike):
            self.open_sample(int(alike[place]))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Samples"))
        self.part.set_choices([("training", self.tr("Training")), ("validation", self.tr("Validation"))])
        self.part.setAccessibleName(self.tr("Part of the data"))
        self.before.setText(self.tr("Previous"))
        self.after.setText(self.tr("Next"))
        self.before.setToolTip(self.tr("The samples before these"))
        self.after.setToolTip(self.tr("The samples after these"))
        self.sheet.setAccessibleName(self.tr("Samples by class"))
        self._show()
