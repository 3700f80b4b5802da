"""A monkey at the network lab: whatever is clicked, typed, dragged or scrolled, nothing raises, warns or crashes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine.experiments import famous
from engine.layers.base import Shape
from engine.layers.catalog import KINDS, fresh
from engine.networks.edits import following, paths
from engine.networks.trace import Path as Place
from engine.pictures import PATTERNS
from gui.labs.network.pages.other_cards import others
from gui.labs.network.state import opened
from gui.shell.state_file import from_text, to_text
from tests.gui.labs.network.network_labs import network_lab
from tests.gui.monkey import SEEDS, STEPS, Monkey, in_any_lab

WALK = STEPS * 2 // 3  # a step of a whole network takes longer than one of a layer
INPUTS: tuple[Shape, ...] = ((1, 28, 28), (3, 32, 32), (20,), (8, 20), (1, 8, 8, 8), (1,), (64, 1), (2, 1, 300))
LIGHT = ("pipeline-28x28", "mlp-28x28", "lenet-5")  # their maps come soon
ANSWERS = ("", "0", "10", "1,234", "6x24x24", "24×24×6", "(8, 20, 20)", "-1", "9" * 30, "x", "½")


@pytest.mark.timeout(STEPS * 2)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_at_the_network_lab(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    lab = network_lab(qtbot, tmp_path)
    lab.torch_ready()
    clipboard = QGuiApplication.clipboard()

    def some_place(random: Random) -> Place:
        return random.choice((*paths(lab.state().layers), ()))

    def open_famous(random: Random) -> None:
        names = LIGHT if random.random() < 0.7 else famous.names()
        lab.step_to(opened(random.choice(names), lab.state()))

    def empty(_random: Random) -> None:
        lab.stack_card.empty()

    def choose(random: Random) -> None:
        lab.stack_card.stack.chosen.emit(some_place(random))

    def insert(random: Random) -> None:
        place, reading = some_place(random), lab.reading
        shape = reading.inputs.get(place) if random.random() < 0.8 else None
        lab.stack_card.insert((fresh(random.choice(list(KINDS)), shape),), following(place) if place else (0,))

    def other_input(random: Random) -> None:
        lab.layer_card.input_edited.emit(random.choice(INPUTS))

    def mend(random: Random) -> None:
        if lab.stack_card.repairs:
            key = str(random.randrange(len(lab.stack_card.repairs)))
            lab.stack_card.stack.repaired.emit(lab.state().chosen, key)

    def remove(random: Random) -> None:
        if place := some_place(random):
            lab.stack_card.stack.removed.emit(place)

    def move(random: Random) -> None:
        if (source := some_place(random)) and (target := some_place(random)):
            lab.stack_card.stack.moved.emit(source, target)

    def compare(random: Random) -> None:
        lab.set_state(replace(lab.state(), beside=random.choice(others()), blanks=False))

    def fill_in(random: Random) -> None:
        lab.set_state(replace(lab.state(), blanks=True, beside=""))
        page = lab.blanks_card.page
        for blank in page.blanks[:6]:
            page.cells.setData(page.cells.place(blank), random.choice(ANSWERS))

    def back(_random: Random) -> None:
        lab.beside_card.closed.emit()

    def enlarge(random: Random) -> None:
        lab.set_state(replace(lab.state(), enlarged=random.random() < 0.7, page=random.choice(("layer", "maps"))))

    def choose_picture(random: Random) -> None:
        side = random.choice((1, 5, 28, 64))
        lab.picker.load(f"{random.choice(PATTERNS)} {random.choice((1, 3))}x{side}x{random.choice((1, 28, side))}")

    def through_the_clipboard(random: Random) -> None:
        lab.copy_layer()
        if random.random() < 0.3:
            clipboard.setText(random.choice(("", "kind = 3", '[[layers]]\nkind = "Nothing"', "\x00", "한국어")))
        lab.paste()

    def take_along(random: Random) -> None:
        for form in ("text", "markdown", "csv"):
            lab.along.copy_table(form)
        lab.along.copy_code()
        if random.random() < 0.3:
            lab.along.train()

    def as_text(_random: Random) -> None:
        shown = lab.state()
        assert from_text(to_text(lab.name, shown), lab.name, type(shown)) == shown

    def go_home() -> None:
        """VGG alone has half a gigabyte of weights."""
        lab.set_state(opened("lenet-5", lab.state()))

    building = (insert, insert, insert, choose, choose, mend, mend, remove, move, other_input, empty)
    looking = (open_famous, open_famous, compare, fill_in, back, back, enlarge, choose_picture)
    keeping = (*in_any_lab(lab), through_the_clipboard, take_along, as_text)
    Monkey(qtbot, monkeypatch, lab, seed, (*building, *looking, *keeping), lambda: not lab.busy(), go_home).walk(WALK)
