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
from typing import Literal, TypeAlias

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSlider, QStyle, QStyleOptionSlider, QWidget

from engine.experiments import experiment, famous
from engine.experiments.augmentation import Augmentation
from engine.experiments.schedules import OneCycleLR
from engine.experiments.stopping import EarlyStopping
from engine.fields import edited
from engine.files import FOLDER_VARIABLE
from engine.sequences.tasks import TASKS, fresh
from gui.labs.convolution.kind_choice import STUDIED_KINDS
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.presets import names, preset
from gui.labs.convolution.state import ConvolutionState, LabPage
from gui.labs.foundations.board_presets import preset_names
from gui.labs.foundations.boards import BOARDS
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.network.lab import NetworkLab
from gui.labs.network.state import opened
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_pages import CENTRE
from gui.labs.training.inside.layer_courses import NUMBERS
from gui.labs.training.lab import TrainingLab
from gui.labs.training.queue.plan_form import PlanForm, SweptForm
from gui.main_window import MainWindow
from gui.shell import settings, theme
from gui.shell.language import LANGUAGES, Language

Looks: TypeAlias = tuple[tuple[Language, theme.Choice], ...]

FOLDER = Path("demo")
SIZE, SMALL = QSize(1440, 900), QSize(1024, 700)
DIGITS_ACCURACY = 0.96
ADDING_ERROR = 0.01
PARAMETERS = {  # as published, or worked by hand: DESIGN's and the papers' totals
    "pipeline-28x28": 126_090, "mlp-28x28": 127_210, "lenet-5": 61_706, "alexnet": 61_100_840, "alexnet-2012": 60_965_224,
    "vgg-11": 132_863_336, "vgg-13": 133_047_848, "vgg-16": 138_357_544, "vgg-19": 143_667_240, "googlenet": 6_624_904,
    "squeezenet-1-0": 1_248_424, "resnet-18": 11_689_512, "resnet-34": 21_797_672, "resnet-50": 25_557_032,
    "mobilenet-v2": 3_504_872,
}  # fmt: skip
SEQUENCE_STEPS = 60  # iterations of each task of the sequence lab
SHOWN = ("lenet-5", "alexnet", "resnet-18")  # their maps are waited for
VIEWS: tuple[Literal["im2col", "backward", "window"], ...] = ("im2col", "backward", "window")
PAGES: tuple[LabPage, ...] = ("why", "tensor", "maps", "why")
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
    def network(self) -> NetworkLab:
        lab = self.window.lab("network")
        assert isinstance(lab, NetworkLab)
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
        for lab in ("convolution", "network", "training"):
            self.window.show_lab(lab)
            for size, suffix in ((SIZE, ""), (SMALL, "-small")):
                self.window.resize(size)
                self.rest(0.4)
                self.picture(f"{lab}-{language}-{scheme}{suffix}")
                if lab == "training":
                    self.all_runs(f"runs-{language}-{scheme}{suffix}")
        self.window.resize(SIZE)
        self.look_at_settings(language, scheme)

    def look_at_settings(self, language: Language, scheme: theme.Choice) -> None:
        """Each part of the training lab's settings, opened, with something set in it."""
        self.window.show_lab("training")
        lab, state = self.training, self.training.state()
        training = edited(
            experiment.preset("digits-cnn").training,
            schedule=OneCycleLR(),
            label_smoothing=0.1,
            weight_decay=0.01,
            initialization="he_normal",
            augmentation=Augmentation(shift=1, rotate=15.0),
            early_stopping=EarlyStopping(),
        )
        lab.set_state(msgspec.structs.replace(state, experiment=edited(experiment.preset("digits-cnn"), training=training)))
        for fold in lab.panel.folds:
            lab.panel.set_folds((fold.key,))
            self.rest(0.5)
            lab.panel.bring_into_view(fold)
            self.rest(0.5)
            self.picture(f"settings-{fold.key}-{language}-{scheme}", lab.panel)
        lab.set_state(state)

    def all_runs(self, name: str) -> None:
        """All runs, each of them pinned."""
        self.training.show_view("runs")
        page = self.training.runs
        assert page is not None
        self.until(lambda: bool(page.rows) and not page.feed.busy, 30, "the list of runs")
        page.pin_all([str(row.run.path) for row in page.rows if row.run.experiment is not None])
        self.until(lambda: bool(page.overlay.curves), 30, "the curves of the pinned runs")
        self.rest(0.4)
        self.picture(name)
        self.training.show_view("run")

    def explore(self) -> None:
        """Drag every slider of the convolution lab there and back, and see that the answer follows."""
        self.window.show_lab("convolution")
        lab = self.convolution
        form = lab.panel.form()
        start = time.monotonic()
        answers = set()
        moved = 0
        axes = {name: form.linked(name).rows[0] for name in ("kernel_size", "stride", "dilation", "padding")}
        for name, row in (axes | {"out_channels": form.number("out_channels"), "seed": lab.weights.seed}).items():
            before = row.slider.value()
            for target in (min(before + 6, row.slider.maximum()), before):
                self.drag(row.slider, target)
                moved += 1
                answers.add(lab.answers.value("output"))
            if name == "stride":
                self.picture("convolution-dragged")
        self.rest(0.5)
        result = f"{moved} drags, {len(answers)} output shapes, now {self.convolution.answers.value('output')}"
        self.note("convolution lab: sliders dragged", result, time.monotonic() - start, met=len(answers) > 3)

    def one_cell(self) -> None:
        """Walk the filter of the courses' example over its image, a press of the step button a cell, and read every sum."""
        self.window.show_lab("convolution")
        before = self.convolution.state()
        start = time.monotonic()
        self.convolution.set_state(preset("worked-example"))
        self.until(lambda: not self.convolution.busy(), 10, "the example's map")
        card = self.convolution.scene_card
        sums: dict[tuple[int, int], int] = {}
        for _ in range(25):
            card.player.step.click()
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

    def kinds(self, language: Language) -> None:
        """Every kind of layer over the photograph, in one language; each sum must agree with torch."""
        self.window._choose_language(language)
        self.window.show_lab("convolution")
        lab = self.convolution
        start = time.monotonic()
        agreed = 0
        lab.set_state(ConvolutionState(activation="ReLU", frames=3))
        for kind in STUDIED_KINDS:
            lab.panel.kind.chosen.emit(kind)
            agreed += self.settled_sum()
            self.picture(f"kind-{kind}-{language}")
        result = f"{agreed} of {len(STUDIED_KINDS)} sums agree with torch"
        self.note(f"every kind of layer, {language}", result, time.monotonic() - start, met=agreed == len(STUDIED_KINDS))

    def courses(self, language: Language) -> None:
        """Every preset of the courses, in one language, with one of the views of a cell and one of the pages each in its
        turn."""
        self.window._choose_language(language)
        self.window.show_lab("convolution")
        lab = self.convolution
        start = time.monotonic()
        agreed = 0
        for number, name in enumerate(names()):
            lab.set_state(preset(name))
            agreed += self.settled_sum()
            self.picture(f"course-{name}-{language}")
            view, page = VIEWS[number % len(VIEWS)], PAGES[number % len(PAGES)]
            scene = msgspec.structs.replace(lab.state().scene, view=view, page=page)
            lab.set_state(msgspec.structs.replace(lab.state(), scene=scene))
            self.until(lambda: not lab.busy(), 30, f"{view} of {name}")
            self.picture(f"course-{name}-{language}-{view}-{page}")
        lab.set_state(ConvolutionState())
        result = f"{agreed} of {len(names())} sums agree with torch"
        self.note(f"every course preset, {language}", result, time.monotonic() - start, met=agreed == len(names()))

    def networks(self, language: Language) -> None:
        """Every famous network, with its maps where they come soon, one comparison and the table with blanks; in one
        language."""
        self.window._choose_language(language)
        self.window.show_lab("network")
        lab = self.network
        start = time.monotonic()
        right = 0
        for name in famous.names():
            lab.set_state(opened(name, lab.state()))
            right += lab.answers.value("parameters") == f"{PARAMETERS[name]:,}"
            if name in SHOWN:
                self.until(lambda: not lab.busy(), 60, f"the maps of {name}")
            self.rest(0.1)
            self.picture(f"network-{name}-{language}")
        lab.set_state(msgspec.structs.replace(opened("alexnet", lab.state()), beside="two-3x3"))
        self.picture(f"network-compared-{language}")
        lab.set_state(msgspec.structs.replace(lab.state(), beside="", blanks=True))
        self.picture(f"network-blanks-{language}")
        lab.set_state(opened("alexnet"))
        result = f"{right} of {len(famous.names())} totals as published"
        self.note(f"every famous network, {language}", result, time.monotonic() - start, met=right == len(famous.names()))

    def mended(self) -> None:
        """Break AlexNet with a filter that is too large, and take the first repair; fill in its table."""
        self.window.show_lab("network")
        lab = self.network
        start = time.monotonic()
        alexnet = opened("alexnet", lab.state())
        layers = (alexnet.layers[0], *alexnet.layers[1:3], edited(alexnet.layers[3], kernel_size=99), *alexnet.layers[4:])
        lab.set_state(msgspec.structs.replace(alexnet, layers=layers, chosen=(3,)))
        broken = lab.reading.problem is not None
        self.picture("network-broken")
        stack = lab.stack_card.stack
        stack.repaired.emit((3,), stack.rows[4].repairs[0][0])
        works = lab.reading.problem is None
        self.picture("network-mended")
        lab.set_state(msgspec.structs.replace(opened("alexnet", lab.state()), blanks=True))
        page = lab.blanks_card.page
        for row, column, text in ((1, 1, "64x55x55"), (1, 2, "23,296"), (4, 2, "307,200")):
            page.cells.setData(page.cells.index(row, column), text)
        page.table.setCurrentIndex(page.cells.index(4, 2))
        page.work.click()
        self.picture("network-blanks-filled")
        result = f"{'broken and mended' if broken and works else 'not as it should'}, {page.right} of 3 answers right"
        lab.set_state(opened("alexnet", lab.state()))
        self.note(
            "a network mended, a table filled", result, time.monotonic() - start, met=broken and works and page.right == 2
        )

    def settled_sum(self) -> bool:
        """Wait for the maps, and say whether torch's number is that of the sum."""
        lab, card = self.convolution, self.convolution.scene_card
        self.until(lambda: not lab.busy() and not card.writing, 30, "the maps")
        card.write_arithmetic()
        account = card.arithmetic.account
        return account is not None and account.torch is not None and account.verdict()[0]

    def train(self, stem: str, *, drag_meanwhile: bool = False) -> None:
        """Train a preset to its end, with a picture in the middle and one at the end."""
        self.window.show_lab("training")
        self.training.open_experiment(experiment.preset(stem))
        start = time.monotonic()
        ended: list[object] = []
        self.training.run_ended.connect(ended.append)
        self.training.play()
        self.until(lambda: self.training.run_in_progress() or bool(ended), 30, "the start of the run")
        self.rest(1.5)
        self.picture(f"{stem}-running")
        self.inside(stem)
        if drag_meanwhile:
            self.explore()
            self.window.show_lab("training")
        self.until(lambda: bool(ended), 600, f"the end of {stem}")
        self.rest(0.6)
        self.picture(f"{stem}-done")
        status = ended[0]
        seconds = time.monotonic() - start
        loss, accuracy = status.validation_loss, status.validation_accuracy  # type: ignore[attr-defined]
        assert isinstance(loss, float)
        if accuracy is None:
            met = loss < ADDING_ERROR or stem != "adding-lstm"
            self.note(f"{stem} trained", f"validation error {loss:.4f}", seconds, met=met)
        else:
            met = accuracy >= DIGITS_ACCURACY or stem != "digits-cnn"
            self.note(f"{stem} trained", f"validation accuracy {accuracy:.1%}, loss {loss:.4f}", seconds, met=met)

    def inside(self, stem: str) -> None:
        """What the layers do meanwhile, in both languages and themes."""
        lab = self.training
        before, view = lab.state().pages, lab.state().inside
        for name in ("feature_maps", "layers"):
            lab.pages.chosen.emit(name)
        for number, (language, scheme) in enumerate((("ko", "dark"), ("ko", "light"), ("en", "dark"), ("en", "light"))):
            self.window._choose_language(language)  # type: ignore[arg-type]
            theme.apply(scheme)  # type: ignore[arg-type]
            lab.pages.layers.set_view(msgspec.structs.replace(view, histograms=number % 2 == 1))
            self.rest(0.6)
            self.picture(f"{stem}-inside-{language}-{scheme}")
        self.window._choose_language("ko")
        lab.set_state(msgspec.structs.replace(lab.state(), pages=before, inside=view))

    def travel(self, language: Language, scheme: theme.Choice) -> None:
        """The trained run at one of its early moments."""
        self.window.show_lab("training")
        timeline, kept = self.training.timeline, self.training.control.kept_weights
        assert kept is not None
        timeline.go_to(kept.steps[len(kept.steps) // 3])
        self.until(lambda: not self.training.looking.is_behind, 30, "the moment")
        self.rest(0.3)
        self.picture(f"training-past-{language}-{scheme}")
        timeline.back_to_now()

    def pages(self, language: Language, scheme: theme.Choice) -> None:
        """Every page beside the curves of the trained run, each in every way that it is looked at, now and at a moment."""
        self.window.show_lab("training")
        lab, kept = self.training, self.training.control.kept_weights
        assert kept is not None
        before, inside = lab.state(), lab.state().inside
        maps = msgspec.structs.replace(inside, layer=(0,), enlarged=5, cell=(3, 4))
        ways = {
            "feature_maps": {"": inside, "-cell": maps},
            "layers": {
                "": inside,
                "-histograms": msgspec.structs.replace(inside, histograms=True),
                **{f"-over-time-{number}": msgspec.structs.replace(inside, over_time=number) for number in NUMBERS},
            },
        }
        for name in (name for group in lab.pages.offered for name in group):
            for suffix, view in ways.get(name, {"": inside}).items():
                lab.set_state(msgspec.structs.replace(lab.state(), pages=(name, *before.pages), inside=view))
                page = lab.pages.pages[name]
                self.until(lambda page=page: page.next_moment(kept.steps) is None, 60, f"all moments on {name}")  # type: ignore[misc]
                self.rest(0.5)
                self.picture(f"page-{name}{suffix}-{language}-{scheme}", page)
        lab.timeline.go_to(kept.steps[len(kept.steps) // 3])
        self.until(lambda: not lab.looking.is_behind, 30, "the moment")
        for name in ("feature_maps", "layers"):
            page = lab.pages.pages[name]
            lab.set_state(msgspec.structs.replace(lab.state(), pages=(name, *before.pages), inside=maps))
            self.until(lambda: not lab.looking.is_behind, 30, "the moment")
            self.rest(0.3)
            self.picture(f"page-{name}-past-{language}-{scheme}", page)
        lab.timeline.back_to_now()
        lab.set_state(before)

    def branch(self) -> None:
        """Go on from a moment of the trained run: with the same settings to the same losses."""
        control = self.training.control
        history, kept = control.history, control.kept_weights
        assert history is not None
        assert kept is not None
        before, start, ended = history.train.since()[1].copy(), time.monotonic(), list[object]()
        self.training.run_ended.connect(ended.append)
        step = kept.steps[len(kept.steps) // 2]
        self.training.timeline.go_to(step)
        self.training.timeline.branch.click()
        self.until(lambda: bool(ended), 600, "the end of the branch")
        self.rest(0.6)
        self.picture("training-branch")
        assert control.history is not None
        same = before.tobytes() == control.history.train.since()[1].tobytes()
        result = "the same losses to the bit" if same else "other losses"
        self.note(f"gone on from iteration {step}", result, time.monotonic() - start, met=same)

    def queues(self, looks: Looks) -> None:
        """A sweep, the same with other seeds, and folds, each to its end, with its pictures."""
        lab = self.training
        self.window.show_lab("training")
        short = experiment.preset("digits-cnn")
        lab.open_experiment(edited(short, training=edited(short.training, epochs=6)))
        lab.show_view("queue")
        page = lab.queue
        assert page is not None
        first = SweptForm(key="training.lr", low=1e-3, high=1e-2, count=2)
        second = SweptForm(key="training.batch_size", low=32, high=128, count=2)
        for name, form in (
            ("sweep", PlanForm(mode="sweep", first=first, second=second)),
            ("seeds", PlanForm(seeds=3)),
            ("folds", PlanForm(mode="folds", folds=3)),
        ):
            lab.set_state(replace(lab.state(), plan=form))
            start = time.monotonic()
            page.start()
            self.until(lambda: not page.is_on, 600, f"the end of the queue ({name})")
            for language, scheme in looks:
                self.window._choose_language(language)
                theme.apply(scheme)
                self.rest(0.6)
                self.picture(f"queue-{name}-{language}-{scheme}")
            done = sum(row[4] != "" for row in page.rows.texts)
            runs = len(page.rows.texts)
            self.note(f"queue: {name}", f"{done} of {runs} runs", time.monotonic() - start, met=done == runs)
        lab.show_view("run")

    def own_data(self, looks: Looks) -> None:
        """Draw a data set of one's own and learn from it; look at it and at others in every look, large and small."""
        self.window.show_lab("training")
        lab, start = self.training, time.monotonic()
        before = lab.state()
        lab.choose_own("draw")
        pad = lab.dialogs.pad
        assert pad is not None
        for label, ends in (("가로", ((4, 14), (24, 14))), ("세로", ((14, 4), (14, 24))), ("빗금", ((5, 23), (23, 5)))):
            pad.name.setText(label)
            pad.add_label()
            for number in range(8):
                (x, y), (to_x, to_y) = ends
                pad.canvas.begin(QPointF(x + number % 3 - 1, y + number // 3 - 1), erasing=False)
                pad.canvas.go_on(QPointF(to_x + number // 3 - 1, to_y + number % 3 - 1))
                pad.canvas.end()
                if number < 7:
                    pad.keep_drawing()
        for language, scheme in looks:
            self.window._choose_language(language)
            theme.apply(scheme)
            self.rest(0.3)
            self.picture(f"data-drawing-{language}-{scheme}", pad)
        pad.learn.click()
        self.until_read()
        pad.close()
        ended: list[object] = []
        lab.run_ended.connect(ended.append)
        lab.play()
        self.until(lambda: bool(ended), 120, "the end of the run on the drawings")
        drawn = lab.experiment()
        page = lab.data_page
        assert page is not None
        assert page.contents is not None
        for name, shown in (
            ("drawn", drawn),
            ("digits", experiment.preset("digits-cnn")),
            ("table", experiment.preset("table-mlp")),
            ("text", experiment.preset("text-lstm")),
            ("series", experiment.preset("series-lstm")),
        ):
            lab.open_experiment(shown)
            lab.show_view("data")
            self.until_read()
            for language, scheme in looks:
                self.window._choose_language(language)
                theme.apply(scheme)
                for size, suffix in ((SIZE, ""), (SMALL, "-small")):
                    self.window.resize(size)
                    self.rest(0.4)
                    self.picture(f"data-{name}-{language}-{scheme}{suffix}")
        self.window.resize(SIZE)
        lab.set_state(before)
        accuracy = ended[0].validation_accuracy  # type: ignore[attr-defined]
        result = f"21 drawings kept, validation accuracy {accuracy:.1%}"
        self.note("a data set of one's own, drawn", result, time.monotonic() - start, met=accuracy > 0.5)

    def until_read(self) -> None:
        """Wait for the data that are looked at."""
        lab = self.training
        self.until(lambda: not lab.own.busy and lab.data_page is not None and not lab.data_page.feed.busy, 30, "the data")

    @property
    def sequence(self) -> SequenceLab:
        lab = self.window.lab("sequence")
        assert isinstance(lab, SequenceLab)
        return lab

    def sequences(self, schemes: Looks) -> None:
        """Train every task of the sequence lab for a while, one look after the other; then three cells side by side, and every
        page in every look."""
        self.window.show_lab("sequence")
        lab = self.sequence
        for number, task in enumerate(TASKS):
            language, scheme = schemes[number % len(schemes)]
            self.window._choose_language(language)
            theme.apply(scheme)
            start = time.monotonic()
            lab.open_experiment(fresh(task.name))
            lab.choose_cell("LSTM")
            lab.begin_anew()
            self.until(lambda: lab.control.reached >= SEQUENCE_STEPS or self.ended(lab), 120, f"{task.name} to learn")
            self.until(lambda: lab.pages.gates.maps.direction is not None, 30, "the gates")
            lab.look_at(SequenceLook(t=lab.pages.gates.maps.direction.steps // 2, unit=3, gate="f"))  # type: ignore[union-attr]
            self.rest(0.8)
            self.picture(f"sequence-{task.name}")
            losses = lab.worker.history.train.since(0)[1]
            first, last = float(losses[0]), float(losses[-10:].mean())
            result = f"training loss {first:.4f} -> {last:.4f} in {len(losses)} iterations"
            self.note(f"sequence lab: {task.name}", result, time.monotonic() - start, met=last < first)
            lab.reset()
            self.until(lambda: not lab.run_in_progress(), 30, "the end of the run")
        self.side_by_side(schemes)

    def foundations(self, schemes: Looks) -> None:
        """Every board in every look, large and small, and every preset in one of them."""
        self.window.show_lab("foundations")
        lab = self.window.lab("foundations")
        assert isinstance(lab, FoundationsLab)
        for board in BOARDS:
            start = time.monotonic()
            lab.show_board(board)
            for language, scheme in schemes:
                self.window._choose_language(language)
                theme.apply(scheme)
                for size, suffix in ((SIZE, ""), (SMALL, "-small")):
                    self.window.resize(size)
                    self.until(lambda: not lab.busy(), 60, f"the board {board}")
                    self.picture(f"foundations-{board}-{language}-{scheme}{suffix}")
            self.window.resize(SIZE)
            names = preset_names(board)
            for number, name in enumerate(names):
                language, scheme = schemes[number % len(schemes)]
                self.window._choose_language(language)
                theme.apply(scheme)
                lab.panel.open_preset(name)
                self.until(lambda: not lab.busy(), 60, f"the preset {name}")
                self.picture(f"foundations-{board}-{name}")
            self.note(f"foundations lab: {board}", f"{len(names)} presets", time.monotonic() - start)

    @staticmethod
    def ended(lab: SequenceLab) -> bool:
        status = lab.control.status()
        return status is not None and status.reason is not None

    def side_by_side(self, schemes: Looks) -> None:
        """RNN, LSTM and GRU on the adding problem, then each page in each look, large and small."""
        lab = self.sequence
        start = time.monotonic()
        lab.open_experiment(fresh("counting"))
        lab.choose_cell("beside")
        lab.begin_anew()
        controls = (lab.control, *lab.others.controls.values())
        self.until(lambda: all(control.reached >= SEQUENCE_STEPS for control in controls), 240, "three cells to learn")
        lab.pause()
        self.rest(1.0)
        for language, scheme in schemes:
            self.window._choose_language(language)
            theme.apply(scheme)
            for size, suffix in ((SIZE, ""), (SMALL, "-small")):
                self.window.resize(size)
                for page in lab.pages.pages:
                    lab.show_settings(page in CENTRE or size == SIZE)
                    lab.show_page(page)
                    self.rest(0.5)
                    self.picture(f"sequence-{page}-{language}-{scheme}{suffix}")
        self.window.resize(SIZE)
        lab.show_settings(True)
        lab.reset()
        lab.choose_cell("LSTM")
        self.note("sequence lab: three cells, every page", f"{len(lab.pages.pages)} pages", time.monotonic() - start)

    def come_back(self) -> None:
        """Close the window in mid-run and open it again: everything is where it was."""
        self.window._choose_language("en")
        theme.apply("light")
        self.window.show_lab("training")
        self.training.open_experiment(experiment.preset("adding-lstm"))
        state = {name: self.window.lab(name).state() for name in ("convolution", "network", "training")}
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
        for each in LANGUAGES:
            demo.kinds(each)
            demo.courses(each)
            demo.networks(each)
        demo.mended()
        demo.train("digits-cnn")
        schemes: Looks = (
            ("ko", "light"), ("ko", "dark"), ("en", "light"), ("en", "dark"),
        )  # fmt: skip
        for language, scheme in schemes:
            demo.look(language, scheme)
            demo.travel(language, scheme)
            demo.pages(language, scheme)
        demo.branch()
        demo.queues(schemes)
        demo.own_data(schemes)
        demo.sequences(schemes)
        demo.foundations(schemes)
        demo.window._choose_language("ko")
        theme.apply("light")
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
