"""The pages of one step, of memory and of the directions in the whole lab: they follow the heat maps, the run and its past. The
oracle is the weights in the run's folder, read by torch alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from engine.data.datasets import Dataset, load
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.passes.modules import build
from engine.runs.folder import Run
from gui.labs.sequence.cell_edits import both_ways
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_look import SequenceLook
from tests.gui.labs.sequence.opened_cells import unrolled


def small(*, both: bool = False) -> Experiment:
    found = preset("waves-lstm")
    found = edited(
        found,
        data=edited(found.data, samples=60, length=12),
        training=edited(found.training, epochs=2, device="cpu"),
    )
    return both_ways(found) if both else found


def run(qtbot, lab: SequenceLab, page: str) -> None:
    lab.pages.chosen.emit(page)
    with qtbot.waitSignal(lab.run_ended):
        lab.play()


def model_of(experiment: Experiment, weights) -> tuple[torch.nn.Module, Dataset]:
    data = load(experiment.data, seed=experiment.seed)
    model = build(experiment.network.layers, data.input)
    found = {
        name: value if isinstance(value, torch.Tensor) else torch.from_numpy(value.copy()) for name, value in weights.items()
    }
    model.load_state_dict(found)
    return model.eval(), data


def rnn_of(model: torch.nn.Module) -> torch.nn.RNNBase:
    return next(module for module in model.modules() if isinstance(module, torch.nn.RNNBase))


def test_a_cell_of_a_heat_map_is_taken_apart_now_and_in_the_past(qtbot, make_lab):
    experiment = small()
    lab = make_lab(experiment)
    run(qtbot, lab, "one_step")
    lab.look_at(SequenceLook(sample=2, t=7, unit=4, gate="f"))
    page = lab.pages.pages["one_step"]
    folder = lab.control.status().folder

    def shown(key: str) -> float | None:
        return page.diagram.shown.values.get(key)

    def expected(weights) -> dict:
        model, data = model_of(experiment, weights)
        return unrolled(rnn_of(model), data.x_validation[2])[7]

    now = expected(Run.open(folder).weights())
    qtbot.waitUntil(lambda: shown("f") == pytest.approx(now["f"][4], abs=1e-6))
    assert shown("h") == pytest.approx(now["h"][4], abs=1e-6) and page.formulas.verdict.text().startswith("agrees")
    kept = lab.control.kept_weights
    step = kept.steps[0]
    then = expected(kept.read(step))
    assert abs(then["f"][4] - now["f"][4]) > 1e-5
    strip = lab.timeline.strip
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(strip.place(0), strip.height() - 6).toPoint())
    assert lab.timeline.moment == step
    qtbot.waitUntil(lambda: shown("f") == pytest.approx(then["f"][4], abs=1e-6))
    page.by_hand.quick[1].click()
    assert lab.state().one_step.by_hand is not None and lab.state().one_step.by_hand.value == 1.0
    assert page.diagram.shown.values["f"] == 1.0


def test_the_pages_of_memory_and_of_the_directions_answer_in_the_lab(qtbot, make_lab):
    experiment = small(both=True)
    lab = make_lab(experiment)
    run(qtbot, lab, "directions")
    model, data = model_of(experiment, Run.open(lab.control.status().folder).weights())
    rnn = rnn_of(model)
    with torch.no_grad():
        sequence, _ = rnn(data.x_validation[:1])
    drawing = lab.pages.directions.drawing

    def agrees() -> bool:
        return drawing.shown is not None and np.allclose(drawing.shown.last_output, sequence[0, -1], atol=1e-6)

    qtbot.waitUntil(agrees)
    lab.pages.chosen.emit("remembering")
    page = lab.pages.pages["remembering"]
    lab.look_at(SequenceLook(t=6, gate="h"))
    x = data.x_validation[:1].clone().requires_grad_()
    model(x)[0, 6, 0].backward()
    norms = x.grad[0].norm(dim=1).numpy()
    qtbot.waitUntil(lambda: page.isVisible() and not page.empty.isVisible() and page.series.marked == 6)
    np.testing.assert_allclose(page.series.tint, norms / norms.max(), atol=1e-4)
