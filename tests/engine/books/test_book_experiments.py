"""The books' experiments: the quick ones are computed; all have words; bands are no results of the program."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from engine.__main__ import main
from engine.books.all_experiments import EXPERIMENTS, LONG, experiment_named
from engine.books.reproduced import BookFigure, counted, measured, printed, verdict
from engine.foundations.word_counts import co_occurrence, positive_information, sampling_shares, words_of
from engine.words import LANGUAGES, table


def test_there_are_40_and_24_in_their_order_with_words_in_both_languages() -> None:
    assert [one.key for one in EXPERIMENTS] == [*(f"1.{n}" for n in range(1, 41)), *(f"2.{n}" for n in range(1, 25))]
    for one in EXPERIMENTS:
        for language in LANGUAGES:
            assert one.title(language) == table("books")[f"{one.book}-{one.number}"][language]
        assert one.compute is not None or one.remark, f"{one.key} says why it has no figures"
        if one.remark:
            assert one.remark in table("books")


@pytest.mark.parametrize("key", [one.key for one in EXPERIMENTS if one.compute is not None and one.key not in LONG])
def test_a_quick_experiment_is_in_its_band(key: str) -> None:
    one = experiment_named(key)
    assert one is not None
    assert one.compute is not None
    readings = one.compute()
    assert verdict(readings) == "in_band", [reading for reading in readings if not reading.in_band]


def test_a_verdict_can_be_that_it_is_out_of_band() -> None:
    assert printed("", 0.31682708, 0.31682708, 8).in_band
    assert not printed("", 0.31682709, 0.31682708, 8).in_band
    assert not counted("", 125_440, 125_450).in_band
    assert not measured("", math.nan, 0, 1).in_band
    assert verdict([counted("", 1, 1), BookFigure("", 3.0, 0.0, 2.0, "measured")]) == "out_of_band"
    assert verdict([]) == "not_here"


def test_the_command_prints_value_band_and_verdict(capsys) -> None:
    assert main(["books", "1.4", "1.33"]) == 0
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
