"""Experiments are called in the language of the window, whatever the program has made of a preset's name."""

from __future__ import annotations

import pytest

from engine.experiments.experiment import Experiment, preset
from engine.experiments.naming import name_in
from engine.fields import edited
from engine.sequences.tasks import fresh, with_cell, with_convolution


def named(name: str) -> Experiment:
    return edited(preset("digits-cnn"), name=name)


@pytest.mark.parametrize(
    ("experiment", "korean"),
    [
        (preset("digits-cnn"), "숫자 CNN"),
        (preset("waves-lstm"), "파형 LSTM"),
        (with_cell(preset("waves-lstm"), "GRU"), "파형 GRU"),
        (with_cell(preset("text-lstm"), "RNN"), "글 RNN"),
        (with_convolution(preset("waves-lstm")), "파형 Conv1d"),
        (fresh("mnist-5k-rows", "GRU"), "한 행씩 읽는 MNIST GRU"),
        (named("Digits CNN, seed 8"), "숫자 CNN, 시드 8"),
        (named("Waves GRU, fold 2/5"), "파형 GRU, 폴드 2/5"),
        (named("내 실험 GRU"), "내 실험 GRU"),
        (named("Mine, seed 8"), "Mine, seed 8"),
        (named("LSTM"), "LSTM"),
    ],
)
def test_a_name_that_the_program_has_given_is_translated_and_no_other(experiment, korean):
    assert name_in(experiment, "ko") == korean
    assert name_in(experiment, "en") == experiment.name


def test_control_characters_are_not_shown():
    assert "\x1b" not in name_in(named("a\x1b[31m"), "ko")
