"""The bar that runs a training: play and pause, one step, stop, from the beginning, and after an end go on or begin anew; how
far it is and how fast.

It knows a `Status` and nothing of workers: what is pressed goes out as a signal, what is shown comes in with
`show_status`. Called by the labs that train.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractAnimation, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.experiments.experiment import Training
from engine.fields import fields
from engine.figures import full_count
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.bold_numbers import BoldNumbers
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import FilledLabel, set_text
from gui.widgets.signs import SIGN_PX, Sign, sign

if TYPE_CHECKING:
    from engine.runs.status import Status

LEAST_PX = 700


class Ended(NamedTuple):
    """What can be done after the end of a run. Where it can go on, the first button does so, or begins anew, and another button
    does the other."""

    can_go_on: bool = False
    goes_on_first: bool = False
    more: int | None = None  # epochs that a run goes on for which has done all of its own; None: it has not


class RunBar(QFrame):
    """Play / Pause, Step, Stop, Reset, counters, progress, speed. After an end the first button goes on or begins anew, and
    says which. Beside a run that is under way with other settings than those that are set, another button begins anew."""

    play_pressed = Signal()  # the first button: what is shown may be old, so the owner decides by what was asked last
    go_on_pressed = Signal()
    begin_pressed = Signal()  # anew
    more_set = Signal(object)  # epochs
    step_pressed = Signal()
    stop_pressed = Signal()
    reset_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._status: Status | None = None
        self._ended: Ended | None = None
        self._ready = False
        self._elsewhere = False
        self._pending = False
        self._others_learn = False
        self._widths: dict[str, int] = {}  # of the counters at the end of the run
        self._stands: tuple[object, ...] | None = None  # what the buttons have been brought to
        self._beside: int | None = None  # px that the buttons take beside the figures, while that is known
        self._was_busy = False  # the progress
        self._icons: dict[QPushButton, QIcon] = {}
        self.play = self._button("primary")
        self.step = self._button()
        self.stop = self._button()
        self.reset = self._button()
        self.other = self._button()
        self.other.hide()
        self.more = NumberRow(fields(Training)["epochs"])
        self.more.slider.hide()
        self.more.head.setMinimumWidth(0)
        self.more.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.more.hide()
        self.counters = BoldNumbers()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMinimumWidth(60)
        self.speed = FilledLabel()
        self.speed.setProperty("role", "muted")
        self.speed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.play, self.step, self.stop, self.reset, self.other):  # the other one moves none of them
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.counters)
        row.addWidget(self.progress, 1)
        row.addWidget(self.more)
        row.addStretch(0)  # where there is no progress
        row.addWidget(self.speed)
        self.foot = QVBoxLayout()  # room for a line of the lab's below
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 14, 8)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(self.foot)
        self.play.clicked.connect(self.play_pressed)
        self.step.clicked.connect(self.step_pressed)
        self.stop.clicked.connect(self.stop_pressed)
        self.reset.clicked.connect(self.reset_pressed)
        self.other.clicked.connect(self._other_clicked)
        self.more.value_changed.connect(self.more_set)
        restyle_when_seen(self, self._restyle)
        self._restyle()
        self.retranslate()

    def _button(self, role: str = "") -> QPushButton:
        button = QPushButton()
        if role:
            button.setProperty("role", role)
        button.setIconSize(QSize(SIGN_PX, SIGN_PX))
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button

    # --- what is shown

    def show_status(
        self,
        status: Status | None,
        *,
        ready: bool,
        ended: Ended | None = None,
        elsewhere: bool = False,
        pending: bool = False,
        beside: bool = False,
    ) -> None:
        """Show how a run stands; None: nothing has run. `ready`: a run could be begun now. `ended`: what can be done after its
        end. `elsewhere`: another process is writing it, so that only another run can be begun here. `pending`: the settings
        are no more those of the run under way, so that another one can be begun with them. `beside`: others beside it are under
        way, which Stop ends, too."""
        self._status = status
        self._ended = ended
        self._pending = pending
        self._ready = ready
        self._elsewhere = elsewhere
        self._others_learn = beside
        stands = (self.state, self.asked, self._has_begun, ready, ended, elsewhere, pending, beside)
        if stands != self._stands:
            self._stands = stands
            self._show_stand()
        self._show_figures()

    def _show_stand(self) -> None:
        """Bring the buttons and their words to how the run stands."""
        ready, ended, elsewhere, state = self._ready, self._ended, self._elsewhere, self.state
        busy = state in ("running", "preparing", "paused") and not elsewhere
        follows = (busy and not self.stopping) or (state == "idle" and (ready or self.goes_on))
        self.play.setEnabled(follows)
        self.step.setEnabled(follows)
        self.stop.setEnabled((busy or self._others_learn) and not self.stopping)
        self.reset.setEnabled(busy or (state == "idle" and self._has_begun))
        room_before = self._room()
        self.other.setVisible(elsewhere or (busy and self._pending) or (ended is not None and ended.can_go_on))
        self.other.setEnabled((ready or not self._other_begins) and not self.stopping)
        more = None if ended is None else ended.more
        self.more.setVisible(more is not None)
        self.progress.setVisible(more is None)  # it is full then
        if more is not None:
            self.more.set_value(more)
        self._beside = None
        if self._room() < room_before:
            self.speed.setMinimumWidth(0)  # what it held belongs to the new neighbour
        self._restyle()
        self._show_words()
        self._beside = None

    @property
    def _has_begun(self) -> bool:
        return self._status is not None and self._status.step > 0

    @property
    def state(self) -> str:
        return "idle" if self._status is None else self._status.state.value

    @property
    def playing(self) -> bool:
        """Whether the first button pauses."""
        return not self._elsewhere and self._plays()

    def _plays(self) -> bool:
        return self.asked == "play" or (self.asked != "pause" and self.state in ("running", "preparing"))

    @property
    def goes_on(self) -> bool:
        """Whether the first button goes on with a run that has ended."""
        return self.state == "idle" and self._ended is not None and self._ended.goes_on_first

    @property
    def _other_begins(self) -> bool:
        """Whether the other button begins a new run, and does not go on with the one that has ended."""
        return self.goes_on or self._elsewhere or self.state != "idle"

    @property
    def pausing(self) -> bool:
        """Whether a pause has been asked for that waits for the end of a step."""
        return self.state == "running" and self.asked == "pause"

    @property
    def stopping(self) -> bool:
        """Whether the end has been asked for, and has not come yet."""
        return self.state != "idle" and self.asked == "stop"

    @property
    def asked(self) -> str:
        return "" if self._status is None or self._status.asked is None else self._status.asked.value

    def _show_figures(self) -> None:
        status = self._status
        unknown = status is None or status.steps == 0
        if status is None or unknown:
            self._show_beginning(status)
            self._show_speed("", holding=False)
        else:
            room, speeds = self._room(), self._speed_texts(status)
            shortest = self.speed.fontMetrics().horizontalAdvance(speeds[-1]) + 2
            self._show_counters(status, room - shortest)
            self._show_speed(self._fitting(speeds, room), holding=status.reason is None)
        indeterminate = self.state == "preparing" and (status is None or status.replaying is None)
        self.progress.setRange(0, 0 if indeterminate else 1000)
        if not indeterminate:
            self.progress.setValue(self._thousandths(status))
            if self._was_busy:
                for busy in self.progress.findChildren(QAbstractAnimation):  # Qt's style goes on with it, unseen, for ever
                    busy.stop()
        self._was_busy = indeterminate
        self.progress.setAccessibleDescription(self.counters.text())

    def _show_beginning(self, status: Status | None) -> None:
        """What the counters say of a run that has no length yet."""
        text = self.tr("Preparing ...") if self.state == "preparing" else self.tr("Not started")
        widest = text
        if status is not None and status.replaying is not None:
            done, steps = map(full_count, status.replaying)
            words = self.tr("Computing again: {done} / {steps}")
            text, widest = words.format(done=done, steps=steps), words.format(done=steps, steps=steps)
        self._write(self.counters, text, self.counters.fontMetrics().horizontalAdvance(widest) + 2)

    @staticmethod
    def _thousandths(status: Status | None) -> int:
        """How far the bar is."""
        if status is not None and status.replaying is not None and not status.steps:
            return round(1000 * status.replaying[0] / max(1, status.replaying[1]))
        return 0 if status is None or not status.steps else round(1000 * status.step / status.steps)

    def _show_words(self) -> None:
        """Write on the first button what it does, and so Space, and on the other one what else can be done."""
        anew, goes_on = self.tr("Begin anew"), self.tr("Go on")
        anew_tip = self.tr("A new run from iteration 0, with the settings as they are. The one before stays in its folder")
        goes_on_tip = self.tr("Go on where the run has ended")
        words, tip = self.tr("Play"), self.tr("Play or pause")
        if self.pausing:
            words = self.tr("Pausing...")
        elif self.playing:
            words = self.tr("Pause")
        elif self.goes_on:
            words, tip = goes_on, goes_on_tip
        elif self._ended is not None:
            words, tip = anew, anew_tip
        elif self.state == "paused":
            words = goes_on
        self.play.setText(words)
        self.play.setAccessibleName(words)
        begins = self._other_begins
        tip, other_tip = self.tr("{what} (Space)").format(what=tip), anew_tip if begins else goes_on_tip
        self.other.setText(anew if begins else goes_on)
        self.other.setAccessibleName(self.other.text())
        for button, said in ((self.play, tip), (self.other, other_tip)):
            if said != button.toolTip():
                button.setToolTip(said)

    @Slot()
    def _other_clicked(self) -> None:
        (self.begin_pressed if self._other_begins else self.go_on_pressed).emit()

    def _show_counters(self, status: Status, room: int) -> None:
        """Write how far it is, as long as there is room beside the buttons; in as much room as it will get, so that the bar
        beside it stands still."""
        pairs = (
            self.tr("Epoch <b>{epoch}</b> / {epochs} · Iteration <b>{step}</b> / {steps}"),
            self.tr("Epoch <b>{epoch}</b> / {epochs}"),
            "<b>{epoch}</b> / {epochs}",  # the epochs to go on for stand beside it
        )
        ends = {"epochs": full_count(status.epochs), "steps": full_count(status.steps)}
        for words in pairs:
            longest = words.format(epoch=ends["epochs"], step=ends["steps"], **ends)
            if longest not in self._widths:
                self._widths[longest] = self.counters.needed(longest)
            if self._widths[longest] <= room:
                break
        text = words.format(epoch=full_count(status.epoch), step=full_count(status.step), **ends)
        self._write(self.counters, text, self._widths[longest])

    def _room(self) -> int:
        """How much the counters and the figures at the right have together."""
        if self._beside is None:
            buttons = (self.play, self.step, self.stop, self.reset, self.other)
            taken = sum(
                max(button.minimumWidth(), button.sizeHint().width()) + 8 for button in buttons if not button.isHidden()
            )
            between = self.progress.minimumWidth() if self.more.isHidden() else self.more.sizeHint().width()
            self._beside = taken + between + 60
        return self.width() - self._beside

    def _show_speed(self, text: str, *, holding: bool) -> None:
        """`holding`: its room grows with the text and does not shrink again, so that the bar beside it stands still."""
        needed = self.speed.fontMetrics().horizontalAdvance(text) + 2
        held = self.speed.minimumWidth() if holding else 0
        self._write(self.speed, text, max(held, needed))
        self.speed.setVisible(bool(text))

    @staticmethod
    def _write(label: QLabel, text: str, width: int) -> None:
        """Write a text that changes all the time, in a place of fixed size: in any other, each new text would have the whole
        window laid out and painted again."""
        set_text(label, text)
        if label.minimumWidth() != width or label.maximumWidth() != width:
            label.setFixedWidth(width)
        height = label.fontMetrics().height() + 2
        if label.maximumHeight() != height:
            label.setFixedHeight(height)

    def _speed_texts(self, status: Status) -> list[str]:
        """What stands at the right, the longest first; the first that fits is shown."""
        if status.reason is not None:
            text = {
                "completed": self.tr("Completed in {seconds}"),
                "stopped": self.tr("Stopped after {seconds}"),
                "diverged": self.tr("Diverged after {seconds}"),
                "failed": self.tr("Failed after {seconds}"),
            }[status.reason.value]
            return [text.format(seconds=self.duration(status.seconds)), ""]
        if self._elsewhere:
            return [self.tr("Another process is writing"), ""]
        if self.state == "finishing":
            return [self.tr("Saving ...")]
        if self.stopping:
            return [self.tr("Stopping ...")]
        if self.state == "paused":
            return [self.tr("Paused after {seconds}").format(seconds=self.duration(status.seconds))]
        rate = status.steps_per_second
        if rate <= 0.0:
            return [""]
        steps = self.tr("{steps} steps/s").format(steps=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}")
        samples = self.tr("{samples} samples/s").format(samples=f"{status.samples_per_second:,.0f}")
        if status.seconds_left is None:
            return [f"{steps} · {samples}", steps]
        left = self.tr("{time} left").format(time=self.duration(status.seconds_left))
        return [f"{steps} · {samples} · {left}", f"{steps} · {left}", left]

    def _fitting(self, texts: list[str], room: int) -> str:
        """The first of `texts` that the bar has `room` for beside the counters."""
        room -= self.counters.minimumWidth()
        metrics = self.speed.fontMetrics()
        return next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])

    def minimumSizeHint(self) -> QSize:
        """The figures give way to a narrower window, however long they are now."""
        return QSize(LEAST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.speed.setMinimumWidth(0)
        self._show_figures()

    def duration(self, seconds: float) -> str:
        """Seconds in words that fit their size."""
        if seconds < 10:
            return self.tr("{s} s").format(s=f"{seconds:.1f}")
        if seconds < 60:
            return self.tr("{s} s").format(s=f"{seconds:.0f}")
        if seconds < 3600:
            return self.tr("{m} min {s} s").format(m=int(seconds // 60), s=int(seconds % 60))
        return self.tr("{h} h {m} min").format(h=int(seconds // 3600), m=int(seconds % 3600 // 60))

    def retranslate(self) -> None:
        for button, text, tip in (
            (self.step, self.tr("Step"), self.tr("One iteration: one batch forward, backward, update (Right)")),
            (self.stop, self.tr("Stop"), self.tr("End the run and keep what it has learned")),
            (self.reset, self.tr("Reset"), self.tr("End the run and begin again at iteration 0 (Backspace)")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(text)
        self.more.set_label(self.tr("More epochs"), self.tr("For how many epochs a completed run goes on"))
        self.progress.setAccessibleName(self.tr("Progress of the run"))
        self.setAccessibleName(self.tr("Run"))
        # as wide as the longest of its words, so that the bar does not jump
        metrics = self.play.fontMetrics()
        words = (self.tr("Pause"), self.tr("Pausing..."), self.tr("Play"), self.tr("Go on"), self.tr("Begin anew"))
        widest = max(metrics.horizontalAdvance(text) for text in words)
        self.play.setMinimumWidth(widest + SIGN_PX + 40)
        self.speed.setMinimumWidth(0)
        self._show_words()
        self._beside = None
        self._widths.clear()
        self._show_figures()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._beside = None
            self._widths.clear()
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _restyle(self) -> None:
        now = theme()
        first: Sign = "pause" if self.playing or self.pausing else "play"
        other: Sign = "anew" if self._other_begins else "play"
        signs: tuple[tuple[QPushButton, Sign], ...] = (
            (self.play, first),
            (self.step, "step"),
            (self.stop, "stop"),
            (self.reset, "first"),
            (self.other, other),
        )
        for button, name in signs:
            colour = now.muted if not button.isEnabled() else now.on_accent if button is self.play else now.text
            if (icon := sign(name, colour)) is not self._icons.get(button):  # a button is painted anew for every icon
                self._icons[button] = icon
                button.setIcon(icon)
