"""The whole state of the foundations lab: which board is shown, and what each board shows. No Qt here."""

from __future__ import annotations

from typing import Literal

import msgspec

from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.backpropagation.state import BackpropagationState
from gui.labs.foundations.batches.state import BatchesState
from gui.labs.foundations.board_state import BoardState
from gui.labs.foundations.boards import BOARDS
from gui.labs.foundations.capacity.state import CapacityState
from gui.labs.foundations.gradient.state import GradientState
from gui.labs.foundations.initialisation.state import InitialisationState
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.normalisation.state import NormalisationState
from gui.labs.foundations.optimisers.state import OptimisersState
from gui.labs.foundations.perceptron.state import PerceptronState

BoardName = Literal[
    "perceptron",
    "activation",
    "losses",
    "gradient",
    "backpropagation",
    "optimisers",
    "initialisation",
    "normalisation",
    "capacity",
    "batches",
]


class FoundationsState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`board` is the one that is shown; each board's own state has its name."""

    board: BoardName = "perceptron"
    perceptron: PerceptronState = PerceptronState()
    activation: ActivationState = ActivationState()
    losses: LossesState = LossesState()
    gradient: GradientState = GradientState()
    backpropagation: BackpropagationState = BackpropagationState()
    optimisers: OptimisersState = OptimisersState()
    initialisation: InitialisationState = InitialisationState()
    normalisation: NormalisationState = NormalisationState()
    capacity: CapacityState = CapacityState()
    batches: BatchesState = BatchesState()

    @property
    def shown(self) -> BoardState:
        """The state of the board that is shown."""
        return self.of(self.board)

    def of(self, board: str) -> BoardState:
        """The state of the board of that name."""
        state: BoardState = getattr(self, board)
        return state

    def with_board(self, board: str, state: BoardState) -> FoundationsState:
        """The same, where the board of that name shows `state`."""
        return msgspec.structs.replace(self, **{board: state})


def fitted_board(state: FoundationsState) -> FoundationsState:
    """The nearest state whose board is one of those that there are."""
    return state if state.board in BOARDS else msgspec.structs.replace(state, board=next(iter(BOARDS)))
