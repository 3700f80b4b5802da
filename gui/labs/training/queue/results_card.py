"""What the runs of a queue say together: means over seeds, settings against each other, every fold's curve, and the confusion
matrix of all samples, each answered by the model that has not learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QWidget

from engine.data.sources import describe
from engine.figures import full_count, measured, percent
from engine.judging.confusion import Confusion
from engine.queue.queue_folder import QueueFolder
from engine.queue.results import ACCURACY, QueueResults, SettingResult, results
from engine.queue.run_state import ENDED, Condition, RunState
from engine.queue.setting_keys import settable
from engine.runs.library.seed_statistics import band
from gui.bridge import Latest
from gui.labs.training.queue.parallel_axes import placed
from gui.labs.training.queue.queue_curves import MOST_CURVES, CurvesRequest, ReadCurves, RunCurve, read_curves
from gui.labs.training.queue.queue_words import chosen_words, run_words, setting_words, value_words
from gui.plots.numbers.curve_data import Ribbon
from gui.widgets.card import Card
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text
from gui.widgets.page_stack import PageStack

if TYPE_CHECKING:  # imported when they are first shown
    from gui.plots.curve_card import CurveCard
    from gui.plots.plot import Plot

P = TypeVar("P", bound="Plot")

ResultView: TypeAlias = Literal["settings", "curves", "matrix"]
COLOURS = 4  # of curves
MEAN = "mean"


class ResultsCard(Card):
    """`show_queue` shows another queue, `show_states` how far it is. What it shows is made anew when a run has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._folder: QueueFolder | None = None
        self._states: Sequence[RunState] = ()
        self._found: QueueResults | None = None
        self._curves: dict[int, RunCurve] = {}
        self._asked: set[int] = set()
        self._view: ResultView = "settings"
        self._reader: Latest[CurvesRequest, ReadCurves] = Latest(read_curves, self, name="queue-curves")
        self._reader.answered.connect(self._take_curves)
        self.view = Segmented()
        self.sentence = label("plain", wraps=True)
        self.stack = PageStack()
        self.empty = label("muted", wraps=True)
        self.stack.addWidget(self.empty)
        self._pages: dict[str, QWidget] = {}
        self.tools.addWidget(self.view)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.stack, 1)
        self.view.chosen.connect(self._chosen)
        self.retranslate()

    # --- what is shown

    def show_queue(self, folder: QueueFolder | None, states: Sequence[RunState]) -> None:
        """Show another queue; None: there is none."""
        self._reader.forget()
        self._folder, self._states, self._found = folder, states, None
        self._curves, self._asked = {}, set()
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages = {}
        self._view = "settings"
        if folder is not None and (folder.plan.folds is not None or not folder.plan.swept):
            self._view = "curves"
        self._offer()
        self._draw()

    def show_states(self, states: Sequence[RunState]) -> None:
        """The same queue, further on."""
        before, self._states = _ended(self._states), states
        if _ended(states) != before:
            self._draw()

    def _offer(self) -> None:
        plan = None if self._folder is None else self._folder.plan
        views = []
        if plan is not None and plan.swept:
            views.append(("settings", self.tr("Settings")))
        views.append(("curves", self.tr("Curves")))
        if plan is not None and plan.folds is not None:
            views.append(("matrix", self.tr("Confusion matrix")))
        self.view.set_choices(views)
        self.view.set_current(self._view)
        self.view.setVisible(len(views) > 1)

    @Slot(str)
    def _chosen(self, view: ResultView) -> None:
        self._view = view
        self._draw()

    def _draw(self) -> None:
        folder = self._folder
        self._found = None if folder is None else results(folder.base, folder.runs, self._states)
        if folder is None or self._found is None or not self._found.all.values:
            set_text(self.sentence, "")
            self.sentence.hide()
            self.empty.setText(self.tr("Results appear here as soon as the first run is complete."))
            self.stack.setCurrentWidget(self.empty)
            return
        set_text(self.sentence, self._sentence(folder, self._found))
        self.sentence.show()
        if self._view == "settings":
            self._draw_settings(folder, self._found)
        elif self._view == "matrix":
            self._draw_matrix(folder, self._found)
        else:
            self._ask_curves(folder)
            self._draw_curves(folder)

    # --- in words

    def _sentence(self, folder: QueueFolder, found: QueueResults) -> str:
        plan = folder.plan
        if plan.folds is not None:
            return self._about_folds(found)
        if not plan.swept:
            return self._about_seeds(found.all, found.metric)
        best = found.best
        assert best is not None, "a run is complete"
        values = {"settings": chosen_words(folder.base, best.chosen), "value": self._mean(best, found.metric)}
        if len(_ended(self._states)) == len(folder.runs):
            text = (
                self.tr("Best: {settings}, with an accuracy of {value}.")
                if found.metric == ACCURACY
                else self.tr("Best: {settings}, with a validation loss of {value}.")
            )
        elif found.metric == ACCURACY:
            text = self.tr("Best so far: {settings}, with an accuracy of {value}.")
        else:
            text = self.tr("Best so far: {settings}, with a validation loss of {value}.")
        text = text.format(**values)
        if plan.seeds == 1:
            text += " " + self.tr("One run each: small differences may be chance. More seeds tell.")
        return text

    def _about_seeds(self, result: SettingResult, metric: str) -> str:
        count, error = len(result.values), result.error
        assert error is not None, "a run is complete"
        name = self.tr("Accuracy") if metric == ACCURACY else self.tr("Validation loss")
        written = percent if metric == ACCURACY else measured
        if error.deviation is None or error.half_width is None:
            return self.tr("{name} of one run: {value}.").format(name=name, value=written(error.mean))
        text = self.tr(
            "{name}, mean of {count} runs: {mean}. 95% interval of the mean: {low} to {high}. Standard deviation: {deviation}."
        )
        return text.format(
            name=name,
            count=full_count(count),
            mean=written(error.mean),
            low=written(max(error.mean - error.half_width, 0.0)),
            high=written(min(error.mean + error.half_width, 1.0) if metric == ACCURACY else error.mean + error.half_width),
            deviation=written(error.deviation),
        )

    def _about_folds(self, found: QueueResults) -> str:
        model = self.tr("None of these models is “the” model: each was trained to be measured.")
        if not found.out_of_fold:
            return f"{self._about_seeds(found.all, found.metric)} {model}"
        folds = found.out_of_fold[0][1]
        values = {"accuracy": percent(folds.accuracy), "right": full_count(folds.right), "count": full_count(folds.count)}
        if folds.is_whole:
            said = self.tr(
                "Out of fold: {accuracy} right ({right} of {count} samples, each judged by a model that has not seen it)."
            )
        else:
            said = self.tr("Out of fold so far: {accuracy} right ({right} of {count} samples).")
        return f"{said.format(**values)} {model}"

    def _mean(self, result: SettingResult, metric: str) -> str:
        error, written = result.error, percent if metric == ACCURACY else measured
        if error is None:
            return ""
        if error.half_width is None:
            return written(error.mean)
        return f"{written(error.mean)} ± {written(error.half_width)}"

    # --- settings against each other

    def _draw_settings(self, folder: QueueFolder, found: QueueResults) -> None:
        swept = folder.plan.swept
        if len(swept) == 2 and folder.plan.draws is None:
            self._draw_heat_map(folder, found)
        elif len(swept) == 1:
            self._draw_line(folder, found)
        else:
            self._draw_parallel(folder, found)

    def _draw_heat_map(self, folder: QueueFolder, found: QueueResults) -> None:
        from gui.plots.swept.sweep_map import SweepMap

        plot = self._plot("heat_map", SweepMap, f"{folder.base.name} sweep")
        one, other = folder.plan.swept
        means = {result.chosen: result.error.mean for result in found.settings if result.error is not None}
        axes = [list(dict.fromkeys(dict(result.chosen)[key] for result in found.settings)) for key in (one.key, other.key)]
        scale = 100.0 if found.metric == ACCURACY else 1.0
        values = [
            [scale * means.get(((one.key, across), (other.key, down)), float("nan")) for across in axes[0]] for down in axes[1]
        ]
        plot.set_values(np.array(values, np.float32), rows=[*map(value_words, axes[1])], columns=[*map(value_words, axes[0])])
        plot.set_axis_names(setting_words(folder.base, one.key), setting_words(folder.base, other.key))
        plot.written = (lambda value: percent(value / 100)) if found.metric == ACCURACY else measured
        plot.set_title(self._metric_name(found.metric))
        self.stack.setCurrentWidget(plot)

    def _draw_line(self, folder: QueueFolder, found: QueueResults) -> None:
        from gui.plots.lines import PlotLine
        from gui.plots.swept.named_lines import NamedLines

        plot = self._plot("line", NamedLines, f"{folder.base.name} sweep")
        ordered = self._ordered(found)
        scale = 100.0 if found.metric == ACCURACY else 1.0
        means, lows, highs = [], [], []
        for result in ordered:
            error = result.error
            means.append(float("nan") if error is None else scale * error.mean)
            half = None if error is None else error.half_width
            lows.append(float("nan") if half is None else means[-1] - scale * half)
            highs.append(float("nan") if half is None else means[-1] + scale * half)
        lines = [PlotLine(self._metric_name(found.metric), means, 0)]
        if np.isfinite(lows).any():
            lines += [
                PlotLine(self.tr("95% interval, lower end"), lows, 1, dashed=True),
                PlotLine(self.tr("95% interval, upper end"), highs, 1, dashed=True),
            ]
        plot.set_named([value_words(result.chosen[0][1]) for result in ordered], lines)
        plot.set_axis_names(setting_words(folder.base, folder.plan.swept[0].key), self._metric_name(found.metric))
        name = self._metric_name(found.metric)
        plot.set_title(name if len(lines) == 1 else self.tr("{name}: mean and 95% interval of the mean").format(name=name))
        self.stack.setCurrentWidget(plot)

    @staticmethod
    def _ordered(found: QueueResults) -> list[SettingResult]:
        """The values of a single setting: numbers by their size, words in the plan's order."""
        known = list(found.settings)
        if all(isinstance(result.chosen[0][1], int | float) for result in known):
            known.sort(key=lambda result: float(result.chosen[0][1]))
        return known

    def _draw_parallel(self, folder: QueueFolder, found: QueueResults) -> None:
        from gui.plots.swept.parallel_plot import ParallelAxis, ParallelLine, ParallelPlot

        plot = self._plot("parallel", ParallelPlot, f"{folder.base.name} sweep")
        known = [(dict(result.chosen), result.error.mean) for result in found.settings if result.error is not None]
        fields = settable(folder.base)
        axes, columns, texts = [], [], []
        for swept in folder.plan.swept:
            values, field = [chosen[swept.key] for chosen, _ in known], fields.get(swept.key)
            axis = placed(values, value_words, logarithmic=field is not None and field.scale == "log")
            axes.append(ParallelAxis(setting_words(folder.base, swept.key), axis.ticks))
            columns.append(axis.places)
            texts.append([*map(value_words, values)])
        written = percent if found.metric == ACCURACY else measured
        means = [mean for _, mean in known]
        ends = placed(means, written)
        name = self.tr("Accuracy") if found.metric == ACCURACY else self.tr("Validation loss")
        edges = ((0.0, written(min(means))), (1.0, written(max(means)))) if min(means) < max(means) else ends.ticks
        axes.append(ParallelAxis(name, edges))
        columns.append(ends.places)
        texts.append([*map(written, means)])
        rows = zip(zip(*columns, strict=True), zip(*texts, strict=True), strict=True)
        lines = [ParallelLine(tuple(places), tuple(words)) for places, words in rows]
        plot.set_lines(axes, lines)
        plot.setAccessibleName(name)
        self.stack.setCurrentWidget(plot)

    def _metric_name(self, metric: str) -> str:
        return self.tr("Accuracy (%)") if metric == ACCURACY else self.tr("Validation loss")

    # --- curves

    def _shown_runs(self, folder: QueueFolder) -> list[int]:
        """The complete runs whose curves are drawn: all where it is their mean, else the first ones."""
        done = [state.number for state in self._states if state.condition == "completed"]
        return done if self._is_repeated(folder) else done[:MOST_CURVES]

    @staticmethod
    def _is_repeated(folder: QueueFolder) -> bool:
        """Whether its runs differ in nothing but their seeds."""
        return not folder.plan.swept and folder.plan.folds is None

    def _ask_curves(self, folder: QueueFolder) -> None:
        wanted = {number: folder.run_folder(number) for number in self._shown_runs(folder) if number not in self._curves}
        if wanted:
            self._reader.ask(CurvesRequest(folder.path, wanted))

    @Slot(object)
    def _take_curves(self, found: ReadCurves) -> None:
        if self._folder is not None and found.queue == self._folder.path:
            self._curves.update(found.curves)
            if self._view == "curves":
                self._draw_curves(self._folder)

    def _draw_curves(self, folder: QueueFolder) -> None:
        from gui.plots.curve_card import CurveCard

        is_accuracy = self._found is not None and self._found.metric == ACCURACY
        card = self._pages.get("curves")
        if card is None:
            made = CurveCard("rate" if is_accuracy else "value", log_offered=not is_accuracy)
            made.setProperty("role", "plain")
            made.set_view(replace(made.view, smoothing=0.0))
            made.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
            made.export_name = f"{folder.base.name} queue"
            card = self._add("curves", made)
        assert isinstance(card, CurveCard)
        self._fill_curves(card, folder, is_accuracy=is_accuracy)
        self.stack.setCurrentWidget(card)

    def _fill_curves(self, card: CurveCard, folder: QueueFolder, *, is_accuracy: bool) -> None:
        repeated = self._is_repeated(folder)
        card.clear()
        names = {}
        card.data.keep(())  # they stand in the order of their runs, whichever was complete first
        shown = [number for number in self._shown_runs(folder) if number in self._curves]
        if repeated and len(shown) > 1:
            curves = [(self._curves[number].steps, self._values(number, is_accuracy=is_accuracy)) for number in shown]
            found = band(curves, "interval")
            card.add(MEAN, 0, smoothed=False)
            names[MEAN] = self.tr("Mean of the runs")
            card.append(MEAN, found.steps, found.mean)
            card.data.ribbons[MEAN] = Ribbon(found.steps, found.low, found.high)
        else:
            for number in shown:
                key, place = str(number), number - 1
                card.add(key, place % COLOURS, dashed=place // COLOURS % 2 == 1, smoothed=False)
                names[key] = run_words(folder.base, folder.runs[number - 1], repeated=folder.plan.seeds > 1)
                card.append(key, self._curves[number].steps, self._values(number, is_accuracy=is_accuracy))
        title = self.tr("Accuracy on the validation data") if is_accuracy else self.tr("Loss on the validation data")
        if MEAN in names:
            title = self.tr("{name}: mean and 95% interval of the mean").format(name=title)
        elif sum(state.condition == "completed" for state in self._states) > MOST_CURVES:
            title = self.tr("{name}: the first {count} complete runs").format(name=title, count=full_count(MOST_CURVES))
        card.set_title(title)
        card.set_names(names, self.tr("Accuracy") if is_accuracy else self.tr("Loss"))
        info = describe(folder.base.data)
        if is_accuracy:
            card.set_chance(1 / info.outputs)
        card.draw()

    def _values(self, number: int, *, is_accuracy: bool) -> np.ndarray:
        curve = self._curves[number]
        return curve.accuracies if is_accuracy else curve.losses

    # --- folds

    def _draw_matrix(self, folder: QueueFolder, found: QueueResults) -> None:
        from gui.plots.matrices.confusion_plot import ConfusionPlot

        if not found.out_of_fold or not found.out_of_fold[0][1].confusion:
            self.empty.setText(self.tr("These data have no classes to confuse."))
            self.stack.setCurrentWidget(self.empty)
            return
        plot = self._plot("matrix", ConfusionPlot, f"{folder.base.name} out of fold")
        classes = describe(folder.base.data).classes
        matrix = Confusion(classes, np.array(found.out_of_fold[0][1].confusion, np.int64))
        numbers = range(len(classes))
        plot.set_counts(matrix.counts, classes, [*map(matrix.recall, numbers)], [*map(matrix.precision, numbers)])
        plot.describe(self.sentence.text())
        self.stack.setCurrentWidget(plot)

    def _plot(self, name: str, kind: type[P], export_name: str) -> P:
        """The plot of this name, made when it is first asked for."""
        plot = self._pages.get(name)
        if plot is None:
            plot = made = kind()
            made.export_name = export_name
            self._add(name, made)
        assert isinstance(plot, kind)
        return plot

    def _add(self, name: str, page: QWidget) -> QWidget:
        self._pages[name] = page
        self.stack.addWidget(page)
        return page

    # --- words, and the end

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Results"))
        self.view.setAccessibleName(self.tr("Results"))
        self._offer()
        self._draw()

    def close_reader(self) -> None:
        self._reader.close()


def _ended(states: Sequence[RunState]) -> list[tuple[int, Condition]]:
    """The runs of which nothing is to be done any more, and how each ended."""
    return [(state.number, state.condition) for state in states if state.condition in ENDED]
