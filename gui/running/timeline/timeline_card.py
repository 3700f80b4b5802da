"""The strip under the results that takes all of them to a moment of the run: a scrubber over the kept moments, a replay, the
way back to now, and a new run from there.

It knows the kept weights of one run and nothing of workers or pages: which moment is chosen goes out as a signal. Called by the
training lab.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import full_count
from engine.runs.timeline.kept_weights import KeptWeights
from gui.bridge import Latest
from gui.running.timeline.moment_pictures import is_of_a_plane
from gui.running.timeline.moment_strip import MomentStrip
from gui.running.timeline.past_answers import PictureReader, PicturesAnswer, PicturesRequest
from gui.shell.theme import restyle_when_seen, set_role, theme
from gui.widgets.labels import label
from gui.widgets.one_line import FilledLine
from gui.widgets.signs import SIGN_PX, sign

REPLAY_MS = 60  # a moment, or longer where the pages take longer
TEXT_PX = 208
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class ShownRun:
    """What the strip needs to know of the run on the screen. `steps`: of the whole run; `step`: that it is at now.
    `takes_settings`: a branch takes from the settings what may be changed in mid-run; else they are another experiment's."""

    experiment: Experiment
    kept: KeptWeights
    step: int
    steps: int
    can_branch: bool
    takes_settings: bool = True


class TimelineCard(QFrame):
    """`moment` is the step that is looked at; None: now."""

    moment_chosen = Signal(object)  # a step, or None for now: by the user, or by the replay
    branch_asked = Signal(int)  # a step

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._run: ShownRun | None = None
        self._steps: tuple[int, ...] = ()  # of all moments, kept or to come
        self._kept = 0
        self.moment: int | None = None
        self.title = label("title")
        self.where = FilledLine("worked")
        self.memory = FilledLine("small")
        self.strip = MomentStrip()
        self.play, self.now, self.branch = QPushButton(), QPushButton(), QPushButton()
        self._replay = QTimer(self)
        self._replay.setInterval(REPLAY_MS)
        self._replay.timeout.connect(self._next_moment)
        self._waiting = False  # for the pages, in a replay
        self._icon: QIcon | None = None  # of the button that plays
        self._is_compact = False
        self._pictured: str | None = None  # the name of the weights that the small pictures show
        self._ready = False  # torch is there
        self._pictures: Latest[PicturesRequest, PicturesAnswer] = Latest(PictureReader(), self, name="moment-pictures")
        self._pictures.answered.connect(self._take_pictures)
        self._lay_out()
        self.strip.chosen.connect(self._chosen)
        self.strip.pictures_wanted.connect(self._ask_pictures)
        self.play.clicked.connect(self.play_or_stop)
        self.now.clicked.connect(self.back_to_now)
        self.branch.clicked.connect(self._branch_clicked)
        restyle_when_seen(self, self._restyle)
        self.retranslate()
        self._show()

    def _lay_out(self) -> None:
        self._texts = texts = QWidget()
        texts.setFixedWidth(TEXT_PX)
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for text in (self.title, self.where, self.memory):
            column.addWidget(text)
        self._buttons = buttons = QGridLayout()
        buttons.setSpacing(6)
        self.play.setIconSize(QSize(SIGN_PX, SIGN_PX))
        self._place_buttons()
        for button in (self.play, self.now, self.branch):
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            set_role(button, "compact")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(texts)
        row.addWidget(self.strip, 1)
        row.addLayout(buttons)

    def _place_buttons(self) -> None:
        """In two rows, or in one."""
        self._buttons.addWidget(self.play, 0, 0)
        self._buttons.addWidget(self.now, 0, 1)
        self._buttons.addWidget(self.branch, *((0, 2) if self._is_compact else (1, 0, 1, 2)))

    def set_compact(self, compact: bool) -> None:
        """In a low window the curves have the room of the pictures."""
        if compact == self._is_compact:
            return
        self._is_compact = compact
        self.strip.set_pictures_shown(not compact)
        self.title.setVisible(not compact)
        self.memory.setVisible(not compact)
        self._place_buttons()
        self._write()
        self._hold_texts()

    def _hold_texts(self) -> None:
        """The texts have a fixed size: of any other, each new figure would have the whole window laid out and painted again."""
        for part in (self.where, self.memory):
            part.setFixedSize(TEXT_PX, part.sizeHint().height())
        parts = [part for part in (self.title, self.where, self.memory) if not part.isHidden()]
        spacing = max(0, len(parts) - 1)
        self._texts.setFixedHeight(sum(part.sizeHint().height() for part in parts) + spacing)

    # --- which run

    def show_run(self, run: ShownRun | None) -> None:
        """Follow the run: what has been kept since is on the strip, and stays where it is. None: no run is shown."""
        before, self._run = self._run, run
        if before is not None and (run is None or not _is_same_run(before.kept, run.kept)):
            self._leave()
        if run is not None:
            kept = run.kept.steps
            if (
                (len(kept), kept[-1:]) != (self._kept, self._steps[self._kept - 1 : self._kept])
                or before is None
                or before.steps != run.steps
            ):
                self._steps, self._kept = run.kept.planned(run.steps), len(kept)
                self.strip.set_moments(self._steps, self._kept)
        if self.moment is not None and self.moment not in self._steps[: self._kept]:  # a longer run has thinned them
            self._choose(None)
        self._show()

    def _leave(self) -> None:
        """Another run is shown, or none: nothing of this one stays."""
        self._replay.stop()
        self._pictures.forget()
        self.strip.forget_pictures()
        self._steps, self._kept = (), 0
        self.strip.set_moments((), 0)
        if self.moment is not None:
            self._choose(None)

    # --- which moment

    def go_to(self, step: int | None) -> None:
        """Show the last kept moment up to `step`, or now."""
        if step is None or self._run is None:
            self._choose(None)
        else:
            self._choose(self._run.kept.up_to(step))

    @Slot()
    def back_to_now(self) -> None:
        self._replay.stop()
        self._choose(None)

    def _choose(self, step: int | None) -> None:
        changed, self.moment = step != self.moment, step
        self._show()
        if changed:
            self.moment_chosen.emit(step)

    @Slot(int)
    def _chosen(self, number: int) -> None:
        self._replay.stop()
        self._choose(self._steps[number])

    # --- the replay

    @property
    def plays(self) -> bool:
        return self._replay.isActive()

    @Slot()
    def play_or_stop(self) -> None:
        """Go through the moments from the one that is shown, or from the first where it is the last or now."""
        if self.plays:
            self._replay.stop()
            self._show()
            return
        if not self._kept:
            return
        self._waiting = False
        if self.moment is None or self.moment == self._steps[self._kept - 1]:
            self._choose(self._steps[0])
        self._replay.start()
        self._show()

    def arrived(self) -> None:
        """The pages show the moment: the replay may go on."""
        self._waiting = False

    def wait_for_pages(self) -> None:
        """The replay goes on when the pages have `arrived` at this moment."""
        self._waiting = True

    @Slot()
    def _next_moment(self) -> None:
        if self._waiting:
            return
        following = self._number() + 1
        if following >= self._kept:
            self._replay.stop()
            self._show()
            return
        self._choose(self._steps[following])

    @Slot()
    def _branch_clicked(self) -> None:
        if self.moment is not None:
            self._replay.stop()
            self.branch_asked.emit(self.moment)

    # --- what is seen

    def _number(self) -> int:
        """Of the moment that is shown; of the last one where that is now."""
        return self._kept - 1 if self.moment is None else self._steps.index(self.moment)

    def _show(self) -> None:
        past = self.moment is not None
        self.strip.set_place(max(0, self._number()), is_past=past)
        self.play.setEnabled(self._kept > 1)
        self.now.setEnabled(past)
        self.branch.setEnabled(past and self._run is not None and self._run.can_branch)
        role = "accent_line" if past else "worked"
        if self.where.property("role") != role:
            set_role(self.where, role)
        self._write()
        self._restyle()

    def _write(self) -> None:
        run = self._run
        tip = self.tr(
            "A new run that begins with this moment, with what may be changed in mid-run as it is set at the left: the "
            "learning rate, say. This run stays as it is"
        )
        if run is not None and not run.takes_settings:
            tip = self.tr(
                "A new run that begins with this moment, with this run's own settings: those at the left are another "
                "experiment's. This run stays as it is"
            )
        if tip != self.branch.toolTip():
            self.branch.setToolTip(tip)
        if run is None or not self._kept:
            self._write_reason()
            return
        number, count = full_count(self._number() + 1), full_count(self._kept)
        step = full_count(run.step if self.moment is None else self.moment)
        if self.moment is None:
            long, short = self.tr("Now: iteration {step}"), self.tr("Now: iteration {step}")
        else:
            long, short = self.tr("Iteration {step} · moment {number}/{count}"), self.tr("Iteration {step} · {number}/{count}")
        said = [text.format(step=step, number=number, count=count) for text in (long, short)]
        self.strip.setAccessibleDescription(said[0])
        used, budget = f"{run.kept.bytes_used / MB:.1f}", f"{run.kept.budget / MB:.0f}"
        text = self.tr("{count} moments, {used} of {budget} MB").format(count=count, used=used, budget=budget)
        tip = self.tr(
            "The weights are kept at up to 200 moments, evenly on a logarithmic scale of iterations: most at the beginning."
        )
        if run.kept.is_thinned:
            tip = self.tr("This network is large: the memory has room for fewer than 200 moments.")
        self.memory.set_text(text, tip=tip)
        self.where.set_text(*said, tip=text if self._is_compact else "")

    def _write_reason(self) -> None:
        """Why there are no moments."""
        run = self._run
        if run is None:
            where, why = self.tr("Nothing yet"), self.tr("Moments come with a run.")
        elif run.kept.layout.size > run.kept.budget // 2:
            size = f"{run.kept.layout.size / MB:,.0f}"
            where, why = self.tr("No moments are kept"), self.tr("Too large: {size} MB a moment").format(size=size)
        else:
            where, why = self.tr("No moments were kept"), self.tr("This run has no timeline.")
        self.where.set_text(where)
        self.memory.set_text(why)
        self.strip.setAccessibleDescription(where)

    # --- pictures

    def torch_ready(self) -> None:
        """What a network answers can be drawn from now on."""
        self._ready = True
        self._ask_pictures()

    @Slot()
    def _ask_pictures(self) -> None:
        if self._run is not None and not self._ready and is_of_a_plane(self._run.experiment):
            return
        if self._run is not None and (missing := self.strip.missing_steps()):
            side = round(self.strip.height())
            self._pictures.ask(PicturesRequest(self._run.kept, self._run.experiment, missing, min(side, 33)))

    @Slot(object)
    def _take_pictures(self, answer: PicturesAnswer) -> None:
        if self._run is not None and answer.request.kept is self._run.kept:
            self.strip.add_pictures(answer.pictures)
            self._pictured = answer.weights
            self._name_strip()

    # --- keys, words and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.moment is not None:
            self.back_to_now()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._replay.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Timeline"))
        self.setAccessibleName(self.tr("Timeline"))
        self.strip.setAccessibleName(self.tr("Moment of the run"))
        self._name_strip()
        self.now.setText(self.tr("Now", "timeline"))
        self.now.setToolTip(self.tr("Back to the network as it is now (Esc)"))
        self.branch.setText(self.tr("Go on from here"))
        self._write()
        self._name_play()
        self._hold_texts()

    def _restyle(self) -> None:
        colour = theme().text if self.play.isEnabled() else theme().muted
        icon = sign("pause" if self.plays else "play", colour)
        if icon is self._icon:
            return
        self._icon = icon
        self.play.setIcon(icon)
        self._name_play()

    def _name_strip(self) -> None:
        tip = self.tr("Everything above shows the network as it was at this moment (←, →, Home, End; Esc: now)")
        if self._pictured is not None:
            shows = self.tr("The small pictures are its weights {name}: blue below 0, red above.")
            tip += "\n" + shows.format(name=self._pictured)
        elif self._run is not None and is_of_a_plane(self._run.experiment):
            tip += "\n" + self.tr("The small pictures are its answers in the plane, in the colours of the classes.")
        self.strip.setToolTip(tip)

    def _name_play(self) -> None:
        name = self.tr("Stop the replay") if self.plays else self.tr("Replay the learning")
        self.play.setToolTip(name)
        self.play.setAccessibleName(name)

    def close_timeline(self, timeout_s: float) -> None:
        self._replay.stop()
        self._pictures.close(timeout_s)


def _is_same_run(one: KeptWeights, other: KeptWeights) -> bool:
    """Whether both are of one run: what is read back from its folder may be another object."""
    return one is other or (one.path is not None and one.path == other.path)
