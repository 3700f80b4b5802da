"""Book 2: spirals, words by their company, word vectors, recurrent networks."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.books.reproduced import BookExperiment, BookFigure, counted, derived, measured, printed
from engine.data.own.own_text import read_text_of, vocabulary
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RULES, RuleSettings
from engine.foundations.unit_functions import RealArray, softmax
from engine.foundations.word_counts import (
    co_occurrence,
    cosine,
    positive_information,
    reduced,
    sampling_shares,
    words_of,
)
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import trace
from engine.sequences.conventions import counted as counted_as

SENTENCE = "You say goodbye and I say hello."


def _spiral() -> tuple[RealArray, NDArray[np.int64]]:
    """Three arms of 100 points: radius i / 100, angle 4 j + 4 i / 100 with noise of 0.2."""
    random = np.random.default_rng(0)
    share = np.arange(100) / 100
    angles = [4.0 * arm + 4.0 * share + 0.2 * random.standard_normal(100) for arm in range(3)]
    arms = [np.stack([share * np.sin(angle), share * np.cos(angle)], axis=1) for angle in angles]
    return np.concatenate(arms), np.repeat(np.arange(3), 100)


def _spirals() -> list[BookFigure]:
    """2-10-3 with sigmoids from weights of deviation 0.01, rate 1, batch 30, 300 epochs; and a network without a hidden
    layer."""
    x, t = _spiral()
    accuracies, losses = [], []
    for sizes, seed in (((2, 10, 3), 1), ((2, 3), 1)):
        random = np.random.default_rng(seed)
        network = DenseNetwork(DenseShape(sizes, "sigmoid", lambda inputs: 0.01), random)
        learning = trained(network, x, t, rule="sgd", settings=RuleSettings(lr=1.0), batch=30, generator=random)
        losses.append([next(learning) for _ in range(3000)])
        accuracies.append(network.accuracy(x, t))
    return [
        measured("loss, first epoch", float(np.mean(losses[0][:10])), 1.05, 1.25),
        measured("loss, last epoch", float(np.mean(losses[0][-10:])), 0.08, 0.20),
        measured("accuracy", accuracies[0], 0.93, 0.99),
        measured("accuracy, linear", accuracies[1], 0.45, 0.60),
    ]


def _first_loss() -> list[BookFigure]:
    x, t = _spiral()
    network = DenseNetwork(DenseShape((2, 10, 3), "sigmoid", lambda inputs: 0.01), np.random.default_rng(1))
    return [measured("loss - ln 3", network.loss_and_gradients(x, t)[0] - math.log(3), -0.02, 0.02)]


def _counts() -> list[BookFigure]:
    vocabulary, corpus = words_of(SENTENCE)
    counts = co_occurrence(corpus, len(vocabulary)).astype(np.float64)
    you, i = vocabulary.index("you"), vocabulary.index("i")
    return [counted("V", len(vocabulary), 7), printed("cos(you, i)", cosine(counts[you], counts[i]), 0.7071, 4)]


def _information() -> list[BookFigure]:
    vocabulary, corpus = words_of(SENTENCE)
    found = positive_information(co_occurrence(corpus, len(vocabulary)))
    at = vocabulary.index
    return [
        printed("PPMI(you, say)", found[at("you"), at("say")], 1.807, 3),
        printed("PPMI(say, goodbye)", found[at("say"), at("goodbye")], 0.807, 3),
        printed("PPMI(hello, .)", found[at("hello"), at(".")], 2.807, 3),
    ]


def _two_axes() -> list[BookFigure]:
    vocabulary, corpus = words_of(SENTENCE)
    vectors = reduced(positive_information(co_occurrence(corpus, len(vocabulary))), 2)
    goodbye, hello = vectors[vocabulary.index("goodbye")], vectors[vocabulary.index("hello")]
    return [measured("cos(goodbye, hello)", cosine(goodbye, hello), 0.9, 1.0)]


def _word_vectors(seed: int) -> tuple[RealArray, RealArray, list[float]]:
    """CBOW 7-5-7: both neighbours, their mean, the word between; Adam 1e-3, 1,000 epochs of two batches of 3. The table of
    input vectors, that of output vectors, and the mean loss of each epoch."""
    vocabulary, corpus = words_of(SENTENCE)
    size, random = len(vocabulary), np.random.default_rng(seed)
    neighbours, target = np.stack([corpus[:-2], corpus[2:]], axis=1), corpus[1:-1]
    tables = {"in": 0.01 * random.standard_normal((size, 5)), "out": 0.01 * random.standard_normal((5, size))}
    states: dict[str, dict[str, RealArray]] = {"in": {}, "out": {}}
    settings, losses, t = RuleSettings(lr=0.001, convention="book"), [], 0
    for _ in range(1000):
        order, epoch = random.permutation(len(target)), []
        for own in (order[:3], order[3:]):
            t += 1
            hidden = tables["in"][neighbours[own]].mean(axis=1)
            shares = softmax(hidden @ tables["out"])
            epoch.append(-np.log(shares[np.arange(len(own)), target[own]]).mean())
            shares[np.arange(len(own)), target[own]] -= 1
            shares /= len(own)
            into_hidden = shares @ tables["out"].T / 2
            gradients = {"in": np.zeros_like(tables["in"]), "out": hidden.T @ shares}
            np.add.at(gradients["in"], neighbours[own], into_hidden[:, None])
            for name in tables:
                update = RULES["adam"](settings, states[name], tables[name], gradients[name], t)
                tables[name], states[name] = update.weights, dict(update.state)
        losses.append(float(np.mean(epoch)))
    return tables["in"], tables["out"], losses


def _cbow() -> list[BookFigure]:
    _, _, losses = _word_vectors(0)
    return [
        measured("loss, first - ln 7", losses[0] - math.log(7), -0.02, 0.02),
        measured("loss, last", losses[-1], 0.30, 0.80),
    ]


def _rows_of_the_table() -> list[BookFigure]:
    """A one-hot vector times the table is its row."""
    table, _, _ = _word_vectors(0)
    product = np.eye(len(table)) @ table
    return [
        counted("rows", len(table), 7),
        counted("columns", table.shape[1], 5),
        measured("max |error|", float(np.abs(product - table).max()), 0.0, 0.0),
    ]


def _negative_sampling() -> list[BookFigure]:
    shares = sampling_shares(np.array([0.7, 0.29, 0.01]))
    return [printed(f"P'(w{k})", shares[k], meant, 4) for k, meant in enumerate((0.6420, 0.3315, 0.0265))]


class TextModel(NamedTuple):
    """A recurrent network that tells the next letter of a text: a table (V, 100), three matrices and two biases. `pairs`: which
    two letters follow each other in the text, (V, V)."""

    letters: tuple[str, ...]
    pairs: NDArray[np.bool_]
    parameters: tuple[RealArray, ...]

    def written(self, count: int) -> NDArray[np.int64]:
        """So many letters, each drawn with the probability that the network gives it after those before; the first is the first
        one of the poems."""
        table, into, back, out, inside, outside = self.parameters
        random, state = np.random.default_rng(0), np.zeros(len(back))
        found = [self.letters.index(read_text_of(None)[0])]
        while len(found) < count:
            state = np.tanh(table[found[-1]] @ into + state @ back + inside)
            found.append(int(random.choice(len(self.letters), p=softmax(state @ out + outside))))
        return np.array(found)


class ReadText(NamedTuple):
    """The network before and after 100 epochs, and the perplexity of each epoch."""

    before: TextModel
    after: TextModel
    perplexities: tuple[float, ...]


@lru_cache(maxsize=1)
def _text_read() -> ReadText:
    """Ten rows of a text, five characters at a time, the state going on from batch to batch: 100 numbers a character, an RNN of
    100 units, plain descent at rate 0.1."""
    import torch
    from torch import nn
    from torch.nn import functional

    text = read_text_of(None)
    letters = vocabulary(text)
    numbers = torch.tensor([letters.index(letter) for letter in text])
    generator = torch.Generator().manual_seed(0)

    def drawn(rows: int, columns: int, deviation: float) -> nn.Parameter:
        return nn.Parameter(deviation * torch.randn(rows, columns, generator=generator))

    table, into, back, out = (
        drawn(len(letters), 100, 0.01),
        drawn(100, 100, 0.1),
        drawn(100, 100, 0.1),
        drawn(100, len(letters), 0.1),
    )
    biases = [nn.Parameter(torch.zeros(100)), nn.Parameter(torch.zeros(len(letters)))]
    parameters = [table, into, back, out, *biases]
    pairs = np.zeros((len(letters), len(letters)), np.bool_)
    pairs[numbers[:-1].numpy(), numbers[1:].numpy()] = True

    def model() -> TextModel:
        return TextModel(tuple(letters), pairs, tuple(one.detach().double().numpy() for one in parameters))

    before = model()
    perplexities, state = [], torch.zeros(10, 100)
    count = len(text) - 1  # the last character is only a target
    starts, iterations = torch.arange(10) * (count // 10), count // 50
    place = 0
    for _ in range(100):
        losses = []
        for _ in range(iterations):
            at = (starts[:, None] + place + torch.arange(5)) % count
            place += 5
            hidden, state = [], state.detach()
            for step in range(5):
                state = torch.tanh(table[numbers[at[:, step]]] @ into + state @ back + biases[0])
                hidden.append(state)
            scores = torch.stack(hidden, dim=1) @ out + biases[1]
            loss = functional.cross_entropy(scores.flatten(0, 1), numbers[at + 1].flatten())
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter.data -= 0.1 * gradient
            losses.append(loss.item())
        perplexities.append(math.exp(float(np.mean(losses))))
    return ReadText(before, model(), tuple(perplexities))


def _language_model_of_a_text() -> list[BookFigure]:
    read = _text_read()
    return [
        measured("perplexity / V, first epoch", read.perplexities[0] / len(read.before.letters), 0.5, 1.05),
        measured("perplexity, epoch 100", read.perplexities[-1], 1.0, 3.0),
    ]


def _text_before_and_after() -> list[BookFigure]:
    """Of 1,000 letters written: how many pairs stand in the text. Before training each letter is a guess of one of V, so it is
    the share of all V² pairs that stand there, to within three deviations; afterwards more than six above."""
    read, drawn = _text_read(), 999
    chance = float(read.before.pairs.mean())
    deviation = math.sqrt(chance * (1 - chance) / drawn)
    shares = []
    for model in (read.before, read.after):
        letters = model.written(drawn + 1)
        shares.append(float(model.pairs[letters[:-1], letters[1:]].mean()))
    return [
        derived("pairs of the text, before", shares[0], chance - 3 * deviation, chance + 3 * deviation),
        derived("pairs of the text, after", shares[1], chance + 6 * deviation, 1.0),
    ]


def _offsets() -> list[BookFigure]:
    """1,000 words, the last of which is only a target: where each of ten rows of a batch begins."""
    words, rows, steps = 999, 10, 5
    jump = words // rows
    starts = [row * jump for row in range(rows)]
    return [
        counted("jump", jump, 99),
        counted("start, last row", starts[-1], 891),
        counted("iterations an epoch", words // (rows * steps), 19),
    ]


def _norms(scale: float) -> tuple[list[float], float]:
    """Σ of 20 steps back through the same weight (3, 3), two rows of ones to begin with; the book draws with numpy's seed 3."""
    weight = np.random.RandomState(3).randn(3, 3) * scale
    gradient, norms = np.ones((2, 3)), []
    for _ in range(20):
        gradient = gradient @ weight.T
        norms.append(float(np.sqrt((gradient**2).sum()) / 2))
    return norms, float(np.linalg.svd(weight, compute_uv=False)[0])


def _gradient_norms() -> list[BookFigure]:
    grown, _ = _norms(1.0)
    shrunk, _ = _norms(0.5)
    radius = [float(np.abs(np.linalg.eigvals(np.random.RandomState(3).randn(3, 3) * scale)).max()) for scale in (1.0, 0.5)]
    return [
        printed("|dh| 1", grown[0], 2.468, 3),
        printed("|dh| 20", grown[-1], 249.5, 1),
        printed("|dh| 1, × 0.5", shrunk[0], 1.234, 3),
        printed("|dh| 20, × 0.5", shrunk[-1], 2.4e-4, 5),
        printed("radius", radius[0], 1.255, 3),
        printed("radius, × 0.5", radius[1], 0.628, 3),
    ]


def _clipping() -> list[BookFigure]:
    """Gradients of length 10 with a limit of 5: each is halved, but for the 1e-6 that keeps a length of 0 from dividing."""
    gradient = np.array([6.0, 8.0])
    rate = 5 / (np.linalg.norm(gradient) + 1e-6)
    return [printed("|g| clipped", float(np.linalg.norm(gradient * rate)), 5.0, 6)]


def _lstm_gates() -> list[BookFigure]:
    """D = H = 100."""
    traced = trace((LSTM(hidden_size=100),), (10, 100))
    return [
        counted("torch", traced.parameters, 80_800),
        counted("4(DH + H² + H)", counted_as(traced, (LSTM(hidden_size=100),), "book").parameters, 80_400),
    ]


def _language_model() -> list[BookFigure]:
    layers = (
        Embedding(num_embeddings=10_000, embedding_dim=100),
        LSTM(hidden_size=100, output="sequence"),
        Linear(out_features=10_000),
    )
    traced = trace(layers, (35,))
    return [counted("parameters", counted_as(traced, layers, "book").parameters, 2_090_400)]


def _tied_language_model() -> list[BookFigure]:
    """Two layers of 650; the table of the last layer is that of the embedding, so only its bias counts."""
    layers = (Embedding(num_embeddings=10_000, embedding_dim=650), LSTM(hidden_size=650, num_layers=2, output="sequence"))
    traced = trace(layers, (35,))
    return [counted("parameters", counted_as(traced, layers, "book").parameters + 10_000, 13_275_200)]


EXPERIMENTS = (
    BookExperiment(2, 1, 1, _spirals),
    BookExperiment(2, 2, 1, _first_loss),
    BookExperiment(2, 3, 2, _counts),
    BookExperiment(2, 4, 2, _information),
    BookExperiment(2, 5, 2, _two_axes),
    BookExperiment(2, 6, 2, None, "no_ptb"),
    BookExperiment(2, 7, 3, _cbow),
    BookExperiment(2, 8, 3, _rows_of_the_table),
    BookExperiment(2, 9, 4, _negative_sampling),
    BookExperiment(2, 10, 4, None, "no_ptb"),
    BookExperiment(2, 11, 5, _language_model_of_a_text, "other_text"),
    BookExperiment(2, 12, 5, _offsets),
    BookExperiment(2, 13, 6, _gradient_norms),
    BookExperiment(2, 14, 6, _clipping),
    BookExperiment(2, 15, 6, _lstm_gates),
    BookExperiment(2, 16, 6, _language_model, "no_ptb_parameters"),
    BookExperiment(2, 17, 6, _tied_language_model, "no_ptb_parameters"),
    BookExperiment(2, 18, 7, _text_before_and_after, "other_written_text"),
)
