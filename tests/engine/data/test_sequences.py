"""The generated sequences, counted and computed by other rules than those that made them."""

from math import log

import numpy as np
import pytest
import torch

from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.made.generated import make_addition, make_copy
from engine.data.sources import describe


def written(dataset, tokens):
    return "".join(dataset.classes[token] for token in tokens.tolist())


def test_a_copy_task_looks_so():
    dataset = load(Data(name="copy", samples=50, length=13, symbols=4), seed=3)
    for x, y in zip(dataset.x_train, dataset.y_train, strict=True):
        question, answer = written(dataset, x), written(dataset, y)
        assert set(question[:4]) <= set("abcdefgh")
        assert question[4:] == "····" + "?" + "····"  # the mark is read one step before the answer begins
        assert answer == "·" * 9 + question[:4]


def test_a_copy_task_of_arjovsky_has_his_baseline():
    """10 symbols over T = 100: a blank for each step but the last ten, which are drawn from eight, cost 10 ln 8 / (T + 20)."""
    x, y = make_copy(np.random.default_rng(0), 4000, 120, 10)
    assert x.shape == y.shape == (4000, 120)
    assert (x != 0).sum() == 4000 * 11  # ten symbols and the mark
    assert (np.flatnonzero(x[0] == 9) == [109]).all()
    shares = np.bincount(y[:, -10:].ravel(), minlength=10)[1:9] / y[:, -10:].size
    assert shares == pytest.approx(np.full(8, 1 / 8), abs=0.01)
    blank_or_uniform = np.zeros((4000, 120))
    blank_or_uniform[:, -10:] = log(8)
    assert blank_or_uniform.mean() == pytest.approx(10 * log(8) / 120)


@pytest.mark.parametrize("symbols", [1, 5, 10])
def test_the_shortest_copy_task_has_no_blank_to_wait_for(symbols):
    length = 2 * symbols + 1
    dataset = load(Data(name="copy", samples=4, length=length, symbols=symbols), seed=0)
    assert written(dataset, dataset.x_train[0])[symbols] == "?"
    with pytest.raises(DatasetError, match=f"at least {length}"):
        describe(Data(name="copy", length=length - 1, symbols=symbols))


@pytest.mark.parametrize("turned", ["nothing", "question", "answer", "both"])
@pytest.mark.parametrize("digits", [1, 3, 9])
def test_additions_are_right(turned, digits):
    dataset = load(Data(name="addition", samples=60, digits=digits, reversed=turned), seed=5)
    asked = set()
    for x, y in zip(dataset.x_train, dataset.y_train, strict=True):
        text, answer = written(dataset, x), written(dataset, y)
        question, rest = text[: 2 * digits + 1], text[2 * digits + 1 :]
        assert (len(text), rest) == (3 * digits + 2, "_" + " " * digits)
        assert answer[: 2 * digits + 1] == " " * (2 * digits + 1)
        said = answer[2 * digits + 1 :].strip()
        if turned in ("question", "both"):
            question = question[::-1]
        first, second = question.strip().split("+")
        assert max(len(first), len(second)) <= digits
        assert str(int(first) + int(second)) == (said[::-1] if turned in ("answer", "both") else said)
        asked.add(question)
    assert len(asked) == len(dataset.x_train), "no question comes twice"


def test_the_books_addition_is_written_so():
    """『밑바닥 2』 chapter 7: 16+75 in seven places, _91 and spaces; reversed, the question begins with its last digit."""
    pairs = {}
    for turned in ("nothing", "both"):
        x, y = make_addition(np.random.default_rng(0), 10_000, 2, turned)
        signs = "0123456789+ _"
        texts = ["".join(signs[i] for i in row) for row in x]
        answers = ["".join(signs[i] for i in row) for row in y]
        pairs[turned] = dict(zip(texts, answers, strict=True))
    assert pairs["nothing"]["16+75_  "] == "     91 "
    assert pairs["both"]["57+61_  "] == "     19 "
    assert pairs["nothing"]["5+7  _  "] == "     12 "
    assert pairs["both"]["  7+5_  "] == "     21 "
    assert len(pairs["nothing"]) == 10_000, "all pairs of two digits there are"


def test_the_usual_number_of_additions_is_what_there_are():
    assert describe(Data(name="addition", digits=1)).samples == 100
    assert describe(Data(name="addition")).samples == 20_000


def test_a_random_walk_takes_steps_of_the_noise():
    dataset = load(Data(name="random-walk", samples=400, length=60, noise=0.2), seed=1)
    x, y = dataset.x_train.double(), dataset.y_train.double()
    assert torch.equal(x[:, 1:], y[:, :-1])
    steps = (y - x).flatten()
    assert float(steps.mean()) == pytest.approx(0, abs=0.005)
    assert float(steps.std()) == pytest.approx(0.2, rel=0.02)
    together = (y - x).squeeze(2)
    lagged = (together[:, 1:] * together[:, :-1]).mean() / steps.var()
    assert abs(float(lagged)) < 0.02, "a step knows nothing of the one before"
    assert float(y[:, -1].std()) == pytest.approx(0.2 * 61**0.5, rel=0.15)


@pytest.mark.parametrize(("rows", "pictures"), [("digits-rows", "digits"), ("mnist-5k-rows", "mnist-5k")])
def test_rows_are_those_of_the_pictures(rows, pictures):
    read, seen = (load(Data(name=name, samples=300), seed=2) for name in (rows, pictures))
    assert torch.equal(read.x_train, seen.x_train[:, 0])
    assert torch.equal(read.y_validation, seen.y_validation)
    assert read.input == seen.input[1:]


@pytest.mark.parametrize("length", [1, 2, 5000])
@pytest.mark.parametrize("name", ["waves", "counting", "random-walk", "adding", "copy"])
def test_lengths_from_one_to_five_thousand_are_made_or_refused(name, length):
    data = Data(name=name, samples=4, length=length, validation=0.25)
    least = {"adding": 2, "copy": 7}.get(name, 1)
    if length < least:
        with pytest.raises(DatasetError, match="too few") as caught:
            load(data, seed=0)
        assert "시각" in caught.value.message("ko")
        return
    dataset = load(data, seed=0)
    assert dataset.x_train.shape[:2] == (3, length)
    assert bool(torch.isfinite(dataset.x_train.float()).all())


def test_what_can_be_gone_on_with_is_the_input_one_step_later():
    for name in ("waves", "random-walk", "counting", "text", "series"):
        info, dataset = describe(Data(name=name)), load(Data(name=name), seed=0)
        assert info.continues
        assert torch.equal(dataset.x_train[:, 1:], dataset.y_train[:, :-1])
    for name in ("adding", "copy", "addition", "digits", "digits-rows"):
        assert not describe(Data(name=name)).continues


def test_a_longer_sequence_changes_the_shape_alone():
    short, long = (describe(Data(name="counting", length=length)) for length in (5, 500))
    assert (short.input, long.input) == ((5,), (500,))
    assert (short.outputs, short.classes, short.samples) == (long.outputs, long.classes, long.samples)
