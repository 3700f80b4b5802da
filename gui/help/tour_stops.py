"""The stops of the tour: what each points at, when it is done, and what it then says. Five steps, one a lab.

What a stop asks of its lab stands here as a protocol: labs know nothing of the tour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtWidgets import QWidget

from engine.figures import full_count, shape_text
from engine.layers.base import Shape
from engine.networks.trace import trace
from engine.words import Phrase
from gui.lab.base import Lab
from gui.shell.language import language

if TYPE_CHECKING:
    from gui.labs.convolution.layer_panel import LayerPanel
    from gui.labs.convolution.state import ConvolutionState
    from gui.labs.foundations.state import FoundationsState
    from gui.labs.network.reading import Reading
    from gui.labs.network.stack.stack_card import StackCard
    from gui.labs.network.state import NetworkState
    from gui.labs.sequence.sequence_pages import SequencePages
    from gui.labs.sequence.state import SequenceState
    from gui.plots.curve_card import CurveCard
    from gui.running.run_bar import RunBar
    from gui.widgets.forms.controls import Segmented

TABLE = "tour"
STEPS = 5


@dataclass(frozen=True)
class Stop:
    """`step` counts from 1. `target` finds the control that is pointed at. `mark` is what the lab is like when the stop begins;
    `done` says whether the lab now differs from it as asked. `after` is what is said then, for a while; None: the tour goes on
    at once. `needless`: whether a stop that begins now is left out."""

    step: int
    lab: str
    says: Callable[[Lab], Phrase]
    target: Callable[[Lab], QWidget]
    mark: Callable[[Lab], object]
    done: Callable[[Lab, object], bool]
    after: Callable[[Lab, object], Phrase | None] = lambda _lab, _mark: None
    needless: Callable[[Lab], bool] = lambda _lab: False
    below: bool = False  # the callout stands rather below than beside the control


def _said(code: str) -> Callable[[Lab], Phrase]:
    return lambda _lab: Phrase(TABLE, code)


# --- one layer


class _OneLayer(Protocol):
    panel: LayerPanel
    input_shape: Shape

    def state(self) -> ConvolutionState: ...


def _one_layer(lab: Lab) -> _OneLayer:
    return cast("_OneLayer", lab)


def _filter_size(lab: Lab) -> QWidget:
    return _one_layer(lab).panel.form().linked("kernel_size")


def _size_and_output(lab: Lab) -> tuple[object, object]:
    state = _one_layer(lab).state()
    return state.layer.kernel, trace([state.layer], _one_layer(lab).input_shape).output


def _resized(lab: Lab, mark: object) -> bool:
    assert isinstance(mark, tuple)
    return bool(_size_and_output(lab)[0] != mark[0])


def _new_shape(lab: Lab, mark: object) -> Phrase:
    assert isinstance(mark, tuple)
    found = trace([_one_layer(lab).state().layer], _one_layer(lab).input_shape)
    parameters = full_count(sum(row.parameters for row in found.rows))
    code = "shape_kept" if found.output == mark[1] else "shape_changed"
    return Phrase(TABLE, code, {"shape": shape_text(found.output, tight=True), "parameters": parameters})


# --- a network


class _OneNetwork(Protocol):
    stack_card: StackCard
    reading: Reading

    def state(self) -> NetworkState: ...


def _network(lab: Lab) -> _OneNetwork:
    return cast("_OneNetwork", lab)


def _stack(lab: Lab) -> QWidget:
    return _network(lab).stack_card.stack


def _layers(lab: Lab) -> object:
    state = _network(lab).state()
    return state.layers, state.disabled


def _fits(lab: Lab) -> bool:
    """Whether the network can be built, and is likely meant so."""
    reading = _network(lab).reading
    return reading.problem is None and reading.hint is None


# --- a run


class _OneRun(Protocol):
    run_bar: RunBar
    loss: CurveCard


def _training(lab: Lab) -> _OneRun:
    return cast("_OneRun", lab)


# --- a sequence


class _OneSequence(Protocol):
    run_bar: RunBar
    pages: SequencePages

    def state(self) -> SequenceState: ...


def _sequence(lab: Lab) -> _OneSequence:
    return cast("_OneSequence", lab)


def _look(lab: Lab) -> object:
    return _sequence(lab).state().look


# --- boards


class _Boards(Protocol):
    strip: Segmented

    def state(self) -> FoundationsState: ...


def _boards(lab: Lab) -> _Boards:
    return cast("_Boards", lab)


STOPS: tuple[Stop, ...] = (
    Stop(1, "convolution", _said("drag_filter"), _filter_size, _size_and_output, _resized, _new_shape),
    Stop(2, "network", _said("break_network"), _stack, _layers, lambda lab, mark: _layers(lab) != mark),
    Stop(
        2,
        "network",
        _said("mend_network"),
        _stack,
        lambda _lab: None,
        lambda lab, _mark: _fits(lab),
        lambda _lab, _mark: Phrase(TABLE, "network_fits"),
        needless=_fits,
    ),
    Stop(
        3,
        "training",
        _said("press_play"),
        lambda lab: _training(lab).run_bar.play,
        lambda _lab: None,
        lambda lab, _mark: lab.run_in_progress(),
        needless=lambda lab: lab.run_in_progress(),
        below=True,  # the other buttons are beside it
    ),
    Stop(
        3,
        "training",
        _said("watch_loss"),
        lambda lab: _training(lab).loss,
        lambda _lab: None,
        lambda lab, _mark: not lab.run_in_progress(),
    ),
    Stop(
        4,
        "sequence",
        _said("press_play_again"),
        lambda lab: _sequence(lab).run_bar.play,
        lambda _lab: None,
        lambda lab, _mark: lab.run_in_progress(),
        needless=lambda lab: lab.run_in_progress(),
        below=True,
    ),
    Stop(
        4,
        "sequence",
        _said("watch_gates"),
        lambda lab: _sequence(lab).pages.gates,
        _look,
        lambda lab, mark: _look(lab) != mark,
        lambda _lab, _mark: Phrase(TABLE, "step_chosen"),
    ),
    Stop(
        5,
        "foundations",
        _said("choose_board"),
        lambda lab: _boards(lab).strip,
        lambda lab: _boards(lab).state(),
        lambda lab, mark: _boards(lab).state() != mark,
        lambda _lab, _mark: Phrase(TABLE, "board_chosen"),
        below=True,
    ),
)


def spoken(phrase: Phrase) -> str:
    """The phrase in the window's language."""
    return phrase.say(language())
