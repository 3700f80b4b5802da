"""The predictions of the cells side by side in one plot, a line a cell over the same truth, and what each of them is worth in
figures and words.

Called by the page of predictions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.fields import Field
from engine.figures import UNKNOWN, beside_one, full_count, measured, percent
from engine.judging.answers_by_step import AnswersByStep
from engine.sequences.forecast import ForecastAnswer
from engine.training.probes import Numbers
from gui.labs.sequence.beside_curves import COLOURS
from gui.labs.sequence.predicting.character_sheet import seen
from gui.labs.sequence.predicting.compared import ComparedAnswer, answer_for_truth, errors_of, share_of_truth
from gui.labs.sequence.predicting.forecast_view import continued, skill_text
from gui.labs.sequence.predicting.predict_questions import TextAnswers
from gui.labs.sequence.predicting.text_view import has_read_the_next
from gui.labs.sequence.text_area import TextArea
from gui.plots.curve_card import CurveLegend
from gui.plots.lines import PlotLine, ScatterPlot, TruthLine
from gui.plots.sequences.forecast_plot import ForecastPlot
from gui.shell.language import language
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.controls import Segmented
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, set_text

MARGINS, WIDE_MARGINS = (46.0, 8.0, 12.0, 38.0), (58.0, 8.0, 14.0, 38.0)  # percentages are wider
ROOMY_PX = 470  # for teacher-forced and free-running side by side in the table
TRUTH, NAIVE = "truth", "naive"
NAIVE_DASHES = 2
OF_ONE = (0.0, 1.0)
LOOKS = {str(cell): number for cell, number in COLOURS.items()}  # the numbers of a cell's colour and dashes
P = TypeVar("P")
Worth: TypeAlias = tuple[float | None, float | None]  # a mean squared error, and the skill


class BesideView(QWidget):
    """`start_moved` is as in `ForecastView`."""

    start_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: dict[str, ComparedAnswer] = {}
        self._left_out: dict[str, str] = {}
        self.way = Segmented()
        self.legend = CurveLegend(self._pen)
        self.plot, self.points = ForecastPlot(), ScatterPlot()
        for plot in (self.plot, self.points):
            plot.margins = MARGINS
            plot.export_name = "predictions side by side"
            plot.setMinimumHeight(110)
        self.start = NumberRow(Field(name="start", kind="integer", default=1, low=1))
        self.table = FigureTable()
        self.told, self.note = label("worked", wraps=True), label("small", wraps=True)
        self.texts = TextArea(self)
        for part in (self.table, self.told, self.note):
            self.texts.column.addWidget(part)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.way)
        head.addWidget(self.legend, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.plot, 1)
        column.addWidget(self.points, 1)
        column.addWidget(self.start)
        column.addWidget(self.texts)
        self.way.chosen.connect(self._way_chosen)
        self.plot.start_moved.connect(self.start_moved)
        self.start.value_changed.connect(lambda value: self.start_moved.emit(int(value)))
        self.retranslate()
        self.way.set_current("free")

    def show_predictions(self, found: Mapping[str, ComparedAnswer], left_out: Mapping[str, str] | None = None) -> None:
        """By cell, the experiment's own first; all of the same sample. `left_out` says of other cells why they have none."""
        self._found, self._left_out = dict(found), dict(left_out or {})
        self._show()

    def _show(self) -> None:
        first = next(iter(self._found.values()), None)
        self.points.setVisible(isinstance(first, Numbers))
        self.plot.setVisible(not isinstance(first, Numbers))
        is_series = isinstance(first, ForecastAnswer)
        can_run = is_series and any(one.free is not None for one in self._of(ForecastAnswer).values())
        self.way.setVisible(can_run)
        self.start.setVisible(can_run and self._free)
        match first:
            case ForecastAnswer():
                self._show_series(self._of(ForecastAnswer), first)
            case TextAnswers():
                self._show_texts(self._of(TextAnswers), first)
            case AnswersByStep():
                self._show_classes(self._of(AnswersByStep), first)
            case Numbers():
                self._show_numbers(self._of(Numbers), first)
        if self._left_out:
            set_text(self.told, "\n".join(part for part in (self.told.text(), joined_by_text(self._left_out)) if part))
        self.told.setVisible(bool(self.told.text()))
        self.note.setVisible(bool(self.note.text()))

    def _of(self, kind: type[P]) -> dict[str, P]:
        return {cell: one for cell, one in self._found.items() if isinstance(one, kind)}

    @property
    def _free(self) -> bool:
        return self.way.current == "free" and any(one.free is not None for one in self._of(ForecastAnswer).values())

    # --- series

    def _show_series(self, found: Mapping[str, ForecastAnswer], first: ForecastAnswer) -> None:
        """All forecasts over the one truth, with the naive line of the same way."""
        free = self._free
        lines: list[PlotLine] = [TruthLine(self.tr("Truth"), first.y[:, 0].tolist())]
        for cell, one in found.items():
            values = one.forced[:, 0].tolist() if not free else None
            if free and one.free is not None:
                values = continued(one.free[:, 0], one.warm_up)
            if values is not None:
                lines.append(self._line(cell, values))
        naive = continued(first.held[:, 0], first.warm_up) if free else first.naive[:, 0].tolist()
        name = self.tr("The last true value, held") if free else self.tr("The last value again")
        lines.append(PlotLine(name, naive, dashed=NAIVE_DASHES))
        self.plot.margins = MARGINS
        self.plot.set_axis_names(self.tr("Time step t"), "")
        self.plot.set_series(lines, first.warm_up if free else None)
        self.start.set_range(1, max(len(first.y) - 1, 1))
        self.start.set_value(first.warm_up)
        self._show_legend(self.tr("Truth"), self.tr("Last value", "in the legend"))
        self._write_series(found, first, free=free)

    def _write_series(self, found: Mapping[str, ForecastAnswer], first: ForecastAnswer, *, free: bool) -> None:
        """MSE and skill of the whole validation set, of both ways where there is room; then what they say in words."""
        forced: list[Worth] = [(one.of_all.forced, one.of_all.skill) for one in found.values()]
        freely: list[Worth] = [(one.of_all.free, one.of_all.free_skill) for one in found.values()]
        both = any(one.free is not None for one in found.values()) and self.width() >= ROOMY_PX
        held = next((one.of_all.held for one in found.values() if one.of_all.held is not None), None)
        shown = [(self.tr("forced"), forced, first.of_all.naive), (self.tr("free"), freely, held)]
        ways = shown if both else [shown[1 if free else 0]]
        heads, rows = [""], [[cell] for cell in found]
        last = [self.tr("naive line")]
        for name, each, naive in ways:
            heads += [f"MSE, {name}", self.tr("skill")]
            for row, (error, skill) in zip(rows, each, strict=True):
                row += [UNKNOWN if error is None else measured(error, 3), skill_text(skill)]
            last += [UNKNOWN if naive is None else measured(naive, 3), skill_text(0.0 if naive else None)]
        tip = self.tr(
            "Over the validation set. Skill = 1 − MSE / MSE of the naive line, which says the last true value again: 1 is "
            "exact, 0 is no better than that, below 0 is worse."
        )
        self.table.set_rows([heads, *rows, last], [tip] * (len(rows) + 2))
        set_text(self.told, joined_by_text({cell: one.verdict.say(language()) for cell, one in found.items()}))
        self.plot.describe(self.told.text())
        whys = {cell: one.not_free.say(language()) for cell, one in found.items() if one.not_free is not None}
        notes = [joined_by_text(whys)]
        if first.y.shape[1] > 1:
            drawn = self.tr("Drawn is the first of {count} features; the errors are over all.")
            notes.append(drawn.format(count=full_count(first.y.shape[1])))
        set_text(self.note, "\n".join(note for note in notes if note))

    # --- texts

    def _show_texts(self, found: Mapping[str, TextAnswers], first: TextAnswers) -> None:
        lines = [self._line(cell, share_of_truth(one.next).tolist()) for cell, one in found.items()]
        letters = [seen(letter) for letter in first.next.truth]

        def told(position: int) -> str:
            shares = [f"{line.name} {percent(float(line.values[position - 1]), fine=True)}" for line in lines]
            return "\n".join([f"t = {full_count(position)}: “{letters[position - 1]}”", *shares])

        self._show_shares(lines, self.tr("Time step t"), self.tr("probability of the true next character"), told)
        rows = [["", self.tr("perplexity"), self.tr("of all texts")]]
        rows += [
            [cell, beside_one(one.next.perplexity, 3), beside_one(one.next.perplexity_of_all, 3)] for cell, one in found.items()
        ]
        guessing = full_count(len(first.next.vocabulary))
        rows.append([self.tr("pure guessing"), guessing, guessing])
        tip = self.tr("Among how many characters the network hesitates: exp of the mean of −ln p(true character).")
        self.table.set_rows(rows, [tip] * len(rows))
        warned = {cell: has_read_the_next() for cell, one in found.items() if one.next.has_read_the_answer}
        set_text(self.told, joined_by_text(warned))
        set_text(self.note, self.tr("Choose a cell above to read what it writes."))

    # --- a class after each time step

    def _show_classes(self, found: Mapping[str, AnswersByStep], first: AnswersByStep) -> None:
        lines = [self._line(cell, answer_for_truth(one).tolist()) for cell, one in found.items()]
        true = first.classes[first.label]
        name = (self.tr("answer for {name}") if first.is_values else self.tr("probability of {name}")).format(name=true)
        up = None if first.is_values else OF_ONE
        self._show_shares(lines, self.tr("after t time steps"), name, None, up=up)
        rows = [["", self.tr("predicted"), name, self.tr("settled at t")]]
        for cell, one in found.items():
            share = float(one.answers[-1, one.label])
            value = measured(share, 3) if one.is_values else percent(share)
            rows.append([cell, one.classes[one.predicted], value, full_count(one.settled)])
        tip = self.tr("From this time step on the answer stays the same.")
        self.table.set_rows(rows, [tip] * len(rows))
        set_text(self.told, self.tr("True {true}").format(true=true))
        set_text(self.note, "")

    def _show_shares(
        self,
        lines: Sequence[PlotLine],
        across: str,
        up_name: str,
        tip: Callable[[int], str] | None,
        *,
        up: tuple[float, float] | None = OF_ONE,
    ) -> None:
        """Lines between 0 and 1 over the time steps."""
        self.plot.margins = WIDE_MARGINS
        self.plot.set_axis_names(across, up_name)
        self.plot.set_between(lines, up, tip)
        self._show_legend()

    # --- a number for a sequence

    def _show_numbers(self, found: Mapping[str, Numbers], first: Numbers) -> None:
        self.points.set_groups(first.truth, [(cell, one.predicted, LOOKS[cell]) for cell, one in found.items()])
        self.points.set_axis_names(self.tr("Truth"), self.tr("Prediction"))
        self._show_legend()
        rows = [["", self.tr("MSE"), self.tr("skill")]]
        for cell, one in found.items():
            error, mean = errors_of(one)
            rows.append([cell, measured(error, 3), skill_text(1 - error / mean if mean > 0 else None)])
        rows.append(
            [self.tr("always the mean"), measured(errors_of(first)[1], 3), skill_text(0.0 if errors_of(first)[1] else None)]
        )
        tip = self.tr(
            "Skill = 1 − MSE / MSE of always saying the mean of the true numbers: 1 is exact, 0 is no better than that."
        )
        self.table.set_rows(rows, [tip] * len(rows))
        count = full_count(len(first.truth))
        set_text(self.told, self.tr("{count} validation sequences, a point each and cell.").format(count=count))
        self.points.describe(self.told.text())
        set_text(self.note, "")

    # --- how they look

    @staticmethod
    def _line(cell: str, values: Sequence[float]) -> PlotLine:
        number = LOOKS[cell]
        return PlotLine(cell, values, number, dashed=number, width=1.5)

    def _pen(self, key: str) -> QPen:
        if key == TRUTH:
            return TruthLine("", ()).pen()
        if key == NAIVE:
            return PlotLine("", (), dashed=NAIVE_DASHES).pen()
        return self._line(key, ()).pen()

    def _show_legend(self, truth: str = "", naive: str = "") -> None:
        entries = [(TRUTH, truth, ""), *((cell, cell, "") for cell in self._found), (NAIVE, naive, "")]
        self.legend.set_entries([entry for entry in entries if entry[1]], "")

    # --- what the user does

    @Slot(str)
    def _way_chosen(self, _name: str) -> None:
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() >= ROOMY_PX) != (event.size().width() >= ROOMY_PX):
            self._show()

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.way.set_choices([("forced", self.tr("Teacher-forced")), ("free", self.tr("Free-running"))])
        self.way.setAccessibleName(self.tr("How the network reads on"))
        self.plot.setAccessibleName(self.tr("Truth and the predictions of all cells over time"))
        self.start.set_label(
            self.tr("Goes on alone after"),
            self.tr("So many true values are read; then the network reads its own predictions. In the plot: press or drag."),
        )
        self._show()


def joined_by_text(texts: Mapping[str, str]) -> str:
    """A line for each text, after the names of all that it is said of."""
    said: dict[str, list[str]] = {}
    for name, text in texts.items():
        said.setdefault(text, []).append(name)
    return "\n".join(f"{', '.join(names)}: {text}" for text, names in said.items())
