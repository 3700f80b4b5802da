"""How many samples each class has, in the part that trains and in the one that validates, as bars; of a text how often each
character is read, of a regression how the targets are spread.

Called by the view of the data.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.data.contents import DataContents, PartContents
from engine.figures import full_count, percent
from engine.words import printable
from gui.labs.training.data.samples.sequence_samples import SIGNS
from gui.plots.bars import Bar, Bars
from gui.plots.histogram import Histogram
from gui.widgets.card import Card
from gui.widgets.labels import label

MOST_BARS = 60  # of a part: more are not read
MOST_LETTERS = 24
SPREAD_PX = 150


class ClassCounts(Card):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._contents: DataContents | None = None
        self.bars = {"training": Bars(), "validation": Bars()}
        self.spread = Histogram()
        self.spread.setFixedHeight(SPREAD_PX)
        self.heads = {name: label("muted") for name in self.bars}
        self.note = label("small", wraps=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, (name, bars) in enumerate(self.bars.items()):
            grid.addWidget(self.heads[name], 0, column)
            grid.addWidget(bars, 1, column)
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.spread)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.retranslate()

    def show_contents(self, contents: DataContents | None) -> None:
        self._contents = contents
        self.retranslate()

    def _bars_of(self, contents: DataContents, part: PartContents, colour: int) -> list[Bar]:
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
        self.bars["training"].setAccessibleName(self.tr("Training samples of each class"))
        self.bars["validation"].setAccessibleName(self.tr("Validation samples of each class"))
        self.spread.setAccessibleName(self.tr("Targets of the training part"))
        is_spread = contents is not None and contents.targets is not None
        self.spread.setVisible(is_spread)
        for part in (*self.bars.values(), *self.heads.values()):
            part.setVisible(contents is not None and not is_spread)
        self.set_title(self._heading())
        self.note.setText("")
        if contents is None:
            return
        if contents.targets is not None:
            edges, scale = contents.targets.edges, contents.info.scale
            if scale is not None:  # in the file's own units
                edges = tuple(scale.mean + scale.deviation * edge for edge in edges)
            self.spread.set_counts(contents.targets.counts, edges)
            self.spread.set_axis_names(self.tr("Target"), self.tr("Samples"))
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
