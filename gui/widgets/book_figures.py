"""What a preset shows of a book: each figure, its band and the verdict, computed anew by `engine.books` beside the GUI thread.

What takes longer than a moment is computed when the user asks for it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.figures import measured
from gui.bridge import Latest
from gui.shell.language import language, say
from gui.shell.theme import set_role
from gui.widgets.figure_table import FigureTable
from gui.widgets.labels import label, separator, set_text

MOST_ROWS = 6  # of figures; more are told in the tip
WIDEST_PX = 240  # of the table in one line a row
NAME_LETTERS, BAND_LETTERS = 9, 12  # of a line, where the table would be wider
_PARTS = re.compile(r"[^ ~]*[ ~]+|[^ ~]+")
_MARKS = {"in_band": "✓", "out_of_band": "✗", "not_here": ""}


class _Answer(NamedTuple):
    """The experiment's title in both languages, its remarks, and its figures; None: not computed yet."""

    key: str
    titles: dict[str, str]
    remarks: dict[str, str]
    rows: tuple[tuple[str, float, float, float, str], ...] | None  # label, value, low, high, where the band comes from
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
    rows = tuple((each.label, each.value, each.low, each.high, each.origin) for each in found)
    return _Answer(key, titles, remarks, rows, verdict(found), is_long)


class BookFigures(QWidget):
    """`show_experiment` names an experiment of the books; its figures follow."""

    arrived = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._answer: _Answer | None = None
        self._known: dict[str, _Answer] = {}
        self._heading = label("muted", wraps=True)
        self._verdict = label("ok_line")
        self._table = FigureTable()
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
        column.addWidget(self._table)
        column.addWidget(self._remark)
        column.addWidget(self.compute)
        self._latest: Latest[tuple[str, bool], _Answer] = Latest(_ask, self, name="book-figures")
        self._latest.answered.connect(self._show)
        self.hide()

    def show_experiment(self, key: str) -> None:
        """Show the figures of an experiment ("1.20"); none for an empty key."""
        if key == self._key:
            return
        self._key, self._answer = key, self._known.get(key)
        if key and self._answer is None:
            self._latest.ask((key, False))
        self._write()

    def busy(self) -> bool:
        return self._latest.busy()

    def close_figures(self, deadline_s: float) -> None:
        self._latest.close(deadline_s)

    @property
    def texts(self) -> list[list[str]]:
        """The rows that are shown, each text in one line."""
        return [[text.replace("\n", "") for text in row] for row in self._table.texts()]

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
        set_text(self._heading, heading.format(book=say("books", f"book_{book}"), number=number))
        waits = answer is None or self._latest.busy()
        rows = answer.rows if answer is not None else None
        self.compute.setVisible(answer is not None and rows is None)
        self.compute.setEnabled(not waits)
        self.compute.setText(self.tr("Computing...") if waits else self.tr("Compute it now (minutes)"))
        self._table.setVisible(bool(rows))
        self._verdict.setVisible(bool(rows))
        self._remark.setVisible(answer is not None and bool(answer.remarks[language()]))
        if answer is None:
            return
        set_text(self._remark, answer.remarks[language()])
        self.setToolTip(answer.titles[language()])
        if not rows:
            return
        shown = [("", self.tr("here"), self.tr("expected")), *(self._row(*row) for row in rows[:MOST_ROWS])]
        tips = ["", *(self._tip(row[4]) for row in rows[:MOST_ROWS])]
        self._table.set_rows(shown, tips)
        if self._table.minimumSizeHint().width() > WIDEST_PX:  # it would widen the column that it stands in
            lines = [(_in_lines(name, NAME_LETTERS), value, _in_lines(band, BAND_LETTERS)) for name, value, band in shown]
            self._table.set_rows(lines, tips)
        inside = sum(low <= value <= high for _, value, low, high, _ in rows)
        word = self.tr("{right} of {count} in band").format(right=inside, count=len(rows))
        set_text(self._verdict, f"{_MARKS[answer.verdict]} {word}")
        set_role(self._verdict, "ok_line" if answer.verdict == "in_band" else "warn_line")
        rest = [" ".join(self._row(*row)) for row in rows[MOST_ROWS:]]
        self._table.setToolTip("\n".join(rest))

    def _row(self, name: str, value: float, low: float, high: float, _origin: str) -> tuple[str, str, str]:
        middle, half = (low + high) / 2, (high - low) / 2
        close = half <= 1e-3 * max(abs(middle), 1e-30)
        band = measured(middle, 6) if close else self.tr("{low} to {high}").format(low=measured(low), high=measured(high))
        return name, measured(value, 6), band

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


def _in_lines(text: str, letters: int) -> str:
    """A long text in short lines, which end behind a space or the sign of a range. Without the ends it is the same text."""
    lines = [""]
    for part in _PARTS.findall(text):
        if lines[-1] and len(lines[-1] + part.rstrip()) > letters:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
