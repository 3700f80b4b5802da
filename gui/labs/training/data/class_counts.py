"""How many samples each class has, in the part that trains and in the one that validates, as bars; of a text how often each
character is read, of a regression how the targets are spread.

Called by the view of the data. Its plots are made when there is something to show: the window is painted before plots are
imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.data.contents import DataContents, PartContents
from engine.figures import full_count, percent
from engine.words import printable
from gui.labs.training.data.samples.spelled_text import SIGNS
from gui.widgets.card import Card
from gui.widgets.labels import label

if TYPE_CHECKING:
    from gui.plots.bars import Bar, Bars
    from gui.plots.histogram import Histogram

MOST_BARS = 60  # of a part: more are not read
MOST_LETTERS = 24
SPREAD_PX = 150


class ClassCounts(Card):
    """`bars`, by the name of their part, and `spread` are there once something has been shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._contents: DataContents | None = None
        self.bars: dict[str, Bars] = {}
        self.spread: Histogram | None = None
        self.heads = {name: label("muted") for name in ("training", "validation")}
        self.note = label("small", wraps=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for column, head in enumerate(self.heads.values()):
            self._grid.addWidget(head, 0, column)
            self._grid.setColumnStretch(column, 1)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.retranslate()

    def _make_plots(self) -> Histogram:
        from gui.plots.bars import Bars
        from gui.plots.histogram import Histogram

        self.bars = {name: Bars() for name in self.heads}
        for column, bars in enumerate(self.bars.values()):
            self._grid.addWidget(bars, 1, column)
        self.spread = Histogram()
        self.spread.setFixedHeight(SPREAD_PX)
        self.body.insertWidget(1, self.spread)
        return self.spread

    def show_contents(self, contents: DataContents | None) -> None:
        self._contents = contents
        self.retranslate()

    def _bars_of(self, contents: DataContents, part: PartContents, colour: int) -> list[Bar]:
        from gui.plots.bars import Bar

        names = contents.info.classes
        shown = range(len(names))
        if contents.info.tokens:
            shown = sorted(shown, key=lambda label: -contents.train.counts[label])[:MOST_LETTERS]  # type: ignore[assignment]
        return [
            Bar(printable(SIGNS.get(names[label], names[label])), part.counts[label], colour)
            for label in list(shown)[:MOST_BARS]
        ]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        contents = self._contents
        self.set_title(self._heading())
        self.note.setText("")
        if contents is None:
            return
        spread = self.spread or self._make_plots()
        self.bars["training"].setAccessibleName(self.tr("Training samples of each class"))
        self.bars["validation"].setAccessibleName(self.tr("Validation samples of each class"))
        spread.setAccessibleName(self.tr("Targets of the training part"))
        spread.setVisible(contents.targets is not None)
        for part in (*self.bars.values(), *self.heads.values()):
            part.setVisible(contents.targets is None)
        if contents.targets is not None:
            edges, scale = contents.targets.edges, contents.info.scale
            if scale is not None:  # in the file's own units
                edges = tuple(scale.mean + scale.deviation * edge for edge in edges)
            spread.set_counts(contents.targets.counts, edges)
            spread.set_axis_names(self.tr("Target"), self.tr("Samples"))
            return
        for number, (name, bars) in enumerate(self.bars.items()):
            bars.set_bars(self._bars_of(contents, contents.part(name), number))
            bars.setFixedHeight(bars.sizeHint().height())
        counts = self.tr("Training {train}"), self.tr("Validation {validation}")
        sums = sum(contents.train.counts), sum(contents.validation.counts)
        self.heads["training"].setText(counts[0].format(train=full_count(sums[0])))
        self.heads["validation"].setText(counts[1].format(validation=full_count(sums[1])))
        self.note.setText(self._note(contents))

    def _heading(self) -> str:
        contents = self._contents
        if contents is None or contents.info.task == "classification":
            return self.tr("Samples of each class")
        return self.tr("How often each character is read") if contents.info.tokens else self.tr("How the targets are spread")

    def _note(self, contents: DataContents) -> str:
        counts = contents.train.counts
        parts = []
        most = MOST_LETTERS if contents.info.tokens else MOST_BARS
        if len(counts) > most:
            text = self.tr("The first {shown} of {count}.")
            if contents.info.tokens:
                text = self.tr("The {shown} most frequent of {count}.")
            parts.append(text.format(shown=full_count(most), count=full_count(len(counts))))
        if contents.info.task == "classification":
            commonest = printable(contents.info.classes[counts.index(max(counts))])
            text = self.tr("Always answering {name} is right in {share} of the validation samples: a network must be better.")
            validation = contents.validation.counts
            share = validation[counts.index(max(counts))] / max(1, sum(validation))
            parts.append(text.format(name=commonest, share=percent(share)))
        return " ".join(parts)
