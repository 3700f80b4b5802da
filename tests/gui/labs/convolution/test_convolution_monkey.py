"""A monkey at the convolution lab: whatever is clicked, typed, dragged or scrolled, nothing raises, warns or crashes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from engine.pictures import PATTERNS
from gui.lab.base import Services
from gui.labs.convolution.kind_choice import STUDIED_KINDS
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.presets import names, preset
from gui.shell.state_file import to_text
from tests.gui.monkey import SEEDS, STEPS, Monkey, in_any_lab
from tests.patience import GIVE_UP_S

PAGES = ("scene", "maps", "why", "tensor")
VIEWS = ("window", "im2col", "backward")


@pytest.mark.timeout(STEPS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_at_the_convolution_lab(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    lab = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1100, 780)
    lab.show()
    lab.torch_ready()

    def open_preset(random: Random) -> None:
        lab.panel.state_edited.emit(preset(random.choice(names())), ())

    def choose_kind(random: Random) -> None:
        lab.panel.kind.chosen.emit(random.choice(list(STUDIED_KINDS)))

    def choose_pattern(random: Random) -> None:
        sides = (1, 2, 5, 8, 28, 64)
        shape = "x".join(map(str, (random.choice((1, 1, 3, 8)), random.choice(sides), random.choice(sides))))
        lab.picker.load(f"{random.choice(PATTERNS)} {shape}")

    def look(random: Random) -> None:
        state = lab.state()
        scene = msgspec.structs.replace(state.scene, page=random.choice(PAGES), view=random.choice(VIEWS))
        lab.set_state(msgspec.structs.replace(state, scene=scene))

    def draw(_random: Random) -> None:
        lab.picker.draw()

    def terms(_random: Random) -> None:
        lab.scene_card.arithmetic.open_terms()

    def as_text(_random: Random) -> None:
        assert to_text(lab.name, lab.state())

    doings = (open_preset, choose_kind, choose_pattern, look, look, *in_any_lab(lab), draw, terms, as_text)
    Monkey(qtbot, monkeypatch, lab, seed, doings, lambda: not lab.busy()).walk()
