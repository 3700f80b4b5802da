"""A text of the data with what the network says comes next, and a text that it writes by itself: the probabilities of the
character under the pointer as bars.

Called by the page of predictions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.fields import Field
from engine.figures import beside_one, full_count, percent
from engine.sequences.text_sampling import MOST_TEMPERATURE, NextCharacters, NoTextError, WrittenText, shown_shares
from engine.words import Phrase
from gui.labs.sequence.predicting.character_sheet import CharacterSheet, seen
from gui.labs.sequence.predicting.predict_questions import TextAnswers, TextQuestion
from gui.labs.sequence.predicting.share_bars import ShareBars
from gui.shell.language import language
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.forms.text_line import TextLine
from gui.widgets.labels import label, separator, set_text
from gui.widgets.one_line import OneLine

BARS = 6  # likeliest characters, and a row for all others
WIDE_PX = 440  # for bars and controls beside the texts
BARS_PX = (204, 250)  # of their column, at least and at most
BARS_PART = 0.36  # of the page
UNLIMITED = 16_777_215  # pixels, Qt's own
CONTEXT = 12  # characters before the one that is told of
MOST_SEED = 2**31 - 1


class TextView(QWidget):
    """`writing_edited` carries a TextQuestion: how the network is to write from now on."""

    writing_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.writing = TextQuestion(0, "scores")
        self._found: TextAnswers | None = None
        self._tokens: dict[str, int] = {}
        self._told = "sample"  # whose character the bars are of
        self.title, self.score = label("muted"), OneLine("muted")
        self.sheet, self.written = CharacterSheet(), CharacterSheet()
        self.bars_head, self.truth = label("worked", wraps=True), label("small", wraps=True)
        self.bars = ShareBars()
        self.prompt, self.again = TextLine(), QPushButton()
        self.warning = label("warning", wraps=True)
        self.prompt_name, self.problem, self.written_title = label("muted"), label("warning", wraps=True), label("muted")
        self.again.setProperty("role", "compact")
        self.temperature = NumberRow(
            Field(name="temperature", kind="number", low=0.0, high=MOST_TEMPERATURE, slider=(0.0, 2.0), step=0.05, default=1.0)
        )
        self.top_k = NumberRow(
            Field(name="top_k", kind="integer", low=1, high=100_000, slider=(1, 30), default=None, optional=True)
        )
        self.seed = NumberRow(Field(name="seed", kind="integer", low=0, high=MOST_SEED, slider=(0, 100), default=0))
        self._lay_out()
        self.sheet.pointed.connect(lambda _number: self._tell("sample"))
        self.written.pointed.connect(lambda _number: self._tell("written"))
        self.prompt.textEdited.connect(lambda text: self._edit(prompt=text))
        self.temperature.value_changed.connect(lambda value: self._edit(temperature=float(value)))
        self.top_k.value_changed.connect(lambda value: self._edit(top_k=None if value is None else int(value)))
        self.seed.value_changed.connect(lambda value: self._edit(seed=int(value)))
        self.again.clicked.connect(self.write_again)
        self.retranslate()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("role", "page")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(6)
        prompt = QHBoxLayout()
        prompt.setSpacing(8)
        prompt.addWidget(self.prompt_name)
        prompt.addWidget(self.prompt, 1)
        prompt.addWidget(self.again)
        above: tuple[QWidget, ...] = (self.title, self.sheet, separator(), self.written_title)
        below: tuple[QWidget, ...] = (self.problem, self.written)
        for part in above:
            rows.addWidget(part)
        rows.addLayout(prompt)
        for part in below:
            rows.addWidget(part)
        self._controls = QWidget()
        controls = QVBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(4)
        for row in (self.temperature, self.top_k, self.seed):
            controls.addWidget(row)
        rows.addWidget(self._controls)
        rows.addStretch(1)
        self._rows = rows
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_room_for_bar(self.area)
        self.area.setWidget(inner)
        self._told_part = QWidget()
        self._told_rows = told = QVBoxLayout(self._told_part)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(6)
        bars: tuple[QWidget, ...] = (self.bars_head, self.bars, self.truth)
        for part in bars:
            told.addWidget(part)
        told.addStretch(1)
        self._line = separator()
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._both.setSpacing(8)
        self._both.addWidget(self.area, 1)
        self._both.addWidget(self._line)
        self._both.addWidget(self._told_part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.score)
        column.addWidget(self.warning)
        column.addLayout(self._both, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the texts, where there is room, the bars and below them how the network is to write; else the bars below the
        texts."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE_PX
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._line.setVisible(not wide)
        across = min(max(int(BARS_PART * self.width()), BARS_PX[0]), BARS_PX[1])
        self._told_part.setMinimumWidth(across if wide else 0)
        self._told_part.setMaximumWidth(across if wide else UNLIMITED)
        if (self._told_rows.indexOf(self._controls) >= 0) != wide:
            if wide:
                self._told_rows.addWidget(self._controls)
            else:
                self._rows.insertWidget(self._rows.count() - 1, self._controls)

    # --- what is shown

    def show_text(self, found: TextAnswers) -> None:
        self._found = found
        text = found.next
        self._tokens = {letter: number for number, letter in enumerate(text.vocabulary)}
        self.sheet.set_text(text.text, self._given(text))
        if isinstance(found.written, WrittenText):
            self._show_written(found.written)
            self.problem.hide()
            self.written.show()
        else:
            set_text(self.problem, found.written.message(language()))
            self.prompt.setPlaceholderText("")
            self.problem.show()
            self.written.hide()
        self._write_score(text)
        set_text(self.warning, has_read_the_next() if text.has_read_the_answer else "")
        self.warning.setVisible(text.has_read_the_answer)
        self._tell(self._told)

    def _given(self, text: NextCharacters) -> NDArray[np.float64]:
        """The probability of each character of the text after those before it; nothing says it of the first."""
        tokens = [self._tokens[letter] for letter in text.text[1:]]
        return np.array([np.nan, *(text.probabilities[k, token] for k, token in enumerate(tokens))])

    def _show_written(self, written: WrittenText) -> None:
        tokens = [self._tokens[letter] for letter in written.written]
        shares = [float(written.probabilities[k, token]) for k, token in enumerate(tokens)]
        quiet = len(written.prompt)
        self.written.set_text(written.prompt + written.written, np.array([np.nan] * quiet + shares), quiet=quiet)
        if not self.prompt.hasFocus() and not self.writing.prompt:
            self.prompt.setPlaceholderText("".join(map(seen, written.prompt)))

    def _write_score(self, text: NextCharacters) -> None:
        values = {
            "one": beside_one(text.perplexity, 3),
            "all": beside_one(text.perplexity_of_all, 3),
            "count": full_count(len(text.vocabulary)),
        }
        self.score.set_text(
            self.tr("Perplexity {one}, of all validation texts {all}; {count} would be pure guessing").format(**values),
            self.tr("Perplexity {one}, of all {all}; guessing {count}").format(**values),
            self.tr("Perplexity {one}").format(**values),
            tip=self.tr("Among how many characters the network hesitates: exp of the mean of −ln p(true character)."),
        )

    def _tell(self, which: str) -> None:
        """The bars of the character under the pointer, of the sample or of what was written."""
        self._told = which
        if self._found is None:
            return
        if which == "written" and isinstance(self._found.written, WrittenText):
            self._tell_written(self._found.written)
        else:
            self._tell_sample(self._found.next)

    def _tell_sample(self, text: NextCharacters) -> None:
        number = self.sheet.current
        truth = self._tokens[text.truth[number]]
        before = text.text[max(0, number + 1 - CONTEXT) : number + 1]
        head = self.tr("What comes after “{before}”?").format(before="".join(map(seen, before)))
        self._show_bars(head, text.probabilities[number], truth)
        true = self.tr("True: “{character}”, {share}")
        share = percent(float(text.probabilities[number, truth]), fine=True)
        set_text(self.truth, true.format(character=seen(text.truth[number]), share=share))

    def _tell_written(self, written: WrittenText) -> None:
        number = self.written.current - len(written.prompt)
        if number < 0:
            set_text(self.bars_head, self.tr("This is the beginning that was given; the network writes after it."))
            self.bars.show_shares((), (), "", None, rows=BARS + 1)
            set_text(self.truth, "")
            return
        token = self._tokens[written.written[number]]
        whole = written.prompt + written.written
        place = self.written.current
        head = self.tr("Drawn after “{before}”:").format(before="".join(map(seen, whole[max(0, place - CONTEXT) : place])))
        self._show_bars(head, written.probabilities[number], token)
        drawn = self.tr("Drawn: “{character}”, {share} before temperature and top-k, {used} with them")
        values = {
            "character": seen(written.written[number]),
            "share": percent(float(written.probabilities[number, token]), fine=True),
            "used": percent(float(written.drawn_with[number]), fine=True),
        }
        set_text(self.truth, drawn.format(**values))

    def _show_bars(self, head: str, probabilities: NDArray[np.float64], marked: int) -> None:
        assert self._found is not None
        set_text(self.bars_head, head)
        shares = shown_shares(probabilities, BARS)
        left = len(probabilities) - sum(found.token >= 0 for found in shares)
        others = self.tr("other {count}").format(count=full_count(left))
        self.bars.show_shares(shares, self._found.next.vocabulary, others, marked, rows=BARS + 1)

    # --- what the user does

    def _edit(self, **changes: object) -> None:
        self.writing = replace(self.writing, **changes)  # type: ignore[arg-type]
        self._told = "written"
        self.writing_edited.emit(self.writing)

    @Slot()
    def write_again(self) -> None:
        """Another text: with the next seed."""
        seed = (self.writing.seed + 1) % (MOST_SEED + 1)
        self.seed.set_value(seed)
        self._edit(seed=seed)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self.title, self.tr("A validation text (the deeper the ground, the surer the network was of the character)"))
        self.title.setWordWrap(True)
        set_text(self.written_title, self.tr("Written by the network"))
        self.sheet.setAccessibleName(self.tr("Characters of the sample"))
        self.written.setAccessibleName(self.tr("Characters that the network has written"))
        self.bars.setAccessibleName(self.tr("Probabilities of the next character"))
        set_text(self.prompt_name, self.tr("Beginning"))
        self.prompt.setAccessibleName(self.tr("Beginning"))
        self.prompt.setToolTip(self.tr("The network reads this and goes on. Empty: the beginning of the validation text."))
        self.again.setText(self.tr("Again"))
        self.again.setToolTip(self.tr("Another text, drawn with the next seed"))
        self.temperature.set_label(
            self.tr("Temperature"),
            self.tr(
                "Probabilities to the power of 1 / temperature. 0 always takes the likeliest character, above 1 is bolder."
            ),
        )
        self.top_k.set_label(self.tr("Top-k"), self.tr("Draw from so many likeliest characters only"))
        self.seed.set_label(self.tr("Seed"), self.tr("The same seed draws the same text from the same network"))
        heads = [row.head for row in (self.temperature, self.top_k, self.seed)]
        needed = max(head.sizeHint().width() for head in heads)
        for head in heads:  # no wider than their words: they stand in a narrow column
            head.setMinimumWidth(needed)
        if self._found is not None:
            self.show_text(self._found)


def has_read_the_next() -> str:
    """Why a perplexity is worth nothing."""
    return Phrase(NoTextError.TABLE, "has_read_the_next").say(language())
