"""What a preset shows of a book: each figure, its band and the verdict, computed anew by `engine.books` beside the GUI thread.

What takes longer than a moment is computed when the user asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.figures import measured
from gui.bridge import Latest
from gui.shell.language import language, say
from gui.shell.theme import set_role
from gui.widgets.labels import label, separator, set_text

if TYPE_CHECKING:
    from engine.books.reproduced import BookFigure

MOST_ROWS = 6  # of figures; more are told in the tip
_MARKS = {"in_band": "✓", "out_of_band": "✗", "not_here": ""}


class _Answer(NamedTuple):
    """The experiment's title in both languages, its remarks, and its figures; None: not computed yet."""

    key: str
    titles: dict[str, str]
    remarks: dict[str, str]
    rows: tuple[BookFigure, ...] | None
    verdict: str
    is_long: bool


def _ask(question: tuple[str, bool]) -> _Answer:
    """In its thread: the figures of an experiment; without them where they take minutes and were not asked for."""
    from engine.books.all_experiments import LONG, experiment_named
    from engine.books.reproduced import verdict

    key, wanted = question
    one = experiment_named(key)
    assert one is not None, key
    titles = {each: one.title(each) for each in ("en", "ko")}
    remarks = {each: one.remark_in(each) for each in ("en", "ko")}
    is_long = key in LONG
    if one.compute is None or (is_long and not wanted):
        return _Answer(key, titles, remarks, None if is_long else (), "not_here", is_long)
    found = one.compute()
    return _Answer(key, titles, remarks, tuple(found), verdict(found), is_long)


class BookFigures(QWidget):
    """`show_experiment` names an experiment of the books; its figures follow."""

    arrived = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._changed = "", False
        self._answer: _Answer | None = None
        self._known: dict[str, _Answer] = {}
        self._heading = label("muted", wraps=True)
        self._verdict = label("ok_line")
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []  # name, value, band of each figure
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._remark = label("small", wraps=True)
        self.compute = QPushButton()
        self.compute.setProperty("role", "offer")
        self.compute.clicked.connect(self._compute)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(separator())
        column.addWidget(self._heading)
        column.addWidget(self._verdict)
        column.addLayout(self._grid)
        column.addWidget(self._remark)
        column.addWidget(self.compute)
        self._latest: Latest[tuple[str, bool], _Answer] = Latest(_ask, self, name="book-figures")
        self._latest.answered.connect(self._show)
        self.hide()

    def show_experiment(self, key: str, *, changed: bool = False) -> None:
        """Show the figures of an experiment ("1.20"); none for an empty key. `changed`: what is on the screen is set otherwise
        than the experiment, which the figures say."""
        if (key, changed) == (self._key, self._changed):
            return
        if key != self._key:
            self._key, self._answer = key, self._known.get(key)
            if key and self._answer is None:
                self._latest.ask((key, False))
        self._changed = changed
        self._write()

    def busy(self) -> bool:
        return self._latest.busy()

    def close_figures(self, deadline_s: float) -> None:
        self._latest.close(deadline_s)

    @property
    def texts(self) -> list[list[str]]:
        """The figures that are shown: name, value and band of each."""
        return [[each.text() for each in row] for row in self._rows if not row[0].isHidden()]

    @Slot()
    def _compute(self) -> None:
        self._latest.ask((self._key, True))
        self._write()

    @Slot(object)
    def _show(self, answer: _Answer) -> None:
        if answer.rows is not None:
            self._known[answer.key] = answer
        if answer.key == self._key:
            self._answer = answer
            self._write()
            self.arrived.emit()

    def _write(self) -> None:
        answer = self._answer
        self.setVisible(bool(self._key))
        if not self._key:
            return
        book, number = self._key.split(".")
        heading = self.tr("As in {book}, experiment {number}")
        said = heading.format(book=say("books", f"book_{book}"), number=number)
        if self._changed:
            said += "\n" + self.tr("With the preset's settings, not with your changes:")
        set_text(self._heading, said)
        waits = answer is None or self._latest.busy()
        rows = answer.rows if answer is not None else None
        self.compute.setVisible(answer is not None and rows is None)
        self.compute.setEnabled(not waits)
        self.compute.setText(self.tr("Computing...") if waits else self.tr("Compute it now (minutes)"))
        self._verdict.setVisible(bool(rows))
        self._remark.setVisible(answer is not None and bool(answer.remarks[language()]))
        self._show_rows(rows or ())
        if answer is None:
            return
        set_text(self._remark, answer.remarks[language()])
        self.setToolTip(answer.titles[language()])
        if not rows:
            return
        inside = sum(each.in_band for each in rows)
        word = self.tr("{right} of {count} in band").format(right=inside, count=len(rows))
        set_text(self._verdict, f"{_MARKS[answer.verdict]} {word}")
        set_role(self._verdict, "ok_line" if answer.verdict == "in_band" else "warn_line")

    def _show_rows(self, rows: Sequence[BookFigure]) -> None:
        """A name and its value, and the band below: in the narrow column names break into lines."""
        while len(self._rows) < min(len(rows), MOST_ROWS):
            name, value, band = label("worked", wraps=True), label("worked"), label("small", wraps=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            band.setContentsMargins(0, 0, 0, 3)
            at = 2 * len(self._rows)
            self._grid.addWidget(name, at, 0)
            self._grid.addWidget(value, at, 1)
            self._grid.addWidget(band, at + 1, 0, 1, 2)
            self._rows.append((name, value, band))
        told = "\n".join("  ".join(self._row(each)) for each in rows[MOST_ROWS:])
        for number, labels in enumerate(self._rows):
            there = number < len(rows)
            for each, text in zip(labels, self._row(rows[number]) if there else ("", "", ""), strict=True):
                each.setVisible(there)
                set_text(each, text)
                each.setToolTip("\n\n".join(filter(None, (self._tip(rows[number].origin), told))) if there else "")

    def _row(self, figure: BookFigure) -> tuple[str, str, str]:
        low, high = figure.low, figure.high
        middle, half = (low + high) / 2, (high - low) / 2
        close = figure.origin == "printed" or half <= 2e-3 * abs(middle)
        band = measured(middle) if close else self.tr("{low} to {high}").format(low=measured(low), high=measured(high))
        return figure.label_in(language()), measured(figure.value), self.tr("expected: {band}").format(band=band)

    def _tip(self, origin: str) -> str:
        return {
            "printed": self.tr("The book prints this figure."),
            "derived": self.tr("Theory gives the band of this figure: what chance or rounding leaves of it."),
            "counted": self.tr("This figure is counted: it comes out exactly."),
            "measured": self.tr("This figure hangs on random draws; the band is what others have measured."),
        }[origin]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()
