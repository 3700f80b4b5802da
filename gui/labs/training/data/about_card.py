"""What a data set is, in words and figures, and the ways to one's own data.

Called by the view of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.data.contents import DataContents
from engine.data.found import Found
from engine.data.info import DataInfo
from engine.data.own.own_pictures import FoundPictures
from engine.figures import binary_size, full_count, measured, shape_text
from engine.words import printable
from gui.labs.training.data.own_buttons import OwnButtons
from gui.labs.training.data.picture_options import PictureOptions
from gui.shell.language import language, say
from gui.widgets.card import Card
from gui.widgets.labels import label, separator, set_text

AXES = {3: "(C, H, W)", 2: "(T, F)", 1: "(F)"}
NEAR_ZERO = 5e-5  # of a deviation: what is left of a mean that was taken away


class FactRows(QWidget):
    """Names at the left, what is so beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        while len(self._lines) < len(facts):
            name, value = label("muted"), label("worked", wraps=True)
            for column, part in enumerate((name, value)):
                self._grid.addWidget(part, len(self._lines), column, Qt.AlignmentFlag.AlignTop)
            self._lines.append((name, value))
        for number, line in enumerate(self._lines):
            for part in line:
                part.setVisible(number < len(facts))
            if number < len(facts):
                for part, text in zip(line, facts[number], strict=True):
                    set_text(part, text)

    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return [(name.text(), value.text()) for name, value in self._lines if not name.isHidden()]


class AboutCard(Card):
    """`show_found` shows what is known before the data are loaded, `show_contents` the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, role="heading")
        self._found: Found | None = None
        self._contents: DataContents | None = None
        self.about, self.notes = label("worked", wraps=True), label("fact", wraps=True)
        self.facts, self.pictures = FactRows(), PictureOptions()
        self.pictures.hide()
        self.again = QPushButton()
        self.again.setProperty("role", "link")
        self.again.hide()
        self.tools.addWidget(self.again)
        self._own_title = label("title")
        self.own = OwnButtons()
        own = QVBoxLayout()
        own.setSpacing(2)
        own.addWidget(self._own_title)
        own.addWidget(self.own)
        for part in (self.about, self.facts, self.pictures, self.notes, separator()):
            self.body.addWidget(part)
        self.body.addLayout(own)
        self.body.addStretch(1)
        self.retranslate()

    def show_found(self, found: Found) -> None:
        self._found, self._contents = found, None
        self.again.setVisible(found.data.path is not None)
        self.retranslate()

    def show_contents(self, contents: DataContents) -> None:
        self._contents = contents
        self.retranslate()

    def _facts(self, info: DataInfo) -> list[tuple[str, str]]:
        counts = self.tr("{count}: {train} train, {validation} validate")
        facts = [
            (
                self.tr("Samples"),
                counts.format(
                    count=full_count(info.samples), train=full_count(info.train), validation=full_count(info.validation)
                ),
            ),
            (self.tr("A sample"), self._sample(info)),
            (self.tr("To answer"), self._answer(info)),
        ]
        if (contents := self._contents) is not None:
            if not info.tokens:
                text = self.tr("{low} to {high}, mean {mean}, standard deviation {deviation}")
                mean_shown = contents.mean if abs(contents.mean) > NEAR_ZERO * contents.deviation else 0.0
                numbers = (contents.low, contents.high, mean_shown, contents.deviation)
                low, high, mean, deviation = map(measured, numbers)
                facts.append((self.tr("Values"), text.format(low=low, high=high, mean=mean, deviation=deviation)))
            facts.append((self.tr("In memory"), binary_size(contents.bytes)))
        if isinstance(self._found, FoundPictures) and self._found.smallest and self._found.largest:
            smallest, largest = shape_text(self._found.smallest), shape_text(self._found.largest)
            text = self.tr("{sizes} sizes, from {smallest} to {largest}") if self._found.sizes > 1 else "{smallest}"
            sizes = text.format(sizes=full_count(self._found.sizes), smallest=smallest, largest=largest)
            facts.append((self.tr("Files"), sizes))
            by = self.tr("by the names of the files") if self._found.by == "names" else self.tr("a folder each")
            facts.append((self.tr("Classes"), by))
        if info.folds is not None:
            text = self.tr("{fold} of {folds} validates")
            facts.append((self.tr("Fold"), text.format(fold=info.fold, folds=info.folds)))
        if info.path is not None:
            facts.append((self.tr("From"), printable(info.path)))
        return facts

    def _sample(self, info: DataInfo) -> str:
        if info.tokens:
            return self.tr("{length} characters, each one of {count}").format(
                length=shape_text(info.input), count=full_count(len(info.classes))
            )
        text = f"{shape_text(info.input)} {AXES.get(len(info.input), '')}".strip()
        if len(info.input) == 3:
            return text + ", " + (self.tr("grey") if info.input[0] == 1 else self.tr("RGB") if info.input[0] == 3 else "")
        return text

    def _answer(self, info: DataInfo) -> str:
        if info.task == "classification":
            return self.tr("one of {count} classes").format(count=full_count(info.outputs))
        if info.task == "next_token":
            return (
                self.tr("a character at every step, mostly the next one")
                if not info.continues
                else self.tr("at every step the next character")
            )
        if info.continues:
            return self.tr("at every step the next value")
        return (
            self.tr("one number") if info.target == (1,) else self.tr("{shape} numbers").format(shape=shape_text(info.target))
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._own_title.setText(self.tr("Data of your own"))
        self.again.setText(self.tr("Read again"))
        self.again.setToolTip(self.tr("Read the files anew: they have been changed"))
        found = self._found
        self.facts.setVisible(found is not None and found.info is not None)
        if found is None:
            return
        self.pictures.setVisible(isinstance(found, FoundPictures))
        self.pictures.show_data(found.data, found.info)
        name, path = found.data.name, found.data.path
        title = say("datasets", name)
        self.set_title(title if path is None else f"{title}: {printable(Path(path).name)}")
        self.about.setText(say("datasets", f"{name}.about"))
        if found.info is not None:
            self.facts.show_facts(self._facts(found.info))
        notes = [
            note.say(language()) for note in (found.info.reading if found.info else None, *found.notes) if note is not None
        ]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
