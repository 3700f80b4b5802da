"""The left column of the queue: which runs are to be made of the experiment that is set, how many that are and how long they
will take, before any of them begins."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.fields import Field
from engine.figures import full_count
from engine.networks.network_text import network_text
from engine.queue.plan import MOST_RUNS, PlanError, PlannedRun, QueuePlan, planned
from engine.queue.setting_keys import SettingError
from gui.labs.training.queue.plan_form import MOST_VALUES, PlanForm, SweptForm, fresh, offered, plan_of, values_of
from gui.labs.training.queue.queue_words import duration, setting_words, value_words
from gui.running.experiment_names import name_in_words
from gui.shell.language import language, told
from gui.widgets.card import Card
from gui.widgets.forms.controls import BOX_HEIGHT_PX, ChoiceRow, Segmented
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label, separator, set_text
from gui.widgets.scrolled_page import ScrolledPage

WIDTH = 296
BOX_PX = 72
NONE = "none"
FIRST = "training.lr"  # the setting that a sweep begins with


class CountRow(QWidget):
    """A label and a box for a whole number."""

    value_changed = Signal(int)

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.head, self.box = QLabel(), NumberBox()
        self.box.setRange(low, high)
        self.box.setFixedSize(BOX_PX, BOX_HEIGHT_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.head, 1)
        row.addWidget(self.box)
        self.box.valueChanged.connect(lambda value: self.value_changed.emit(int(value)))

    def set_label(self, text: str, tip: str = "") -> None:
        self.head.setText(text)
        self.box.setAccessibleName(text)
        self.setToolTip(tip)


class SweptRows(QWidget):
    """A setting to choose, and its values: from, to, how many; below, the values themselves."""

    edited = Signal(object)  # a SweptForm

    def __init__(self, *, optional: bool) -> None:
        super().__init__()
        self._optional = optional
        self._experiment = Experiment()
        self._offered: dict[str, Field] = {}
        self._form = SweptForm()
        self._drawn = False
        self.setting = ChoiceRow()
        self.low, self.high = (NumberBox(whole=False, logarithmic=False) for _ in range(2))
        self.count = NumberBox()
        self.count.setRange(1, MOST_VALUES)
        self.head = label("small")
        self._heads = [label("small") for _ in range(3)]
        self.values = label("muted", wraps=True)
        numbers = QGridLayout()
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setHorizontalSpacing(8)
        numbers.setVerticalSpacing(2)
        for column, (head, box) in enumerate(zip(self._heads, (self.low, self.high, self.count), strict=True)):
            box.setFixedHeight(BOX_HEIGHT_PX)
            box.setMinimumWidth(40)
            numbers.addWidget(head, 0, column)
            numbers.addWidget(box, 1, column)
            numbers.setColumnStretch(column, 1)
        self._numbers = QWidget()
        self._numbers.setLayout(numbers)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(4)
        self.setting.set_label("")
        column_.addWidget(self.head)
        column_.addWidget(self.setting)
        column_.addWidget(self._numbers)
        column_.addWidget(self.values)
        self.setting.chosen.connect(self._chosen)
        self.low.valueChanged.connect(lambda value: self._edit(low=float(value)))
        self.high.valueChanged.connect(lambda value: self._edit(high=float(value)))
        self.count.valueChanged.connect(lambda value: self._edit(count=int(value)))

    def show_form(
        self, experiment: Experiment, known: dict[str, Field], form: SweptForm, *, drawn: bool, left_out: str
    ) -> None:
        """`drawn`: values are drawn from the range. The setting `left_out` is another row's."""
        self._experiment, self._offered, self._form, self._drawn = experiment, known, form, drawn
        choices = [(key, setting_words(experiment, key)) for key in known if key != left_out]
        if self._optional:
            choices.insert(0, (NONE, self.tr("None")))
        self.setting.set_choices(choices)
        key = form.key if form.key in known and form.key != left_out else NONE
        self.setting.set_value(key)
        self.setting.box.setToolTip(self.setting.box.currentText())
        field = known.get(key)
        numeric = field is not None and field.kind in ("integer", "number")
        self._numbers.setVisible(numeric)
        self._heads[2].setVisible(not drawn)
        self.count.setVisible(not drawn)
        self.values.setVisible(field is not None)
        if field is None:
            return
        if numeric:
            for box, value in ((self.low, form.low), (self.high, form.high)):
                box.setRange(
                    field.low if field.low is not None else -1e9,
                    field.high if field.high is not None else 1e9,
                    low_excluded=field.low_excluded,
                    high_excluded=field.high_excluded,
                )
                box.show_value(value)
            self.count.show_value(form.count)
        set_text(self.values, self._values_text(field))

    def _values_text(self, field: Field) -> str:
        if self._drawn and field.kind in ("integer", "number"):
            return self.tr("Drawn from this range")
        return " · ".join(value_words(value) for value in values_of(field, self._form))

    @Slot(str)
    def _chosen(self, key: str) -> None:
        self.edited.emit(SweptForm() if key == NONE else fresh(self._experiment, key))

    def _edit(self, **changes: Any) -> None:
        form = replace(self._form, **changes)
        if form.high < form.low:  # the other end follows
            form = replace(form, low=form.high) if "high" in changes else replace(form, high=form.low)
        self.edited.emit(form)

    def set_labels(self, setting: str) -> None:
        self.head.setText(setting)
        self.setting.box.setAccessibleName(setting)
        for head, box, text in zip(
            self._heads,
            (self.low, self.high, self.count),
            (self.tr("From"), self.tr("To"), self.tr("Values")),
            strict=True,
        ):
            head.setText(text)
            box.setAccessibleName(f"{setting}, {text}")


class PlanCard(Card):
    """`show_form` shows a form and the experiment that it plans runs of; `form_edited` has the new one. `start_asked`: `plan`
    is to begin."""

    form_edited = Signal(object)
    jobs_edited = Signal(int)
    start_asked = Signal()

    def __init__(self, cores: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._cores = cores
        self._experiment, self._form, self._jobs = Experiment(), PlanForm(), cores
        self._busy = False
        self._expected: float | None = None
        self._planned: tuple[Experiment, QueuePlan] | None = None  # what that is the time of
        self.plan = QueuePlan()
        self.runs: tuple[PlannedRun, ...] = ()
        self.problem = ""  # why there is nothing to start
        self.name, self.network = label("plain", wraps=True), label("muted", wraps=True)
        self.mode = Segmented()
        self.about = label("muted", wraps=True)
        self.seeds, self.folds, self.sweep_seeds = CountRow(1, 100), CountRow(2, 12), CountRow(1, 100)
        self.first, self.second = SweptRows(optional=False), SweptRows(optional=True)
        self.random, self.draws = QCheckBox(), CountRow(1, MOST_RUNS)
        self.jobs = CountRow(1, max(cores, 1))
        self.count = label("plain", wraps=True)
        self.refused = QLabel()
        self.refused.setProperty("role", "warning")
        self.refused.setWordWrap(True)
        self.start = QPushButton()
        self.start.setProperty("role", "primary")
        self._lay_out()
        self.mode.chosen.connect(lambda mode: self._edit(mode=mode))
        self.seeds.value_changed.connect(lambda value: self._edit(seeds=value))
        self.folds.value_changed.connect(lambda value: self._edit(folds=value))
        self.sweep_seeds.value_changed.connect(lambda value: self._edit(sweep_seeds=value))
        self.first.edited.connect(lambda form: self._edit(first=form))
        self.second.edited.connect(lambda form: self._edit(second=form))
        self.random.toggled.connect(lambda on: self._edit(draws=20 if on else 0))
        self.draws.value_changed.connect(lambda value: self._edit(draws=value))
        self.jobs.value_changed.connect(self.jobs_edited)
        self.start.clicked.connect(self.start_asked)
        self.retranslate()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        above: list[QWidget] = [self.name, self.network, separator(), self.mode, self.about, self.seeds, self.folds]
        for part in (*above, self.first, self.second, self.random, self.draws, self.sweep_seeds):
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(ScrolledPage(page), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 0, 8, 0)
        foot.setSpacing(8)
        below: list[QWidget] = [self.refused, self.jobs, self.count, self.start]
        for part in below:
            foot.addWidget(part)
        self.body.addLayout(foot)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    # --- what is shown

    def show_form(self, experiment: Experiment, form: PlanForm, jobs: int) -> None:
        """Show it; nothing is emitted."""
        self._experiment, self._form, self._jobs = experiment, self._filled(experiment, form), jobs
        self._show()

    @staticmethod
    def _filled(experiment: Experiment, form: PlanForm) -> PlanForm:
        """`form` with a first setting to sweep, where the experiment does not have the one that it names."""
        known = offered(experiment)
        if form.first.key in known or not known:
            return form
        key = FIRST if FIRST in known else next(iter(known))
        return replace(form, first=fresh(experiment, key))

    def set_busy(self, busy: bool) -> None:
        """A queue is under way: another one waits until it is stopped."""
        if busy != self._busy:
            self._busy = busy
            self._show_start()

    def set_expected(self, seconds: float | None) -> None:
        """How long all of it is likely to take; None: not known."""
        self._expected = seconds
        self._show_count()

    def _show(self) -> None:
        experiment, form = self._experiment, self._form
        set_text(self.name, name_in_words(experiment))
        set_text(self.network, network_text(experiment.network.layers))
        self.mode.set_current(form.mode)
        sweep = form.mode == "sweep"
        self.seeds.setVisible(form.mode == "seeds")
        self.folds.setVisible(form.mode == "folds")
        for part in (self.first, self.second, self.random, self.sweep_seeds):
            part.setVisible(sweep)
        self.draws.setVisible(sweep and form.draws > 0)
        self.seeds.box.show_value(form.seeds)
        self.folds.box.show_value(form.folds)
        self.sweep_seeds.box.show_value(form.sweep_seeds)
        self.draws.box.show_value(form.draws or 20)
        self.random.blockSignals(True)
        self.random.setChecked(form.draws > 0)
        self.random.blockSignals(False)
        self.jobs.box.show_value(self._jobs)
        known = offered(experiment)
        drawn = form.draws > 0
        self.first.show_form(experiment, known, form.first, drawn=drawn, left_out="")
        self.second.show_form(experiment, known, form.second, drawn=drawn, left_out=form.first.key)
        set_text(self.about, self._about())
        self._plan_anew()

    def _about(self) -> str:
        match self._form.mode:
            case "seeds":
                return self.tr(
                    "The same experiment with other random numbers: first weights, order and split of the samples. How far the "
                    "results lie apart says how much a difference between two runs means."
                )
            case "folds":
                return self.tr(
                    "The data are cut into folds. Each run leaves one out of its training and is measured on it, so that every "
                    "sample is judged once by a model that has not learned from it."
                )
            case _ if self._form.draws:
                return self.tr("Combinations drawn at random from the ranges, with all else as it is set.")
            case _:
                return self.tr("One run for every combination of the values, with all else as it is set.")

    def _plan_anew(self) -> None:
        self.problem, self.runs = "", ()
        self.plan = plan_of(self._form, self._experiment)
        try:
            self.runs = planned(self._experiment, self.plan)
        except (PlanError, SettingError) as error:
            self.problem = told(error)
        refused = [run.problem for run in self.runs if run.problem is not None]
        if refused and not self.problem:
            first = refused[0].sentence(language())
            if len(refused) == len(self.runs):
                self.problem = first
            else:
                text = self.tr("{count} of the runs cannot be run, and are left out: {reason}")
                first = text.format(count=full_count(len(refused)), reason=first)
            set_text(self.refused, first)
        else:
            set_text(self.refused, self.problem)
        self.refused.setVisible(bool(self.refused.text()))
        if (self._experiment, self.plan) != self._planned:
            self._planned = self._experiment, self.plan
            self._expected = None
        self._show_count()
        self._show_start()

    def _show_count(self) -> None:
        count = sum(run.problem is None for run in self.runs)
        text = self.tr("1 run") if count == 1 else self.tr("{count} runs").format(count=full_count(count))
        if self._expected is not None and count:
            text = self.tr("{runs}, about {time}").format(runs=text, time=duration(self._expected))
        set_text(self.count, text)

    def _show_start(self) -> None:
        self.start.setEnabled(not self.problem and bool(self.runs) and not self._busy)
        self.start.setToolTip(self.tr("A queue is under way. Stop it first.") if self._busy else "")

    # --- what the user does

    def _edit(self, **changes: Any) -> None:
        self._form = replace(self._form, **changes)
        self._show()
        self.form_edited.emit(self._form)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Plan"))
        self.mode.set_choices([("seeds", self.tr("Repeat")), ("sweep", self.tr("Sweep")), ("folds", self.tr("k-fold"))])
        self.mode.setAccessibleName(self.tr("Kind of plan"))
        self.seeds.set_label(self.tr("Seeds"), self.tr("How many runs: the experiment's seed and the ones after it"))
        self.folds.set_label(self.tr("Folds"), self.tr("Into how many parts the data are cut, 2 to 12"))
        self.sweep_seeds.set_label(self.tr("Seeds for each"), self.tr("How often each combination is run, with other seeds"))
        self.first.set_labels(self.tr("Setting"))
        self.second.set_labels(self.tr("And"))
        self.random.setText(self.tr("Random search"))
        self.random.setToolTip(self.tr("Draw combinations at random from the ranges instead of trying all"))
        self.draws.set_label(self.tr("Draws"))
        self.jobs.set_label(
            self.tr("Runs at a time"),
            self.tr("Cores that are there for them: {cores}. Each run takes one.").format(cores=self._cores),
        )
        self.start.setText(self.tr("Start queue"))
        self._show()
