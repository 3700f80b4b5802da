"""Any hand on any layer: both views of a cell take every click, key and wheel without an exception, at any size."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.labs.convolution.backward.backward_view import BackwardView
from gui.labs.convolution.im2col.im2col_view import Im2colView
from gui.labs.convolution.state import OutputPlace, Pin, SceneState
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.number_grid import NumberGrid
from tests.engine.cells.test_correspondence import a_place, a_setting
from tests.gui.labs.convolution.subjects import random_subject

SIZES = [(920, 300), (700, 260), (400, 180), (1500, 600)]


def some_state(random: Random, subject: Subject) -> SceneState:
    part = random.choice([None, "input", "output"] if subject.pools else [None, "input", "filter", "output"])
    sides = {
        "output": [range(size) for size in subject.outputs],
        "filter": [range(size) for size in subject.kernel],
        "input": [track.drawn_inputs for track in subject.tracks],
    }
    pin = None if part is None else Pin(part, *(random.choice(side) for side in sides[part]))  # type: ignore[arg-type]
    return SceneState(
        pin=pin,
        cell=OutputPlace(*a_place(random, subject.outputs)),
        source=random.randrange(len(subject.inputs)),
        upstream=random.choice(("ones", "output", "random")),  # type: ignore[arg-type]
        lens=random.choice((None, None, 3, 9, 20)),
    )


def handle(random: Random, grid: NumberGrid) -> None:
    assert grid.sheet is not None
    top, left, bottom, right = grid.sheet.extent
    (first_row, first_column), (last_row, last_column) = grid.sheet.first, grid.sheet.last
    shown = (random.randint(first_row, last_row), random.randint(first_column, last_column))
    match random.randrange(5):
        case 0:
            grid.pointed.emit(shown)
        case 1:
            grid.pinned.emit(shown)
        case 2:
            grid.walked.emit((random.randrange(top, bottom), random.randrange(left, right)))
        case 3:
            grid.shifted.emit(random.randint(-9, 9), random.randint(-9, 9))
        case _:
            grid.freed.emit()


@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"])
def test_any_hand_on_any_layer(qtbot: QtBot, qapp: QApplication, kind: str) -> None:
    random = Random(kind)
    im2col, backward = Im2colView(), BackwardView()
    backward.torch_ready()
    views: tuple[tuple[Any, Any], ...] = ((im2col, im2col), (backward, backward.scene))
    current: list[Subject] = []
    for view, _ in views:
        qtbot.addWidget(view)
        view.edited.connect(lambda state, view=view: view.show_view(current[0], state))
        view.show()
    try:
        for seed in range(12):
            layer, shape, _ = a_setting(kind, 1000 + seed)
            current[:] = [random_subject(layer, shape, seed, random.randrange(layer.output_shape(shape)[0]))]  # type: ignore[arg-type]
            for view, gridded in views:
                view.resize(*random.choice(SIZES))
                view.show_view(current[0], some_state(random, current[0]))
                for _ in range(10):
                    handle(random, random.choice([grid for grid in gridded.grids.values() if grid.isVisible()]))
                    focus = view.cell if view is im2col else gridded.cell
                    assert focus is not None and all(0 <= at < size for at, size in zip(focus, current[0].outputs, strict=True))
                view.grab()
            qapp.processEvents()
    finally:
        assert backward.close_view(5.0)
