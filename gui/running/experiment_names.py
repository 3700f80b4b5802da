"""What an experiment is called, which preset it is, and why it cannot be run, in the window's language. Called by the labs that
train."""

from __future__ import annotations

from functools import cache

from engine.experiments.check import check
from engine.experiments.experiment import Experiment, preset, preset_names
from engine.experiments.naming import name_in
from engine.runs.failures import problem_of
from gui.shell.language import language, of_the_data


def problem_with(experiment: Experiment) -> str:
    """Why it cannot be run, in words; empty: it can."""
    try:
        check(experiment)
    except Exception as error:  # whatever it is, the form says it and stays
        return of_the_data(problem_of(error).sentence(language()))
    return ""


@cache
def presets() -> dict[str, Experiment]:
    """The presets by name, read once."""
    return {stem: preset(stem) for stem in preset_names()}


def name_in_words(experiment: Experiment) -> str:
    """The experiment's name, in the user's language where the program has given it."""
    return name_in(experiment, language())


def preset_of(experiment: Experiment) -> str:
    """The preset that `experiment` is; empty when it is none, or no longer."""
    return next((stem for stem, known in presets().items() if known == experiment), "")
