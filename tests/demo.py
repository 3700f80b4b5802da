"""`make demo`: the main job without a screen. The real window is opened offscreen and used as a learner would: sliders are
dragged, a CNN and an LSTM are trained, in both languages and both themes. The pictures land in `demo/`, a table says what was
done.

The exit code is 1 when a run did not learn what it must.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSlider, QStyle, QStyleOptionSlider, QWidget

from engine import experiment
from engine.files import FOLDER_VARIABLE
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.training.lab import TrainingLab
from gui.main_window import MainWindow
from gui.shell import settings, theme
from gui.shell.language import Language

FOLDER = Path("demo")
SIZE, SMALL = QSize(1440, 900), QSize(1024, 700)
DIGITS_ACCURACY = 0.96
ADDING_ERROR = 0.01
COURSE = (  # the 5x5 image under the 3x3 filter, as the courses write it on the board
    (21, 59, 37, -19, 2),
    (30, 51, 66, 20, 43),
    (-14, 31, 49, 101, -19),
    (59, 15, 53, -2, 21),
    (49, 57, 64, 76, 10),
)


class Demo:
    """Uses one window, and keeps the table of what it did."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.rows: list[tuple[str, str, float]] = []
        self.failed: list[str] = []
        self.window = self.open_window()

    def open_window(self) -> MainWindow:
        window = MainWindow(settings.settings_file(), chosen_language="ko")
        ready: list[bool] = []
        window.torch_is_ready.connect(lambda: ready.append(True))
        window.resize(SIZE)
        window.show()
        self.until(lambda: bool(ready), 60, "torch")
        return window

    @property
    def convolution(self) -> ConvolutionLab:
        lab = self.window.lab("convolution")
        assert isinstance(lab, ConvolutionLab)
        return lab

    @property
    def training(self) -> TrainingLab:
        lab = self.window.lab("training")
        assert isinstance(lab, TrainingLab)
        return lab

    # --- hands and eyes

    def until(self, come: Callable[[], bool], most_s: float, what: str) -> None:
        """Go on with the window's life until `come`."""
        end = time.monotonic() + most_s
        while not come():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {most_s} s in vain for: {what}")
            self.app.processEvents()
            time.sleep(0.002)

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, seconds + 1, "rest")

    def drag(self, slider: QSlider, target: int) -> None:
        """Take the slider's handle with the mouse and move it to `target`, a position at a time."""
        step = 1 if target >= slider.value() else -1
        self.mouse(slider, QEvent.Type.MouseButtonPress, slider.value())
        for position in range(slider.value(), target + step, step):
            self.mouse(slider, QEvent.Type.MouseMove, position)
            self.rest(0.016)
        self.mouse(slider, QEvent.Type.MouseButtonRelease, target)

    def mouse(self, slider: QSlider, kind: QEvent.Type, position: int) -> None:
        option = QStyleOptionSlider()
        slider.initStyleOption(option)
        option.sliderPosition = position
        control, handle = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        spot = QPointF(slider.style().subControlRect(control, option, handle, slider).center())
        buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        where = slider.mapToGlobal(spot)
        event = QMouseEvent(kind, spot, where, Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier)
        self.app.sendEvent(slider, event)

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        self.app.processEvents()
        (widget or self.window).grab().save(str(FOLDER / f"{name}.png"))

    def note(self, what: str, result: str, seconds: float, *, met: bool = True) -> None:
        self.rows.append((what, result, seconds))
        if not met:
            self.failed.append(what)

    # --- what a learner does

    def look(self, language: Language, scheme: theme.Choice) -> None:
        """Both labs as they stand, in one language and theme, large and small."""
        self.window._choose_language(language)
        theme.apply(scheme)
        for lab in ("convolution", "training"):
            self.window.show_lab(lab)
            for size, suffix in ((SIZE, ""), (SMALL, "-small")):
                self.window.resize(size)
                self.rest(0.4)
                self.picture(f"{lab}-{language}-{scheme}{suffix}")
        self.window.resize(SIZE)

    def explore(self) -> None:
        """Drag every slider of the convolution lab there and back, and see that the answer follows."""
        self.window.show_lab("convolution")
        panel = self.convolution.panel
        start = time.monotonic()
        answers = set()
        moved = 0
        for row in (panel.kernel.rows[0], panel.stride, panel.dilation, panel.out_channels, panel.padding, panel.seed):
            before = row.slider.value()
            for target in (min(before + 6, row.slider.maximum()), before):
                self.drag(row.slider, target)
                moved += 1
                answers.add(self.convolution.answers.value("output"))
            if row is panel.stride:
                self.picture("convolution-dragged")
        self.rest(0.5)
        result = f"{moved} drags, {len(answers)} output shapes, now {self.convolution.answers.value('output')}"
        self.note("convolution lab: sliders dragged", result, time.monotonic() - start, met=len(answers) > 3)

    def one_cell(self) -> None:
        """Walk the filter of the courses' example over its image, a press of the step button a cell, and read every sum."""
        self.window.show_lab("convolution")
        before = self.convolution.state()
        start = time.monotonic()
        self.convolution.panel.course.click()
        self.until(lambda: not self.convolution.busy(), 10, "the example's map")
        card = self.convolution.scene_card
        sums: dict[tuple[int, int], int] = {}
        for _ in range(25):
            card.step.click()
            self.until(lambda: not card.writing, 5, "the sum of a cell")
            cell = card.scene.cell
            assert cell is not None
            sums[cell] = int(card.arithmetic.total.replace("−", "-"))
        self.picture("one-cell")
        right = sums == {(row, column): COURSE[row][column] for row in range(5) for column in range(5)}
        result = f"{len(sums)} sums, {'each as in the courses' if right else 'not those of the courses'}"
        self.note("one cell after the other", result, time.monotonic() - start, met=right)
        self.convolution.set_state(before)
        self.until(lambda: not self.convolution.busy(), 10, "the maps of before")

    def train(self, preset: str, *, drag_meanwhile: bool = False) -> None:
        """Train a preset to its end, with a picture in the middle and one at the end."""
        self.window.show_lab("training")
        self.training.open_experiment(experiment.preset(preset))
        start = time.monotonic()
        ended: list[object] = []
        self.training.run_ended.connect(ended.append)
        self.training.play()
        self.until(lambda: self.training.run_in_progress() or bool(ended), 30, "the start of the run")
        self.rest(1.5)
        self.picture(f"{preset}-running")
        if drag_meanwhile:
            self.explore()
            self.window.show_lab("training")
        self.until(lambda: bool(ended), 600, f"the end of {preset}")
        self.rest(0.6)
        self.picture(f"{preset}-done")
        status = ended[0]
        seconds = time.monotonic() - start
        loss, accuracy = status.validation_loss, status.validation_accuracy  # type: ignore[attr-defined]
        assert isinstance(loss, float)
        if accuracy is None:
            met = loss < ADDING_ERROR or preset != "adding-lstm"
            self.note(f"{preset} trained", f"validation error {loss:.4f}", seconds, met=met)
        else:
            met = accuracy >= DIGITS_ACCURACY or preset != "digits-cnn"
            self.note(f"{preset} trained", f"validation accuracy {accuracy:.1%}, loss {loss:.4f}", seconds, met=met)

    def come_back(self) -> None:
        """Close the window in mid-run and open it again: everything is where it was."""
        self.window._choose_language("en")
        theme.apply("light")
        self.window.show_lab("training")
        self.training.open_experiment(experiment.preset("adding-lstm"))
        state = {name: self.window.lab(name).state() for name in ("convolution", "training")}
        self.training.play()
        self.until(self.training.run_in_progress, 30, "the start of the run")
        self.rest(1.0)
        start = time.monotonic()
        self.window.close()
        seconds = time.monotonic() - start
        self.note("closed in mid-run", f"gone in {seconds:.2f} s, the run is saved", seconds, met=seconds < 2.0)
        self.window = MainWindow(settings.settings_file())
        self.window.show()
        same = self.window.current_lab == "training" and {n: self.window.lab(n).state() for n in state} == state
        self.note("opened again", "everything where it was" if same else "something is different", 0.0, met=same)
        self.rest(3.0)
        self.picture("opened-again")

    def table(self) -> str:
        width = max(len(what) for what, _, _ in self.rows)
        middle = max(len(result) for _, result, _ in self.rows)
        lines = [f"{what:<{width}}  {result:<{middle}}  {seconds:6.1f} s" for what, result, seconds in self.rows]
        pictures = sorted(path.name for path in FOLDER.glob("*.png"))
        return "\n".join([*lines, "", f"{len(pictures)} pictures in {FOLDER}/"])


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home:
        os.environ[FOLDER_VARIABLE] = home
        app = QApplication(sys.argv[:1])
        theme.start(app)
        demo = Demo(app)
        demo.explore()
        demo.one_cell()
        demo.train("digits-cnn")
        schemes: tuple[tuple[Language, theme.Choice], ...] = (
            ("ko", "light"), ("ko", "dark"), ("en", "light"), ("en", "dark"),
        )  # fmt: skip
        for language, scheme in schemes:
            demo.look(language, scheme)
        demo.window._choose_language("ko")
        demo.train("adding-lstm", drag_meanwhile=True)
        demo.train("waves-lstm")
        demo.come_back()
        demo.window.close()
    print(demo.table())
    for what in demo.failed:
        print(f"not as it must be: {what}", file=sys.stderr)
    return 1 if demo.failed else 0


if __name__ == "__main__":
    sys.exit(main())
