"""The panel that says where filters come from: what it shows, what it asks for, what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from engine.cells.filters import WeightEdit, Weights
from engine.cells.planes import Studied
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import MaxPool2d
from gui.labs.convolution.weights_panel import WeightsPanel
from gui.shell import language

LAYER = Conv2d(out_channels=16, kernel_size=(3, 3), padding="same")
EDITS = (WeightEdit((0, 0, 0, 0), 5.0), WeightEdit((99, 0, 0, 0), 5.0))


class Owner:
    """What the lab does: takes what is asked for, and shows it."""

    def __init__(self, panel: WeightsPanel, layer: Studied = LAYER) -> None:
        self.panel, self.layer, self.weights = panel, layer, Weights()
        self.asked: list[Studied] = []  # the layer of each edit
        panel.edited.connect(self.edit)
        self.show()

    def show(self) -> None:
        self.panel.show_state(self.weights, self.layer, 3)

    def edit(self, weights: Weights, layer: Studied) -> None:
        self.asked.append(layer)
        self.weights, self.layer = weights, layer
        self.show()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def panel(runs: Path, qtbot: QtBot) -> WeightsPanel:
    made = WeightsPanel(runs)
    qtbot.addWidget(made)
    made.resize(252, 300)
    made.show()
    return made


@pytest.fixture
def owner(panel: WeightsPanel) -> Owner:
    return Owner(panel)


def saved(runs: Path, name: str, value: float = 0.5, kernel: int = 5) -> Path:
    folder = runs / name
    folder.mkdir(parents=True)
    text = f'name = "{name}"\n[network]\ninput = [1, 28, 28]\n[[network.layers]]\ntype = "Conv2d"\nout_channels = 8\n'
    (folder / "experiment.toml").write_text(text + f"kernel_size = {kernel}\npadding = 2\n", "utf-8")
    weight = np.full((8, 1, kernel, kernel), value, np.float32)
    save_file({"0.weight": weight, "0.bias": np.zeros(8, np.float32)}, folder / "weights.safetensors")
    return folder


def seen(*parts: QWidget) -> list[bool]:
    return [part.isVisible() for part in parts]


def test_showing_a_state_asks_for_nothing(owner: Owner) -> None:
    owner.weights = Weights(source="normal", seed=20, deviation=0.3)
    owner.show()
    panel = owner.panel
    assert owner.asked == []
    assert (panel.origin.current, panel.random.current, panel.seed.value, panel.deviation.value) == (
        "random",
        "normal",
        20,
        0.3,
    )
    assert (
        seen(panel.seed, panel.deviation, panel.regenerate, panel.library, panel.run, panel.browse) == [True] * 3 + [False] * 3
    )


def test_the_deviation_stands_there_with_its_formula(owner: Owner) -> None:
    """3 channels × 3×3: √(2 / 27) = 0.272; and 16 × 9 = 144 ways out."""
    assert owner.panel.note.text().endswith("√(2 / 27) = 0.272")
    owner.panel.random.button("xavier").click()
    assert owner.weights.source == "xavier"
    assert owner.panel.note.text().endswith("√(2 / (27 + 144)) = 0.108")
    assert not owner.panel.deviation.isVisible()


def test_drawing_anew_takes_the_next_seed(owner: Owner) -> None:
    owner.panel.regenerate.click()
    owner.panel.regenerate.click()
    assert owner.weights.seed == 9
    owner.weights = Weights(seed=2**31 - 1)
    owner.show()
    owner.panel.regenerate.click()
    assert owner.weights.seed == 0


def test_what_is_drawn_is_kept_while_the_library_is_looked_at(owner: Owner) -> None:
    owner.panel.random.button("xavier").click()
    owner.panel.seed.slider.setValue(30)
    owner.panel.origin.button("library").click()
    owner.panel.origin.button("random").click()
    assert (owner.weights.source, owner.weights.seed) == ("xavier", 30)


def test_the_library_brings_its_size(owner: Owner) -> None:
    panel = owner.panel
    panel.origin.button("library").click()
    assert owner.asked == [LAYER] and owner.weights.library == "all"  # 3×3 does for all of them
    panel.library.box.setCurrentIndex(panel.library.box.findData("gabor"))
    panel.library.box.activated.emit(panel.library.box.currentIndex())
    assert owner.asked == [LAYER, Conv2d(out_channels=16, kernel_size=(7, 7), padding="same")]  # in one edit
    assert owner.weights.library == "gabor" and panel.library.value == "gabor"
    assert "45°" in panel.note.text()


@pytest.mark.parametrize(
    ("layer", "offered"), [(Conv1d(out_channels=2, kernel_size=3), False), (Conv3d(out_channels=2, kernel_size=3), True)]
)
def test_the_library_offers_what_there_is_along_so_many_axes(layer: Studied, offered: bool, panel: WeightsPanel) -> None:
    owner = Owner(panel, layer)
    panel.origin.button("library").click()
    box = panel.library.box
    assert (box.findData("sobel_y") >= 0) is offered
    assert [box.itemData(0), box.itemData(box.count() - 1)] == ["all", "zeros"]
    panel._library_chosen("gabor")
    assert owner.layer.kernel_size == (7,) * layer.AXES


def test_edits_are_counted_and_taken_back(owner: Owner) -> None:
    assert not owner.panel.reset.isVisible()
    owner.weights = Weights(edits=EDITS)
    owner.show()
    assert owner.panel.edits.text() == "Set by hand: 1"  # the other is of a channel that there is not
    owner.panel.reset.click()
    assert owner.weights == Weights() and not owner.panel.reset.isVisible()


def test_edits_belong_to_the_weights_that_they_were_made_on(owner: Owner) -> None:
    for change in (
        lambda: owner.panel.regenerate.click(),
        lambda: owner.panel.random.button("normal").click(),
        lambda: owner.panel.deviation.slider.setValue(100),
        lambda: owner.panel.origin.button("library").click(),
    ):
        owner.weights = Weights(source=owner.weights.source, edits=EDITS)
        owner.show()
        change()
        assert owner.weights.edits == ()


def test_without_a_run_it_says_how_to_come_by_one(owner: Owner) -> None:
    panel = owner.panel
    panel.origin.button("run").click()
    assert owner.asked == []
    assert panel.origin.current == "run" and "training lab" in panel.note.text()
    assert seen(panel.run, panel.browse, panel.seed) == [False, True, False]  # an empty list says nothing
    panel.origin.button("random").click()
    assert owner.asked == [] and panel.seed.isVisible()


def test_a_run_that_is_the_first_is_taken_when_it_is_named(owner: Owner, runs: Path) -> None:
    """Trained filters were asked for before there were any: the list names no run whose filters are not in the layer."""
    owner.panel.origin.button("run").click()
    owner.panel.hide()
    folder = saved(runs, "mine")
    owner.panel.show()
    assert owner.panel.run.box.currentText().startswith("mine · ")
    assert owner.weights == Weights(source="run", run=str(folder))
    assert owner.asked == [Conv2d(out_channels=8, kernel_size=5, padding=2)]


def test_a_run_is_taken_with_its_layer(owner: Owner, runs: Path) -> None:
    folder = saved(runs, "mine")
    panel = owner.panel
    panel.origin.button("run").click()
    assert owner.asked == [Conv2d(out_channels=8, kernel_size=5, padding=2)]  # in one edit
    assert owner.weights == Weights(source="run", run=str(folder))
    assert panel.run.value == str(folder) and panel.run.box.currentText().startswith("mine · ")
    assert panel.note.text() == "First convolution: Conv2d 5×5, channels 1 → 8."
    owner.layer = LAYER
    owner.show()
    assert "cut to this layer's size" in panel.note.text()


def test_new_runs_are_there_when_it_is_seen_again(owner: Owner, runs: Path) -> None:
    saved(runs, "one")
    owner.panel.origin.button("run").click()
    saved(runs, "two")
    owner.panel.hide()
    owner.panel.show()
    assert owner.panel.run.box.count() == 2
    assert "one" in owner.panel.run.box.currentText()


def test_a_run_that_cannot_be_read_changes_nothing_and_says_why(owner: Owner, runs: Path) -> None:
    saved(runs, "lost", float("nan"))
    panel = owner.panel
    panel.origin.button("run").click()
    assert owner.asked == [] and owner.weights == Weights()
    assert panel.reason.isVisible() and "diverged" in panel.reason.text()
    panel.origin.button("random").click()
    assert not panel.reason.isVisible()


def test_a_run_that_is_gone_is_said_where_it_was(owner: Owner, tmp_path: Path) -> None:
    owner.weights = Weights(source="run", run=str(tmp_path / "gone"))
    owner.show()
    assert owner.panel.reason.isVisible() and "gone" in owner.panel.reason.text()
    assert owner.panel.run.box.currentText() == "gone"


def test_browsing(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = saved(tmp_path / "usb", "abroad", kernel=3)
    answers: list[Any] = [str(elsewhere), "", str(tmp_path)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    owner.panel.origin.button("run").click()
    owner.panel.browse.click()
    assert owner.weights.run == str(elsewhere)
    assert owner.panel.run.box.currentText() == "abroad"
    owner.panel.browse.click()  # called off
    assert owner.weights.run == str(elsewhere) and not owner.panel.reason.isVisible()
    owner.panel.browse.click()  # a folder that is no run
    assert owner.weights.run == str(elsewhere) and owner.panel.reason.isVisible()


def test_pooling_has_only_a_word(panel: WeightsPanel) -> None:
    panel.show_state(Weights(source="library", edits=EDITS), MaxPool2d(kernel_size=2), 3)
    assert "Pooling has no weights" in panel.note.text()
    assert not any(
        seen(panel.origin, panel.random, panel.seed, panel.library, panel.run, panel.browse, panel.regenerate, panel.reset)
    )
    panel.show_state(Weights(source="library"), LAYER, 3)
    assert seen(panel.origin, panel.library) == [True, True]


def test_both_languages_and_a_narrow_column(owner: Owner, runs: Path, qapp: QApplication) -> None:
    saved(runs, "a run with a name that is far too long for a narrow column of a panel")
    for press in ("random", "library", "run"):
        owner.panel.origin.button(press).click()
        for chosen in ("ko", "en"):
            language.set_language(chosen)  # type: ignore[arg-type]
            qapp.processEvents()
            assert owner.panel.minimumSizeHint().width() <= 252
    assert "…" in owner.panel.run.box.currentText() and owner.panel.run.box.currentText().count(":") == 1
    owner.panel.origin.button("library").click()
    language.set_language("ko")
    qapp.processEvents()
    assert owner.panel.library.box.itemText(1) == "항등"
    assert owner.panel.library.box.accessibleName()
