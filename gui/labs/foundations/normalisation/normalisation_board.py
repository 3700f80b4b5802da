"""The board of normalisation and regularisation: what each does to a batch or a weight, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from PySide6.QtCore import Slot

from gui.labs.foundations.normalisation.decay_page import DecayPage
from gui.labs.foundations.normalisation.dropout_page import DropoutPage
from gui.labs.foundations.normalisation.norm_page import BatchNormPage, LayerNormPage
from gui.labs.foundations.normalisation.running_page import RunningPage
from gui.labs.foundations.normalisation.scales_page import ScalesPage
from gui.labs.foundations.normalisation.state import BOOKS, LINKS, NormalisationState
from gui.labs.foundations.topic_board import TopicBoard

OF_EVALUATION = ("seen", "convention", "momentum")


class NormalisationBoard(TopicBoard[NormalisationState]):
    name = "normalisation"
    state_type = NormalisationState
    FORM = (
        "mode",
        "convention",
        "momentum",
        "seen",
        "gamma",
        "beta",
        "epsilon",
        "ratio",
        "masks",
        "rows",
        "columns",
        "batch_size",
        "batches",
        "shift",
        "rule",
        "weight",
        "best",
        "curvature",
        "lr",
        "decay",
        "steps",
        "epochs",
        "seed",
    )
    PAGES: ClassVar = {
        "batch_norm": BatchNormPage,
        "layer_norm": LayerNormPage,
        "running_mean": RunningPage,
        "dropout": DropoutPage,
        "weight_decay": DecayPage,
        "start_scales": ScalesPage,
    }
    TOPIC_FIELDS: ClassVar = {
        "batch_norm": ("mode", *OF_EVALUATION, "gamma", "beta", "epsilon", "rows", "columns", "seed"),
        "layer_norm": ("gamma", "beta", "epsilon", "rows", "columns", "seed"),
        "running_mean": ("convention", "momentum", "batch_size", "batches", "shift", "seed"),
        "dropout": ("mode", "convention", "ratio", "masks", "rows", "columns", "seed"),
        "weight_decay": ("rule", "weight", "best", "curvature", "lr", "decay", "steps"),
        "start_scales": ("epochs", "seed"),
    }
    BOOKS = BOOKS
    LINKS = LINKS

    def rows_of(self, state: NormalisationState) -> Sequence[str]:
        found = super().rows_of(state)
        if state.topic == "batch_norm" and state.mode == "training":
            return [name for name in found if name not in OF_EVALUATION]
        return found

    @Slot(object)
    def _form_edited(self, state: NormalisationState) -> None:
        """Another convention writes the same momentum otherwise; another seed draws another batch. What has been typed into it
        stays in a batch of another size, as far as it reaches."""
        if state.convention != self.state.convention:
            state = msgspec.structs.replace(state, momentum=round(1 - state.momentum, 9))
        if state.seed != self.state.seed:
            state = msgspec.structs.replace(state, typed=None)
        super()._form_edited(state)
