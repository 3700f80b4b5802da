"""Next characters and written text, against loops of torch's cells in float64 that are written here."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.layers.catalog import GRU, LSTM, RNN, Conv1d, Embedding, Linear, Permute
from engine.passes.modules import build
from engine.sequences.text_sampling import NoTextError, drawn, look_at_text, shown_shares, tempered, write_text

T, E, H, V = 9, 3, 6, 14
CELLS = {"RNN": (RNN, nn.RNNCell), "LSTM": (LSTM, nn.LSTMCell), "GRU": (GRU, nn.GRUCell)}


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load(Data(name="counting", samples=40, length=T, validation=0.25), seed=1)


def network(kind: str = "LSTM", scale: float = 4.0) -> nn.Sequential:
    """Weights large enough for probabilities that are not all alike."""
    torch.manual_seed(0)
    layers = (
        Embedding(num_embeddings=V, embedding_dim=E),
        CELLS[kind][0](hidden_size=H, output="sequence"),
        Linear(out_features=V),
    )
    model = build(layers, (T,), tokens=True).eval()
    with torch.no_grad():
        model[2].weight.mul_(scale)
    return model


class ByHand:
    """The same network, a character at a time, by torch's cell in float64."""

    def __init__(self, model: nn.Sequential, kind: str) -> None:
        self.table = model[0].weight.double()
        self.cell = CELLS[kind][1](E, H).double()
        self.cell.load_state_dict({name.removesuffix("_l0"): value for name, value in model[1].rnn.state_dict().items()})
        self.head = nn.Linear(H, V).double()
        self.head.load_state_dict(model[2].state_dict())
        self.state = None

    def read(self, token: int) -> np.ndarray:
        """Probabilities of the next character."""
        with torch.no_grad():
            self.state = self.cell(self.table[token][None], self.state)
            scores = self.head(self.state[0] if isinstance(self.state, tuple) else self.state)[0].numpy()
        shares = np.exp(scores - scores.max())
        return shares / shares.sum()


# what comes next


@pytest.mark.parametrize("kind", CELLS)
def test_probabilities_and_perplexity_are_those_of_the_cell_by_hand(kind: str, data: Dataset) -> None:
    model = network(kind)
    found = look_at_text(model, data, sample=12)
    assert (found.sample, found.total, found.vocabulary) == (2, 10, data.classes)
    surprises = []
    for number in range(10):
        by_hand = ByHand(model, kind)
        shares = [by_hand.read(token) for token in data.x_validation[number].tolist()]
        surprises.append([-log(share[token]) for share, token in zip(shares, data.y_validation[number].tolist(), strict=True)])
        if number == 2:
            np.testing.assert_allclose(found.probabilities, np.array(shares), rtol=0, atol=1e-6)
            assert "".join(found.text) == "".join(data.classes[token] for token in data.x_validation[2].tolist())
            assert found.truth[:-1] == found.text[1:]
    assert found.perplexity == pytest.approx(exp(np.mean(surprises[2])), rel=1e-5)
    assert found.perplexity_of_all == pytest.approx(exp(np.mean(surprises)), rel=1e-5)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0, rtol=0, atol=1e-12)


def test_a_network_that_only_guesses_has_a_perplexity_of_its_vocabulary(data: Dataset) -> None:
    model = network()
    with torch.no_grad():
        model[2].weight.zero_()
        model[2].bias.zero_()
    found = look_at_text(model, data)
    assert found.perplexity == pytest.approx(14.0)
    assert found.perplexity_of_all == pytest.approx(14.0)


def test_a_softmax_at_the_end_gives_the_same(data: Dataset) -> None:
    model = network()
    with_softmax = nn.Sequential(*model, nn.Softmax(dim=-1)).eval()
    plain, own = look_at_text(model, data), look_at_text(with_softmax, data, meaning="probabilities")
    np.testing.assert_allclose(own.probabilities, plain.probabilities, rtol=0, atol=1e-6)
    one = write_text(model, data, prompt="일 ", length=30, seed=4)
    other = write_text(with_softmax, data, prompt="일 ", length=30, seed=4, meaning="probabilities")
    assert one.written == other.written


def test_what_is_thought_impossible_and_comes_has_an_infinite_perplexity(data: Dataset) -> None:
    class Sure(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.unused = nn.Parameter(torch.zeros(1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.one_hot(torch.zeros_like(x), V).float()

    assert look_at_text(Sure(), data, meaning="probabilities").perplexity == float("inf")


# writing


@pytest.mark.parametrize("kind", CELLS)
def test_the_likeliest_text_is_that_of_the_cell_by_hand(kind: str, data: Dataset) -> None:
    model, by_hand = network(kind), ByHand(network(kind), kind)
    found = write_text(model, data, prompt="일이", length=40, temperature=0.0)
    for character in "일이":
        shares = by_hand.read(data.classes.index(character))
    expected = ""
    for number in range(40):
        np.testing.assert_allclose(found.probabilities[number], shares, rtol=0, atol=1e-5)
        expected += data.classes[int(shares.argmax())]
        shares = by_hand.read(int(shares.argmax()))
    assert found.written == expected
    assert found.drawn_with.tolist() == [1.0] * 40


def test_a_drawn_text_is_drawn_from_the_cells_probabilities(data: Dataset) -> None:
    """The same draws from the same generator, laid over p^(1/T) of the three likeliest."""
    model, by_hand = network(), ByHand(network(), "LSTM")
    found = write_text(model, data, prompt="삼", length=60, temperature=0.8, top_k=3, seed=5)
    rng, shares = np.random.default_rng(5), by_hand.read(data.classes.index("삼"))
    for number in range(60):
        likeliest = sorted(range(V), key=lambda token: -shares[token])[:3]
        raised = {token: shares[token] ** (1 / 0.8) for token in likeliest}
        place, total, token = rng.random() * sum(raised.values()), 0.0, -1
        for token in sorted(raised):
            total += raised[token]
            if place < total:
                break
        assert found.written[number] == data.classes[token]
        assert found.drawn_with[number] == pytest.approx(raised[token] / sum(raised.values()), abs=1e-6)
        shares = by_hand.read(token)


def test_the_seed_decides_and_the_global_generator_is_not_touched(data: Dataset) -> None:
    model, state = network(), torch.get_rng_state()
    one, same, other = (write_text(model, data, prompt="일", length=50, seed=seed).written for seed in (1, 1, 2))
    assert one == same != other
    assert torch.equal(state, torch.get_rng_state())


def test_nothing_written_and_one_candidate(data: Dataset) -> None:
    model = network()
    nothing = write_text(model, data, prompt="일", length=0)
    assert nothing.written == "" and nothing.probabilities.shape == (0, V)
    greedy = write_text(model, data, prompt="일", length=20, temperature=0.0).written
    assert write_text(model, data, prompt="일", length=20, top_k=1, seed=9).written == greedy
    with pytest.raises(ValueError, match="top_k 0"):
        write_text(model, data, prompt="일", top_k=0)


def test_how_often_a_character_is_drawn() -> None:
    logs = np.log(np.array([0.5, 0.25, 0.25, 0.0]) + 1e-300)
    shares = tempered(logs, 1.0)
    rng = np.random.default_rng(0)
    counts = np.bincount([drawn(shares, rng.random()) for _ in range(20_000)], minlength=4)
    np.testing.assert_allclose(counts / 20_000, [0.5, 0.25, 0.25, 0.0], rtol=0, atol=0.011)
    np.testing.assert_allclose(tempered(logs, 0.5)[:3], [0.25 / 0.375, 0.0625 / 0.375, 0.0625 / 0.375])
    np.testing.assert_allclose(tempered(logs, 1.0, 2), [2 / 3, 1 / 3, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(tempered(logs, 1e-9), [1.0, 0.0, 0.0, 0.0])
    assert tempered(np.array([-5.0, -2.0, -2.0]), 0.0).tolist() == [0.0, 1.0, 0.0]
    assert drawn(np.array([0.0, 0.0, 1.0]), 0.0) == 2
    assert drawn(np.array([0.5, 0.5, 0.0]), np.nextafter(1.0, 0.0)) == 1


# reading ahead


@pytest.mark.parametrize(
    ("layers", "ahead"),
    [
        ((GRU(hidden_size=3, bidirectional=True, output="sequence"),), True),
        ((GRU(hidden_size=3, output="sequence"),), False),
        ((Permute(dims=(0, 2, 1)), Conv1d(out_channels=4, kernel_size=3, padding=1), Permute(dims=(0, 2, 1))), True),
        (
            (
                Permute(dims=(0, 2, 1)),
                Conv1d(out_channels=4, kernel_size=3, padding=2, padding_after=0),
                Permute(dims=(0, 2, 1)),
            ),
            False,
        ),
    ],
)
def test_a_network_that_reads_ahead_has_read_the_character_that_is_asked_for(layers: tuple, ahead: bool, data: Dataset) -> None:
    """By derivatives: whether any answer has one by what comes after it."""
    torch.manual_seed(0)
    whole = (Embedding(num_embeddings=V, embedding_dim=E), *layers, Linear(out_features=V))
    model = build(whole, (T,), tokens=True).eval()
    vectors = model[0](data.x_validation[:1]).detach().requires_grad_()
    (slope,) = torch.autograd.grad(model[1:](vectors)[0, 3].sum(), vectors)
    assert bool((slope[0, 4:] != 0).any()) == ahead
    assert look_at_text(model, data).has_read_the_answer == ahead
    elsewhere = replace(data, y_validation=data.x_validation.flip(1))  # what is asked for is not what comes next
    assert not look_at_text(model, elsewhere).has_read_the_answer


# refusals


def test_refusals_are_in_both_languages(data: Dataset) -> None:
    torch.manual_seed(0)
    both = build(
        (
            Embedding(num_embeddings=V, embedding_dim=E),
            GRU(hidden_size=3, bidirectional=True, output="sequence"),
            Linear(out_features=V),
        ),
        (T,),
        tokens=True,
    ).eval()
    waves = load(Data(name="waves", samples=20, length=6), seed=0)
    other = replace(data, y_validation=data.x_validation)  # says again what it reads
    cases = [
        (lambda: write_text(both, data, prompt="일"), "reads_the_future"),
        (lambda: write_text(network(), data, prompt=""), "empty_prompt"),
        (lambda: write_text(network(), data, prompt="일A일B!A"), "unknown_characters"),
        (lambda: write_text(network(), data, prompt="일", meaning="values"), "no_probabilities"),
        (lambda: look_at_text(network(), waves), "no_text"),
        (lambda: write_text(network(), other, prompt="일"), "answers_are_not_next"),
    ]
    for ask, code in cases:
        with pytest.raises(NoTextError) as raised:
            ask()
        assert raised.value.code == code
        assert raised.value.message("ko") != raised.value.message("en")
    with pytest.raises(NoTextError, match=r"characters: A B !\. It knows: 일 이 삼"):
        write_text(network(), data, prompt="일A일B!A")
    assert look_at_text(both, data).probabilities.shape == (T, V), "it may be looked at all the same"


def test_a_network_that_has_diverged_says_so(data: Dataset) -> None:
    model = network()
    with torch.no_grad():
        model[2].bias.fill_(float("nan"))
    with pytest.raises(NoTextError) as raised:
        write_text(model, data, prompt="일")
    assert raised.value.code == "not_finite"
    assert np.isnan(look_at_text(model, data).perplexity)


def test_a_text_of_one_character(data: Dataset) -> None:
    one = replace(
        data,
        classes=("a",),
        x_validation=torch.zeros(2, 1, dtype=torch.long),
        y_validation=torch.zeros(2, 1, dtype=torch.long),
        outputs=1,
    )
    torch.manual_seed(0)
    layers = (Embedding(num_embeddings=1, embedding_dim=2), RNN(hidden_size=2, output="sequence"), Linear(out_features=1))
    model = build(layers, (1,), tokens=True).eval()
    assert look_at_text(model, one).perplexity == 1.0
    assert write_text(model, one, prompt="a", length=3).written == "aaa"


# what is shown


def tenths(shown: tuple) -> int:
    return sum(round(10 * float(each.text.rstrip("%"))) for each in shown)


def test_shares_that_would_round_to_a_lie() -> None:
    third = shown_shares([1 / 3, 1 / 3, 1 / 3])
    assert sorted(each.text for each in third) == ["33.3%", "33.3%", "33.4%"]
    sure = shown_shares([0.99999, 0.00001])
    assert [each.text for each in sure] == ["> 99.9%", "< 0.1%"]
    assert [each.text for each in shown_shares([1.0, 0.0])] == ["100.0%", "0.0%"]
    many = shown_shares(np.full(1000, 0.001), most=3)
    assert [each.token for each in many] == [0, 1, 2, -1]
    assert [each.text for each in many] == ["0.1%", "0.1%", "0.1%", "99.7%"]
    close = shown_shares([0.9992, 0.0004, 0.0004])
    assert [each.text for each in close] == ["99.9%", "0.1%", "< 0.1%"]
    tail = shown_shares([0.9997, 0.0002, 0.0001], most=1)
    assert [(each.token, each.text) for each in tail] == [(0, "> 99.9%"), (-1, "< 0.1%")]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda values: sum(values) > 1e-3), st.integers(1, 8))
def test_what_is_shown_adds_up(values: list[float], most: int) -> None:
    shares = np.array(values) / sum(values)
    shown = shown_shares(shares, most)
    for each in shown:
        if each.text[0] in "<>":
            assert 0 < each.share < 1
        else:
            assert abs(float(each.text.rstrip("%")) / 100 - each.share) < 1e-3 + 1e-9
            assert each.text != "0.0%" or each.share == 0
            assert each.text != "100.0%" or each.share == 1
    if not any(each.text[0] in "<>" for each in shown):
        assert tenths(shown) == 1000
