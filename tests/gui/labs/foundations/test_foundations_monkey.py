"""A monkey at the foundations lab: whatever is clicked, typed, dragged or scrolled, nothing raises, warns or crashes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from pytestqt.qtbot import QtBot

from gui.lab.base import Services
from gui.labs.foundations.board_presets import preset_names
from gui.labs.foundations.boards import BOARDS
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.state import FoundationsState
from gui.labs.foundations.topic_board import TopicBoard
from gui.shell.state_file import from_text, to_text
from tests.gui.monkey import SEEDS, STEPS, Monkey, in_any_lab
from tests.patience import GIVE_UP_S

FIRST = FoundationsState()


@pytest.mark.timeout(STEPS * 2)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_at_the_foundations_lab(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    lab = FoundationsLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1100, 760)
    lab.show()

    def show_board(random: Random) -> None:
        lab.show_board(random.choice(list(BOARDS)))

    def show_topic(random: Random) -> None:
        if isinstance(lab.board, TopicBoard):
            lab.board.look(topic=random.choice(list(lab.board.PAGES)))

    def open_preset(random: Random) -> None:
        lab.panel.open_preset(random.choice(preset_names(lab.board.name)))

    def as_text(_random: Random) -> None:
        """What a click leads to can be saved and read back."""
        state = lab.state()
        assert from_text(to_text("foundations", state), "foundations", FoundationsState) == state

    def go_home() -> None:
        lab.set_state(FIRST)

    doings = (show_board, show_topic, show_topic, open_preset, as_text, *in_any_lab(lab))
    Monkey(qtbot, monkeypatch, lab, seed, doings, lambda: not lab.busy(), go_home).walk()
