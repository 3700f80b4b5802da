"""The bar that runs a training: play and pause, one step, stop, from the beginning; how far it is and how
fast.

It knows a `Status` and nothing of workers: what is pressed goes out as a signal, what is shown comes in with
`show_status`. Called by the labs that train.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.figures import full_count
from gui.shell.theme import THEME, theme
from gui.widgets.signs import SIGN_PX, sign

if TYPE_CHECKING:
    from engine.runs.status import Status

LEAST_PX = 700


class RunBar(QFrame):
    """Play / Pause, Step, Stop, Reset, counters, progress, speed."""

    play_pressed = Signal()  # play, or pause: what is shown may be old, so the owner decides by what was asked last
    step_pressed = Signal()
    stop_pressed = Signal()
    reset_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._status: Status | None = None
        self._ready = False
        self._longest = ""  # the counters at the end of the run
        self.play = self._button("primary")
        self.step = self._button()
        self.stop = self._button()
        self.reset = self._button()
        self.counters = QLabel()
        self.counters.setProperty("rich", True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMinimumWidth(60)
        self.speed = QLabel()
        self.speed.setProperty("role", "muted")
        self.speed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.play, self.step, self.stop, self.reset):
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.counters)
        row.addWidget(self.progress, 1)
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
        THEME.changed.connect(self._restyle)
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

    def show_status(self, status: Status | None, *, ready: bool) -> None:
        """Show how a run stands; None: nothing has run. `ready`: a run could be started now."""
        self._status = status
        self._ready = ready
        state = self.state
        busy = state in ("running", "preparing", "paused")
        follows = (busy and not self.stopping) or (ready and state == "idle")
        self.play.setEnabled(follows)
        self.step.setEnabled(follows)
        self.stop.setEnabled(busy and not self.stopping)
        self.reset.setEnabled(busy or (status is not None and state == "idle" and status.step > 0))
        self._restyle()
        self._show_texts()

    @property
    def state(self) -> str:
        return "idle" if self._status is None else self._status.state.value

    @property
    def playing(self) -> bool:
        """Whether the first button pauses."""
        return self.asked == "play" or (self.asked != "pause" and self.state in ("running", "preparing"))

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

    def _show_texts(self) -> None:
        status = self._status
        words = self.tr("Pausing...") if self.pausing else self.tr("Pause") if self.playing else self.tr("Play")
        self.play.setText(words)
        self.play.setAccessibleName(self.play.text())
        unknown = status is None or status.steps == 0
        if status is None or unknown:
            self.counters.setMinimumWidth(0)
            self.counters.setText(self.tr("Not started"))
            self._show_speed("", holding=False)
        else:
            longest = self._counters(status.epochs, status.epochs, status.steps, status.steps)
            if longest != self._longest:  # as wide as it will get, so that the bar beside it stands still
                self._longest = longest
                self.counters.setMinimumWidth(0)
                self.counters.setText(longest)
                self.counters.setMinimumWidth(self.counters.sizeHint().width())
            self.counters.setText(self._counters(status.epoch, status.epochs, status.step, status.steps))
            self._show_speed(self._fitting(self._speed_texts(status)), holding=status.reason is None)
        indeterminate = self.state == "preparing"
        self.progress.setRange(0, 0 if indeterminate else 1000)
        if not indeterminate:
            self.progress.setValue(0 if status is None or unknown else round(1000 * status.step / status.steps))
        if indeterminate:
            self.counters.setText(self.tr("Preparing ..."))
        self.progress.setAccessibleDescription(self.counters.text())

    def _counters(self, epoch: int, epochs: int, step: int, steps: int) -> str:
        text = self.tr("Epoch <b>{epoch}</b> / {epochs} · Iteration <b>{step}</b> / {steps}")
        return text.format(epoch=full_count(epoch), epochs=full_count(epochs), step=full_count(step), steps=full_count(steps))

    def _show_speed(self, text: str, *, holding: bool) -> None:
        """`holding`: its room grows with the text and does not shrink again, so that the bar beside it stands still."""
        needed = self.speed.fontMetrics().horizontalAdvance(text) + 2
        held = max(needed, self.speed.minimumWidth()) if holding else 0
        self.speed.setMinimumWidth(held)
        self.speed.setText(text)
        self.speed.setVisible(bool(text))

    def _speed_texts(self, status: Status) -> list[str]:
        """What stands at the right, the longest first; the first that fits is shown."""
        if status.reason is not None:
            text = {
                "completed": self.tr("Completed in {seconds}"),
                "stopped": self.tr("Stopped after {seconds}"),
                "diverged": self.tr("Diverged after {seconds}"),
                "failed": self.tr("Failed after {seconds}"),
            }[status.reason.value]
            return [text.format(seconds=self.duration(status.seconds))]
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

    def _fitting(self, texts: list[str]) -> str:
        """The first of `texts` that the bar has room for beside everything else."""
        buttons = sum(button.width() + 8 for button in (self.play, self.step, self.stop, self.reset))
        room = self.width() - buttons - max(self.counters.minimumWidth(), self.counters.sizeHint().width())
        room -= self.progress.minimumWidth() + 60
        metrics = self.speed.fontMetrics()
        return next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])

    def minimumSizeHint(self) -> QSize:
        """The figures give way to a narrower window, however long they are now."""
        return QSize(LEAST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.speed.setMinimumWidth(0)
        self._show_texts()

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
        self.play.setToolTip(self.tr("Play or pause (Space)"))
        self.progress.setAccessibleName(self.tr("Progress of the run"))
        self.setAccessibleName(self.tr("Run"))
        # as wide as the longest of its words, so that the bar does not jump
        metrics = self.play.fontMetrics()
        widest = max(metrics.horizontalAdvance(text) for text in (self.tr("Pause"), self.tr("Pausing..."), self.tr("Play")))
        self.play.setMinimumWidth(widest + SIGN_PX + 40)
        self.speed.setMinimumWidth(0)
        self._show_texts()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _restyle(self) -> None:
        now = theme()
        on_primary = now.on_accent if self.play.isEnabled() else now.muted
        self.play.setIcon(sign("pause" if self.playing or self.pausing else "play", on_primary))
        for button, name in ((self.step, "step"), (self.stop, "stop"), (self.reset, "reset")):
            button.setIcon(sign(name, now.text if button.isEnabled() else now.muted))  # type: ignore[arg-type]
