"""The whole state of the board of losses as one frozen value. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from engine.fields import setting
from engine.foundations.boards.losses.passed_back import HandOutput
from gui.labs.foundations.board_state import BoardLink, BoardState

LossTopic: TypeAlias = Literal["example", "logarithm", "gaussian", "coin", "hand", "smoothing", "twice"]
ANSWERS = 10  # classes of the example, the digits
MOST_POINTS = 30
MOST_SCORES = 5

AnswerShare = Annotated[float, setting(0.0, 1.0)]
PointPlace = Annotated[float, setting(-1e3, 1e3)]
HandScore = Annotated[float, setting(-20.0, 20.0, slider=(-6.0, 6.0), step=0.1)]

TOPIC_FIELDS: Mapping[str, Sequence[str]] = {
    "example": ("truth", "make_room", "book_least"),
    "logarithm": ("share", "book_least"),
    "gaussian": ("mean", "deviation"),
    "coin": ("heads", "tails", "heads_share"),
    "hand": ("label", "target"),
    "smoothing": ("smoothing", "classes", "lead"),
    "twice": ("classes", "lead"),
}

BOOKS: Mapping[str, str] = {"right-answer": "1.7", "wrong-answer": "1.7", "minus-logarithm": "1.8"}
LINKS = (
    BoardLink("digits-cnn", ("presets", "digits-cnn")),
    BoardLink("series-lstm", ("presets", "series-lstm")),
)


class LossesState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`topic` is the picture that is shown.

    `answers` are a network's probabilities for ten classes, of which number `truth` is true; where one is moved, the others
    make room if `make_room`. With `book_least` 10⁻⁷ is added before the logarithm. `share` is the place on the curve of -ln y.

    `points` lie under a Gaussian with `mean` and `deviation`; the coin has shown `heads` and `tails`, and heads with
    probability `heads_share`.

    By hand, `kind` is what makes outputs of `scores` (of the first one alone, but for the softmax); `hand_truth` is the true
    class, `label` of a sigmoid whether it is 1, `target` of the identity what it should be.

    Smoothed labels and a softmax that is taken twice have `classes` classes; the true one's score lies `lead` above the
    others'."""

    topic: LossTopic = "example"
    answers: Annotated[tuple[AnswerShare, ...], Meta(min_length=ANSWERS, max_length=ANSWERS)] = (
        0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0,
    )  # fmt: skip
    truth: Annotated[int, setting(0, ANSWERS - 1)] = 2
    make_room: bool = True
    book_least: bool = True
    share: Annotated[float, setting(1e-8, 1.0, slider=(0.001, 1.0), step=0.001)] = 0.6
    points: Annotated[tuple[PointPlace, ...], Meta(min_length=1, max_length=MOST_POINTS)] = (-1.2, 0.3, 0.8, 1.5, 2.9)
    mean: Annotated[float, setting(-1e3, 1e3, slider=(-5.0, 5.0), step=0.05)] = 0.0
    deviation: Annotated[float, setting(0.05, 1e3, slider=(0.1, 5.0), step=0.05)] = 1.0
    heads: Annotated[int, setting(0, 1000, slider=(0, 50))] = 7
    tails: Annotated[int, setting(0, 1000, slider=(0, 50))] = 3
    heads_share: Annotated[float, setting(0.0, 1.0, step=0.01)] = 0.5
    kind: HandOutput = "softmax"
    scores: Annotated[tuple[HandScore, ...], Meta(min_length=2, max_length=MOST_SCORES)] = (0.3, 2.9, 4.0)
    hand_truth: Annotated[int, setting(0, MOST_SCORES - 1)] = 1
    label: bool = True
    target: Annotated[float, setting(-20.0, 20.0, slider=(-6.0, 6.0), step=0.1)] = 1.0
    smoothing: Annotated[float, setting(0.0, 0.9, slider=(0.0, 0.5), step=0.01)] = 0.1
    classes: Annotated[int, setting(2, 1000, slider=(2, 100))] = 10
    lead: Annotated[float, setting(-20.0, 50.0, slider=(-5.0, 15.0), step=0.05)] = 4.0

    @property
    def outputs(self) -> int:
        """How many outputs there are by hand."""
        return len(self.scores) if self.kind == "softmax" else 1

    @property
    def true_class(self) -> int:
        """The true class by hand, of those that there are."""
        return min(self.hand_truth, len(self.scores) - 1)
