"""Every way of replacing a network in the network lab frees its weights before the next ones are made."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot
from torch import Tensor, nn

from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.networks.edits import Edit
from gui.lab.names import recognised
from gui.labs.network.lab import NetworkLab
from gui.labs.network.state import NetworkState, opened
from tests.engine.runs.test_first_filters import saved
from tests.gui.labs.network.network_labs import network_lab

SMALL = NetworkState(
    name="small",
    input=(1, 12, 12),
    layers=(Conv2d(out_channels=4, kernel_size=3), Flatten(), Linear(out_features=10)),
    chosen=(0,),
)
FILE = """
name = "another"
[network]
input = [1, 12, 12]
[[network.layers]]
type = "Conv2d"
out_channels = 2
kernel_size = 5
"""


class Drawn:
    """The weights of every network that was drawn, and how many of earlier ones were there when a later one's first came."""

    def __init__(self) -> None:
        self.left: list[int] = []
        self._networks: list[list[weakref.ref[Tensor]]] = []

    def begin(self) -> None:
        self.left.append(sum(weights() is not None for network in self._networks for weights in network))
        self._networks.append([])

    def note(self, module: nn.Module) -> None:
        self._networks[-1] += [weakref.ref(weights) for weights in module.parameters()]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawn]:
    from engine.passes import loaded

    found = Drawn()
    made, give = loaded.bare, loaded.give_memory

    def bare(*arguments: object) -> nn.Sequential:
        found.begin()
        return made(*arguments)  # type: ignore[arg-type]

    def given(module: nn.Module) -> None:
        give(module)
        found.note(module)

    monkeypatch.setattr(loaded, "bare", bare)
    monkeypatch.setattr(loaded, "give_memory", given)
    gc.collect()
    gc.disable()
    yield found
    gc.enable()


def preset(lab: NetworkLab) -> None:
    lab.step_to(opened("lenet-5", lab.state()))


def undo(lab: NetworkLab) -> None:
    lab.undo()


def file(lab: NetworkLab) -> None:
    lab.open_text(recognised(FILE, "another.toml"))


def edit(lab: NetworkLab) -> None:
    lab._apply(Edit("replaced", (2,), layer=Linear(out_features=7)), "")


def redraw(lab: NetworkLab) -> None:
    lab._redraw()


def run(lab: NetworkLab) -> None:
    folder = lab.services.runs_folder / "run"
    saved(folder, *SMALL.layers, shape=SMALL.input)  # type: ignore[arg-type]
    lab._weights_chosen(str(folder))


@pytest.mark.parametrize("replace", [preset, undo, file, edit, redraw, run])
def test_the_old_weights_are_gone_before_the_new_ones_come(
    qtbot: QtBot, tmp_path: Path, drawn: Drawn, replace: Callable[[NetworkLab], None]
) -> None:
    lab = network_lab(qtbot, tmp_path)
    lab.set_state(msgspec.structs.replace(SMALL, page="maps"))
    lab.forget_history()
    lab.torch_ready()

    def settled() -> None:
        qtbot.waitUntil(lambda: not lab.busy() and lab.maps_card.waiting == "")

    settled()
    lab._apply(Edit("replaced", (2,), layer=Linear(out_features=8)), "")
    settled()
    before = len(drawn.left)
    replace(lab)
    settled()
    assert len(drawn.left) > before and not any(drawn.left)


@pytest.mark.parametrize("how", ["file", "own picture"])
def test_an_opened_file_is_remembered_once(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    lab = network_lab(qtbot, tmp_path)
    remembered: list[object] = []
    inner = lab.remember
    monkeypatch.setattr(lab, "remember", lambda state, key="": (remembered.append((state, key)), inner(state, key)))
    text = FILE if how == "file" else 'lab = "network"\npicture = "flower"\ninput = [3, 9, 9]\nlayers = [{type = "ReLU"}]\n'
    lab.open_text(recognised(text, "another.toml"))
    assert [key for _, key in remembered] == [""] and remembered[0][0] == lab.state()  # type: ignore[index]
    assert lab.can_undo
