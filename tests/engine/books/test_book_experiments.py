"""The books' experiments: the quick ones are computed; all have words; bands are no results of the program."""

from __future__ import annotations

import ast
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.__main__ import main
from engine.books import reproduced
from engine.books.all_experiments import LONG, every_experiment, experiment_named
from engine.books.reading_and_writing import ReadAndWrite, additions
from engine.books.reproduced import BookFigure, counted, derived, measured, printed, verdict
from engine.books.trained_filters import EDGE, neighbours
from engine.foundations.word_counts import co_occurrence, positive_information, sampling_shares, words_of
from engine.words import LANGUAGES, table


def test_there_are_40_and_24_in_their_order_with_words_in_both_languages() -> None:
    assert [one.key for one in every_experiment()] == [*(f"1.{n}" for n in range(1, 41)), *(f"2.{n}" for n in range(1, 25))]
    assert experiment_named("1.41") is experiment_named("0.3") is experiment_named("1") is None
    for one in every_experiment():
        for language in LANGUAGES:
            assert one.title(language) == table("books")[f"{one.book}-{one.number}"][language]
        assert one.compute is not None or one.remark, f"{one.key} says why it has no figures"
        if one.remark:
            assert one.remark in table("books")


def test_one_experiment_loads_no_other_part_of_the_books() -> None:
    """Torch takes seconds to import, for which a window that is closed meanwhile would wait."""
    asks = "import sys; from engine.books.all_experiments import experiment_named as named; "
    asks += "print([named(key).key for key in ('1.5', '1.29', '2.3')], 'torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['1.5', '1.29', '2.3'] False"


@pytest.mark.parametrize("key", [one.key for one in every_experiment() if one.compute is not None and one.key not in LONG])
def test_a_quick_experiment_is_in_its_band(key: str) -> None:
    one = experiment_named(key)
    assert one is not None
    assert one.compute is not None
    readings = one.compute()
    assert verdict(readings) == "in_band", [reading for reading in readings if not reading.in_band]


def test_the_names_of_figures_are_said_in_both_languages() -> None:
    """Parts that no table knows are notation: they hold no word of four letters but for functions and layers."""
    notation = {"tanh", "float", "torch", "ReLU", "count", "oranges", "orange", "apples", "apple", "hello", "goodbye", "PPMI"}
    sources = [path.read_text("utf-8") for path in Path(reproduced.__file__).parent.glob("*.py")]
    made = [node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args]
    labels = []
    for call in made:
        if isinstance(call.func, ast.Name) and call.func.id in ("printed", "counted", "derived", "measured"):
            pieces = call.args[0].values if isinstance(call.args[0], ast.JoinedStr) else [call.args[0]]
            labels.append("".join(str(piece.value) if isinstance(piece, ast.Constant) else "0" for piece in pieces))
    parts = {part for label in labels for part in label.split(", ")}
    known = table("book_figures")
    assert len(parts) > 100
    assert [part for part in parts - known.keys() if set(re.findall("[A-Za-z]{4,}", part)) - notation] == []
    assert BookFigure("test accuracy, 0.2", 0.5, 0.0, 1.0, "measured").label_in("ko") == "시험 정확도, 0.2"
    assert BookFigure("AND", 4, 4, 4, "counted").label_in("en") == "AND: corners right"
    assert BookFigure("-Σ t ln y, h = 1e-4", 4, 4, 4, "printed").label_in("ko") == "−Σ t ln y, h = 1×10⁻⁴"
    assert BookFigure("784-50-10", 4, 4, 4, "counted").label_in("ko") == "784-50-10: 매개변수"
    assert BookFigure("PPMI(you, say)", 1.8, 0.0, 2.0, "printed").label_in("ko") == "PPMI(you, say)"


def test_a_verdict_can_be_that_it_is_out_of_band() -> None:
    assert printed("", 0.31682708, 0.31682708, 8).in_band
    assert not printed("", 0.31682709, 0.31682708, 8).in_band
    assert not counted("", 125_440, 125_450).in_band
    assert not measured("", math.nan, 0, 1).in_band
    assert derived("", 0.05, -0.1, 0.1).in_band
    assert not derived("", 0.2, -0.1, 0.1).in_band
    assert verdict([counted("", 1, 1), BookFigure("", 3.0, 0.0, 2.0, "measured")]) == "out_of_band"
    assert verdict([]) == "not_here"


def test_the_command_prints_value_band_and_verdict(capsys) -> None:
    assert main(["books", "1.4", "2.6"]) == 0
    out = capsys.readouterr().out
    assert "1.4  A forward pass through three layers: in band" in out
    assert "0.3168270" in out
    assert "1 in band, 0 out of band, 1 not here" in out
    assert main(["books", "2.4", "--json"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["experiment"], line["verdict"], len(line["readings"])) == ("2.4", "in_band", 3)


def test_an_experiment_that_is_not_there_is_refused(capsys) -> None:
    assert main(["books", "1.41"]) == 2
    assert "1.41: there is no such experiment" in capsys.readouterr().err


def test_co_occurrence_of_the_sentence_by_hand() -> None:
    vocabulary, corpus = words_of("You say goodbye and I say hello.")
    assert vocabulary == ("you", "say", "goodbye", "and", "i", "hello", ".")
    counts = co_occurrence(corpus, 7)
    assert counts.tolist() == [
        [0, 1, 0, 0, 0, 0, 0],
        [1, 0, 1, 0, 1, 1, 0],
        [0, 1, 0, 1, 0, 0, 0],
        [0, 0, 1, 0, 1, 0, 0],
        [0, 1, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 1, 0],
    ]
    information = positive_information(counts)
    assert information[0, 1] == pytest.approx(math.log2(1 * 14 / (1 * 4)))
    assert information[0, 0] == 0.0, "never together: as if by chance, not minus infinity"
    assert sampling_shares(np.array([0.5, 0.5])).tolist() == [0.5, 0.5]


def test_only_what_needs_the_penn_treebank_has_no_figures() -> None:
    assert [(one.key, one.remark) for one in every_experiment() if one.compute is None] == [
        ("2.6", "no_ptb"),
        ("2.10", "no_ptb"),
    ]


def test_neighbouring_weights_by_hand() -> None:
    smooth, checks = np.ones((1, 2, 2)), np.array([[[1.0, -1.0], [-1.0, 1.0]]])
    assert neighbours(smooth) == (1.0, 4)
    assert neighbours(checks) == (-1.0, 4)
    # EDGE, row by row: 1, 0, 0, 1 over four pairs; column by column the squares of -1, -1, 0, 1, 1
    of_edge, pairs = neighbours(EDGE[None])
    assert (of_edge, pairs) == (pytest.approx((5 * 2 + 4 * 4) / 40 / (4 / 5)), 40)


def test_no_sum_is_asked_for_twice_not_even_turned_round() -> None:
    pairs = additions()
    questions = ["".join(pairs.letters[number] for number in row) for row in pairs.questions]
    answers = ["".join(pairs.letters[number] for number in row) for row in pairs.answers]
    summed = [sorted(map(int, question.split("+"))) for question in questions]
    assert len({tuple(one) for one in summed}) == len(pairs.questions) == 50_000
    assert all(answer == f"_{a + b}".ljust(5) for answer, (a, b) in zip(answers, summed, strict=True))
    assert {len(question) for question in questions} == {7}
    # mixed: as many short questions are tested as their share is
    short = np.array([max(one) < 100 for one in summed])
    assert short[-pairs.tested :].mean() == pytest.approx(short.mean(), abs=0.02)


def test_the_second_bias_of_torch_is_not_learned() -> None:
    network = ReadAndWrite(13, 128)
    assert network.book_parameters() == 150_573
    still = [name for name, weight in network.named_parameters() if not weight.requires_grad]
    assert still == ["encoder.bias_hh_l0", "decoder.bias_hh_l0"]
    assert all(not weight.any() for name, weight in network.named_parameters() if name in still)
