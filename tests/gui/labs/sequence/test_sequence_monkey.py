"""A monkey at the sequence lab, with runs under way: whatever is clicked, typed, dragged or scrolled, nothing raises, warns or
crashes."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from engine.fields import edited
from engine.runs.status import State
from engine.sequences.tasks import CELL_KINDS, TASKS, fresh
from gui.lab.base import Services
from gui.labs.sequence.cell_edits import recurrent_of, with_recurrent
from gui.labs.sequence.lab import SequenceLab
from gui.labs.sequence.sequence_look import SequenceLook
from gui.shell.state_file import from_text, to_text
from tests.gui.monkey import SEEDS, STEPS, Monkey, in_any_lab
from tests.patience import GIVE_UP_S

HERE_STEPS = STEPS if "MONKEY_STEPS" in os.environ else 200  # runs beside it make each step slower


@pytest.mark.timeout(STEPS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_at_the_sequence_lab(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    lab = SequenceLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1100, 780)
    lab.show()
    lab.torch_ready()

    def open_task(random: Random) -> None:
        """A small one: so a step of its run takes as long as one of the monkey."""
        found = fresh(random.choice(TASKS).name, random.choice(CELL_KINDS))
        layer = recurrent_of(found)
        assert layer is not None
        found = with_recurrent(found, edited(layer, hidden_size=random.choice((1, 4, 9))))
        training = edited(found.training, epochs=random.choice((1, 3, 40)), device="cpu", batch_size=16)
        lab.open_experiment(edited(found, training=training))

    def change_layer(random: Random) -> None:
        layer = recurrent_of(lab.experiment())
        if layer is not None:
            change = random.choice(({"num_layers": 2}, {"bidirectional": True}, {"hidden_size": 3}, {"num_layers": 1}))
            lab.panel.layer.edited.emit(edited(layer, **change))

    def change_length(random: Random) -> None:
        data = lab.experiment().data
        if "length" in lab.panel.info().options if lab.panel.info() is not None else False:
            lab.panel.data.edited.emit(edited(data, length=random.choice((1, 2, 7, 30))))

    def choose_cell(random: Random) -> None:
        lab.choose_cell(random.choice((*CELL_KINDS, "beside", "convolution")))

    def press(random: Random) -> None:
        presses = (lab.play, lab.pause, lab.play_or_pause, lab.step, lab.step, lab.stop, lab.reset, lab.go_on, lab.begin_anew)
        for _ in range(random.randrange(1, 4)):
            random.choice(presses)()

    def look_elsewhere(random: Random) -> None:
        lab.look_at(
            SequenceLook(
                sample=random.randrange(50),
                layer=random.randrange(3),
                backward=random.random() < 0.5,
                t=random.randrange(100),
                unit=random.randrange(100),
                gate=random.choice(("", "f", "c", "h", "z", "n")),
            )
        )

    def choose_page(random: Random) -> None:
        lab.pages.chosen.emit(random.choice(list(lab.pages.pages)))

    def travel(random: Random) -> None:
        """To a moment of the past, and back."""
        kept = lab.control.kept_weights
        if kept is not None and kept.steps:
            lab.timeline.go_to(random.choice((None, *kept.steps)))

    def as_text(_random: Random) -> None:
        state = lab.state()
        assert from_text(to_text(lab.name, state), lab.name, lab.state_type) == state
        lab.set_state(msgspec.structs.replace(state, look=SequenceLook()))

    def settled() -> bool:
        """Runs may go on; nothing is asked of them any more."""
        controls = (lab.control, *lab.others.controls.values())
        return all(control.worker.status().state in (State.IDLE, State.RUNNING, State.PAUSED) for control in controls)

    doings = (
        *(open_task, open_task, press, press, press, change_layer, change_length),
        *(choose_cell, look_elsewhere, choose_page, travel, as_text, *in_any_lab(lab)),
    )
    Monkey(qtbot, monkeypatch, lab, seed, doings, settled).walk(HERE_STEPS)
