"""A monkey at the training lab, with runs under way: whatever is clicked, typed, dragged or scrolled, nothing raises, warns or
crashes."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from engine.experiments.experiment import preset_names
from engine.fields import edited
from engine.runs.folder import FILES, subfolders
from engine.runs.status import State
from gui.lab.base import Services
from gui.labs.training.lab import TrainingLab
from gui.shell.state_file import to_text
from tests.gui.labs.training.small_runs import small
from tests.gui.monkey import SEEDS, STEPS, Monkey, in_any_lab
from tests.patience import GIVE_UP_S

HERE_STEPS = STEPS if "MONKEY_STEPS" in os.environ else 200  # a run beside it makes each step slower
RATES = (1e-5, 1e-3, 0.1, 1.0, 100.0)  # the last two diverge
SIZES = (1, 7, 64, 100_000)  # of a batch


@pytest.mark.timeout(STEPS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_at_the_training_lab(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    runs = tmp_path / "runs"
    lab = TrainingLab(Services(runs_folder=runs))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1100, 780)
    lab.show()
    lab.torch_ready()

    def open_preset(random: Random) -> None:
        lab.open_experiment(small(random.choice(preset_names()), epochs=random.choice((1, 2, 50))))

    def run(random: Random) -> None:
        lab.control.begin_anew()

    def press(random: Random) -> None:
        presses = (lab.play, lab.pause, lab.play_or_pause, lab.step, lab.step, lab.stop, lab.reset, lab.control.go_on)
        for _ in range(random.randrange(1, 4)):
            random.choice(presses)()

    def change(random: Random) -> None:
        """A setting in the middle of a run, as its row says it."""
        name, values = random.choice((("lr", RATES), ("batch_size", SIZES), ("epochs", (1, 3, 40))))
        training = edited(lab.experiment().training, **{name: random.choice(values)})
        lab.panel.training.edited.emit(training)

    def rename(random: Random) -> None:
        lab.panel.name.setText(random.choice(("가나다", "&x", "", " ", "a" * 300, "../..", "con", "<b>x</b>")))
        lab.panel.name.editingFinished.emit()

    def script(_random: Random) -> None:
        lab.show_script()

    def as_text(_random: Random) -> None:
        assert to_text(lab.name, lab.state())
        lab.set_state(msgspec.structs.replace(lab.state(), sample=0))

    def look(random: Random) -> None:
        """Another page beside the curves, or another view."""
        if random.random() < 0.7:
            lab.pages.chosen.emit(random.choice(list(lab.pages.pages)))
        else:
            lab.show_view(random.choice(("run", "run", "data", "runs", "queue")))

    def travel(random: Random) -> None:
        """To a moment of the past, through all of them, or into a new run from there."""
        steps = () if (kept := lab.control.kept_weights) is None else kept.steps
        lab.timeline.go_to(random.choice((None, *steps)))
        random.choice((lab.timeline.play_or_stop, lab.timeline.back_to_now, lab.timeline.branch.click, lambda: None))()

    def damage(random: Random) -> None:
        """A file of a run that nobody writes now, and look for the last run, as after a restart."""
        if not lab.run_in_progress() and (folders := subfolders(runs)):
            file = random.choice(folders) / random.choice(FILES)
            if file.exists():
                file.write_bytes(file.read_bytes()[: random.choice((0, 10, 1000))])
            lab.control.look_for_last()

    def settled() -> bool:
        """A run may go on; nothing is asked of it any more."""
        status = lab.worker.status()
        return status.state in (State.IDLE, State.RUNNING, State.PAUSED)

    doings = (
        open_preset,
        run,
        run,
        press,
        press,
        change,
        change,
        rename,
        *in_any_lab(lab),
        script,
        as_text,
        look,
        look,
        travel,
        damage,
    )
    Monkey(qtbot, monkeypatch, lab, seed, doings, settled).walk(HERE_STEPS)
