"""The board of epochs, batches and iterations: which samples a batch draws, which are never drawn, speed and noise against its
size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from gui.labs.foundations.batches.epoch_page import EpochPage
from gui.labs.foundations.batches.noise_page import NoisePage
from gui.labs.foundations.batches.speed_page import SpeedPage
from gui.labs.foundations.batches.state import BOOKS, FORM, LINKS, ROWS, BatchesState
from gui.labs.foundations.batches.unseen_page import UnseenPage
from gui.labs.foundations.topic_board import TopicBoard, TopicPage


class BatchesBoard(TopicBoard[BatchesState]):
    name = "batches"
    state_type = BatchesState
    FORM = FORM
    BOOKS = BOOKS
    LINKS = LINKS
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "epoch": EpochPage,
        "unseen": UnseenPage,
        "speed": SpeedPage,
        "gradient_noise": NoisePage,
    }
    TOPIC_FIELDS = ROWS
