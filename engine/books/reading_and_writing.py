"""Book 2, chapters 7 and 8: a network that reads one text and writes another; additions, dates, attention.

An encoder's LSTM reads the question; its last state begins the decoder's, which writes the answer letter by letter, each read
back in. Peeky: the encoder's state is a part of every input of the decoder. Attention: every step of the decoder takes a
weighted mean of all the encoder's states, the weights being a softmax over their products with its own state. torch computes
the cells.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.books.reproduced import BookExperiment, BookFigure, counted, measured

BATCH, LR, LONGEST_GRADIENT = 128, 1e-3, 5.0  # as in the book


LstmState: TypeAlias = tuple[Tensor, Tensor]  # h and c, (1, N, hidden) each


class Pairs(NamedTuple):
    """Questions (N, T) and answers (N, U) as letters' numbers; an answer begins with the sign that starts the decoder."""

    letters: str
    questions: NDArray[np.int64]
    answers: NDArray[np.int64]
    tested: int  # of them, the last ones


def _numbered(letters: str, texts: list[str]) -> NDArray[np.int64]:
    return np.array([[letters.index(letter) for letter in text] for text in texts], np.int64)


@lru_cache(maxsize=1)
def additions() -> Pairs:
    """50,000 sums of two numbers of at most three digits, as 16+75 followed by blanks, and _91 followed by blanks.

    Both numbers have one, two or three digits with the same chance. No two numbers are asked for twice, not even the other way
    round: in the book's file there is 16+75, so 75+16 is not. With 75+16 among the training questions, 16+75 would be easier.
    """
    random, letters = np.random.default_rng(0), "0123456789+ _"
    asked: dict[tuple[int, int], tuple[int, int]] = {}
    while len(asked) < 50_000:
        a, b = (int(random.integers(10 ** int(random.integers(1, 4)))) for _ in range(2))
        asked.setdefault((min(a, b), max(a, b)), (a, b))
    order = random.permutation(np.array(list(asked.values())))  # the first draws are mostly short ones
    questions, answers = [f"{a}+{b}".ljust(7) for a, b in order], [f"_{a + b}".ljust(5) for a, b in order]
    return Pairs(letters, _numbered(letters, questions), _numbered(letters, answers), 5_000)


_MONTHS = (
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
)  # fmt: skip
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@lru_cache(maxsize=1)
def dates() -> Pairs:
    """50,000 dates between 1970 and 2019 as people write them (up to 29 letters), and _1994-09-27."""
    from datetime import date, timedelta

    random = np.random.default_rng(0)
    first, days = date(1970, 1, 1), (date(2020, 1, 1) - date(1970, 1, 1)).days
    texts, answers = [], []
    for _ in range(50_000):
        day = first + timedelta(int(random.integers(days)))
        month = _MONTHS[day.month - 1]
        forms = (
            f"{month} {day.day}, {day.year}",
            f"{month[:3]} {day.day}, {day.year}",
            f"{month[:3].title()} {day.day}, {day.year}",
            f"{month.title()} {day.day}, {day.year}",
            f"{_DAYS[day.weekday()]}, {month} {day.day}, {day.year}",
            f"{day.month}/{day.day}/{day.year % 100:02d}",
            f"{day.month}/{day.day}/{day.year}",
            f"{month.upper()} {day.day}, {day.year}",
        )
        texts.append(forms[int(random.integers(len(forms)))].ljust(29)[:29])
        answers.append(f"_{day.isoformat()}")
    letters = "".join(sorted(set("".join(texts) + "".join(answers))))
    return Pairs(letters, _numbered(letters, texts), _numbered(letters, answers), 5_000)


class ReadAndWrite(nn.Module):
    """Encoder and decoder with embeddings of 16 numbers. First weights as in the book: normal, with a deviation of 0.01 in the
    embeddings and of 1 over the root of the inputs elsewhere, biases 0. torch's second bias of every gate stays 0: Adam would
    move the sum of both twice as far as the book's one."""

    def __init__(self, letters: int, hidden: int, *, peeky: bool = False, attention: bool = False) -> None:
        super().__init__()
        self._peeky, self._attention = peeky, attention
        more = hidden if peeky else 0
        self.reads, self.writes = nn.Embedding(letters, 16), nn.Embedding(letters, 16)
        self.encoder, self.decoder = nn.LSTM(16, hidden, batch_first=True), nn.LSTM(16 + more, hidden, batch_first=True)
        self.out = nn.Linear(hidden + more + (hidden if attention else 0), letters)
        for name, weight in self.named_parameters():
            if weight.dim() == 1:
                nn.init.zeros_(weight).requires_grad_("bias_hh" not in name)
            else:
                nn.init.normal_(weight, std=0.01 if name.startswith(("reads", "writes")) else 1 / math.sqrt(weight.shape[1]))

    def book_parameters(self) -> int:
        """With one bias for each gate."""
        return sum(weight.numel() for weight in self.parameters() if weight.requires_grad)

    def _decoded(
        self, given: Tensor, states: Tensor, first: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor], Tensor]:
        """Scores (N, U, letters) for the letters `given` (N, U), the decoder's state, and the attention (N, U, T)."""
        value, last = self.writes(given), states[:, -1:]
        if self._peeky:
            value = torch.cat([last.expand(-1, given.shape[1], -1), value], dim=2)
        hidden, state = self.decoder(value, first)
        attention = torch.softmax(hidden @ states.transpose(1, 2), dim=2)
        if self._attention:
            hidden = torch.cat([attention @ states, hidden], dim=2)
        if self._peeky:
            hidden = torch.cat([last.expand(-1, given.shape[1], -1), hidden], dim=2)
        return self.out(hidden), state, attention

    def loss(self, questions: Tensor, answers: Tensor) -> Tensor:
        """The mean cross-entropy of each letter of the answers, those before it being given."""
        states, last = self.encoder(self.reads(questions))
        scores, _, _ = self._decoded(answers[:, :-1], states, (last[0], torch.zeros_like(last[1])))
        return functional.cross_entropy(scores.flatten(0, 1), answers[:, 1:].flatten())

    @torch.no_grad()
    def write(self, questions: Tensor, start: int, count: int) -> tuple[Tensor, Tensor]:
        """The likeliest letter each time, (N, count), and the attention over the question, (N, count, T)."""
        states, last = self.encoder(self.reads(questions))
        state = (last[0], torch.zeros_like(last[1]))
        letter = torch.full((len(questions), 1), start)
        written, looked = [], []
        for _ in range(count):
            scores, state, attention = self._decoded(letter, states, state)
            letter = scores.argmax(dim=2)
            written.append(letter)
            looked.append(attention)
        return torch.cat(written, dim=1), torch.cat(looked, dim=1)


class Learned(NamedTuple):
    """The network after its epochs, and after each the share of test answers that are right from the first letter to the
    last."""

    network: ReadAndWrite
    accuracies: tuple[float, ...]


@lru_cache(maxsize=8)
def learned(
    task: str, hidden: int, epochs: int, *, turned: bool = False, peeky: bool = False, attention: bool = False
) -> Learned:
    """Trained as in the book: Adam, batches of 128, gradients of at most 5; `turned` questions are read backwards."""
    pairs = additions() if task == "additions" else dates()
    questions, answers = torch.from_numpy(pairs.questions), torch.from_numpy(pairs.answers)
    questions = questions.flip(1) if turned else questions
    trained = len(questions) - pairs.tested
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = ReadAndWrite(len(pairs.letters), hidden, peeky=peeky, attention=attention)
        learnt = [weight for weight in network.parameters() if weight.requires_grad]
        optimizer = torch.optim.Adam(learnt, lr=LR, eps=1e-7, foreach=True)
        accuracies = []
        for _ in range(epochs):
            for own in torch.randperm(trained)[: trained // BATCH * BATCH].reshape(-1, BATCH):
                optimizer.zero_grad()
                network.loss(questions[own], answers[own]).backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(learnt, LONGEST_GRADIENT)
                optimizer.step()
            written, _ = network.write(questions[trained:], pairs.letters.index("_"), answers.shape[1] - 1)
            accuracies.append(float((written == answers[trained:, 1:]).all(dim=1).double().mean()))
    return Learned(network, tuple(accuracies))


def _addition() -> list[BookFigure]:
    found = learned("additions", 128, 25)
    return [
        counted("parameters", found.network.book_parameters(), 150_573),
        measured("accuracy, 25 epochs", found.accuracies[-1], 0.03, 0.35),
    ]


def _addition_turned() -> list[BookFigure]:
    plain, turned = learned("additions", 128, 25), learned("additions", 128, 25, turned=True)
    return [
        measured("accuracy, 25 epochs", turned.accuracies[-1], 0.35, 0.90),
        measured("more than plain", turned.accuracies[-1] - plain.accuracies[-1], 0.1, 0.9),
    ]


def _addition_peeky() -> list[BookFigure]:
    return [measured("accuracy, 25 epochs", learned("additions", 128, 25, turned=True, peeky=True).accuracies[-1], 0.95, 1.0)]


def _attention_sum() -> list[BookFigure]:
    """T = 5 states of 4 numbers: the weights add up to 1, and the context is their mean under these weights."""
    generator = torch.Generator().manual_seed(0)
    states, hidden = torch.randn(5, 4, generator=generator).double(), torch.randn(4, generator=generator).double()
    weights = torch.softmax(states @ hidden, dim=0)
    by_hand = sum(float(weight) * row for weight, row in zip(weights, states, strict=True))
    return [
        measured("Σ a - 1", float(weights.sum()) - 1, -1e-12, 1e-12),
        measured("max |c - Σ a h|", float((weights @ states - by_hand).abs().max()), 0.0, 1e-12),
    ]


def _dates() -> list[BookFigure]:
    attending, plain = learned("dates", 256, 3, turned=True, attention=True), learned("dates", 256, 3, turned=True)
    return [
        measured("attention, epoch 3", attending.accuracies[2], 0.99, 1.0),
        measured("seq2seq, epoch 3", plain.accuracies[2], 0.0, 0.5),
    ]


def _attention_maps() -> list[BookFigure]:
    """Where the year's digits look: 8/24/83 and the like end with the year, which is written first."""
    network, pairs = learned("dates", 256, 3, turned=True, attention=True).network, dates()
    questions = torch.from_numpy(pairs.questions[-pairs.tested :]).flip(1)
    _, attention = network.write(questions, pairs.letters.index("_"), 10)
    sums = attention.sum(dim=2)
    strongest = attention[:, 2:4].max(dim=2).values.mean()
    return [
        measured("Σ a - 1", float((sums - 1).abs().max()), 0.0, 1e-5),
        measured("max a, last digits of the year", float(strongest), 0.3, 1.0),
    ]


EXPERIMENTS = (
    BookExperiment(2, 19, 7, _addition, "own_sums"),
    BookExperiment(2, 20, 7, _addition_turned, "rising_accuracy"),
    BookExperiment(2, 21, 7, _addition_peeky, "own_sums"),
    BookExperiment(2, 22, 8, _attention_sum),
    BookExperiment(2, 23, 8, _dates),
    BookExperiment(2, 24, 8, _attention_maps),
)
