"""The left column of a lab that trains: what is set, in rows that scroll, and below them what is said of it, which stands where
it is under the hand.

It shows an experiment and emits an edited one; what becomes of it is the lab's. No torch: everything here is on screen before
torch is imported. Derived from by each such lab's panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.info import DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import taken_over
from engine.fields import edited, fields
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator
from gui.widgets.menu_button import MenuButton
from gui.widgets.scrolled_page import ScrolledPage

HEADER = 30  # as high as the other cards' with their buttons
WORDS = "fields_training"


class SettingsPanel(Card):
    """Shows `experiment`. Emits `experiment_edited` with the whole new one when the user changes something, before that
    `settings_edited` where a run under way can take it over. `experiment_opened`: another one is taken.

    `choice`, of what there is to open, stands in the header. A subclass puts its rows into `column`, then calls `end_with`, and
    shows the experiment in `show_settings`."""

    experiment_edited = Signal(object)
    experiment_opened = Signal(object)
    settings_edited = Signal(object)  # name -> value, of those that may be changed in mid-run

    def __init__(self, first: Experiment, width: int, choice_px: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(width)
        self.problem = ""  # why what is set cannot be run, in words; empty: it can
        self._experiment = first
        self._pending, self._follows = False, True
        self.seed = NumberRow(fields(Experiment)["seed"])
        self.problem_box = label("warning", wraps=True)
        self.pending_box = label("muted", wraps=True)
        self.export = MenuButton()  # whose menu is the lab's; below the rows, where a subclass has no place for it
        self.choice = ChoiceRow()
        self.choice.setFixedWidth(choice_px)  # beside the title, which names it
        self.tools.addWidget(self.choice)  # before the rest, also for the Tab key
        self.tools.addStrut(HEADER)
        self.tools.setContentsMargins(0, 0, 8, 0)
        self.page = QWidget()
        self.area = ScrolledPage(self.page)
        self.body.addWidget(self.area, 1)  # before it is filled: what is moved is styled once more, with all that is in it
        self.column = QVBoxLayout(self.page)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(7)
        self.seed.value_changed.connect(self._seed_edited)
        self.experiment_opened.connect(self._to_the_top)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    def end_with(self, *said: QWidget) -> None:
        """Below the rows: the problem, `said`, and what the run under way has otherwise."""
        if self.export.parent() is None:
            self.column.addWidget(separator())
            self.column.addWidget(self.export, alignment=Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 0, 8, 0)
        foot.setSpacing(6)
        for each in (self.problem_box, *said, self.pending_box):
            foot.addWidget(each)
        self.body.addLayout(foot)

    # --- what is shown

    @property
    def experiment(self) -> Experiment:
        return self._experiment

    def show_experiment(self, experiment: Experiment, opened: Experiment | None = None) -> None:
        """Show it; nothing is emitted. `opened` is what it was edited from."""
        self._experiment = experiment
        self.show_settings()

    def show_settings(self) -> None:
        """Bring every row, and `problem`, to the experiment."""
        raise NotImplementedError

    def info(self) -> DataInfo | None:
        """What the data are; None where they cannot be had."""
        try:
            return describe(self._experiment.data)
        except DatasetError:
            return None

    def set_pending(self, pending: bool, *, follows: bool = True) -> None:
        """Whether what is shown differs from the run that is under way. `follows`: that run takes over a learning rate that is
        edited."""
        if (pending, follows) != (self._pending, self._follows):
            self._pending, self._follows = pending, follows
            self._write_pending()

    def _write_pending(self) -> None:
        text, tip = self.tr("The run under way has other settings. Begin anew, above, starts a run with these."), ""
        if self._follows:
            reaches, tip = self.taken_at_once()
            text += " " + reaches
        self.pending_box.setText(text)
        self.pending_box.setToolTip(tip)
        self.pending_box.setVisible(self._pending)

    def taken_at_once(self) -> tuple[str, str]:
        """Which of its rows reach a run that is under way: a sentence, and a tip that names all of them."""
        raise NotImplementedError

    # --- what the user does

    def take(self, experiment: Experiment) -> None:
        """What the user has made of it."""
        changed = taken_over(self._experiment, experiment)
        self._experiment = experiment
        if changed:
            self.settings_edited.emit(changed)
        self.show_settings()
        self.experiment_edited.emit(experiment)

    @Slot()
    def _to_the_top(self) -> None:
        """What another experiment is about stands in its first rows."""
        self.area.verticalScrollBar().setValue(0)

    def _seed_edited(self, seed: int) -> None:
        self.take(edited(self._experiment, seed=seed))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Called by a subclass after its own words."""
        self.export.setText(self.tr("Export"))
        self.export.setToolTip(self.tr("As a script or a notebook, and the run for other programs"))
        self.seed.set_label(say(WORDS, "seed"), say(WORDS, "seed.help"))
        self._write_pending()
        self.show_settings()
        QTimer.singleShot(0, self, self.align_rows)  # after the forms, which align their own rows when they are told

    @Slot()
    def align_rows(self) -> None:
        """Bring the rows' controls below each other."""
        raise NotImplementedError
