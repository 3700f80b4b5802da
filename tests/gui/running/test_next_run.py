"""What a run is made of that begins, goes on or branches off: worked by hand."""

from __future__ import annotations

import pytest

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.history import History
from gui.running.next_run import MOST_EPOCHS_OF_A_RUN, deciding, epochs_beyond, more_epochs, rate_at


def with_training(experiment: Experiment, **changes: object) -> Experiment:
    return edited(experiment, training=edited(experiment.training, **changes))


@pytest.mark.parametrize(("done", "set_now", "more"), [(5, 8, 3), (5, 5, 5), (5, 3, 3)])
def test_a_completed_run_goes_on_up_to_the_settings_or_as_long_again(done: int, set_now: int, more: int) -> None:
    assert more_epochs(done, with_training(preset("digits-cnn"), epochs=set_now)) == more


@pytest.mark.parametrize(("step", "epochs"), [(0, 4), (39, 4), (40, 8), (45, 8), (50, 9)])
def test_a_branch_has_its_epochs_or_as_many_beyond_its_moment(step: int, epochs: int) -> None:
    assert epochs_beyond(step, 4, 10) == epochs


def test_no_branch_has_more_epochs_than_a_run_may_have() -> None:
    assert epochs_beyond(10 * MOST_EPOCHS_OF_A_RUN, MOST_EPOCHS_OF_A_RUN, 10) == MOST_EPOCHS_OF_A_RUN


def test_the_rate_of_a_step_is_the_last_one_set_before_it() -> None:
    history = History()
    history.rates.extend([(10, 0.1), (20, 0.01)])
    assert [rate_at(step, history, 0.5) for step in (0, 9, 10, 19, 20, 99)] == [0.5, 0.5, 0.1, 0.1, 0.01, 0.01]


def test_a_name_a_device_and_a_length_decide_no_number() -> None:
    own = preset("digits-cnn")
    same = edited(with_training(own, epochs=own.training.epochs + 3, device="cpu"), name="another")
    assert deciding(same) == deciding(own)
    assert deciding(with_training(own, lr=own.training.lr * 2)) != deciding(own)
    assert deciding(edited(own, seed=own.seed + 1)) != deciding(own)
