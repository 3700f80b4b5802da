"""What the page of predictions asks, by the task of the experiment. No Qt.

Each question is a pure function of (model, data); equal ones are the same question. Called by the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.data.info import DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.meaning import meaning_of
from engine.judging.answers_by_step import answers_by_step
from engine.networks.output_meaning import OutputMeaning
from engine.sequences.forecast import look_at_forecast
from engine.sequences.text_sampling import NextCharacters, NoTextError, WrittenText, look_at_text, write_text
from engine.training.probes import predict

PROMPT_LETTERS = 6  # of the sample, where nobody has typed a prompt
WRITTEN = 80  # characters that are written at once


@dataclass(frozen=True)
class SeriesQuestion:
    """A series: its forecasts. `warm_up` None: half of the series is read first."""

    sample: int
    warm_up: int | None = None

    def __call__(self, model: Any, data: Any) -> Any:
        return look_at_forecast(model, data, sample=self.sample, warm_up=self.warm_up)


@dataclass(frozen=True, eq=False)
class TextAnswers:
    """What comes next in a text of the data, and a text that the network has written, or why it has not."""

    next: NextCharacters
    written: WrittenText | NoTextError


@dataclass(frozen=True)
class TextQuestion:
    """A text. An empty `prompt` is the beginning of the sample."""

    sample: int
    meaning: OutputMeaning
    prompt: str = ""
    temperature: float = 1.0
    top_k: int | None = None
    seed: int = 0

    def __call__(self, model: Any, data: Any) -> TextAnswers:
        found = look_at_text(model, data, sample=self.sample, meaning=self.meaning)
        prompt = self.prompt or "".join(found.text[:PROMPT_LETTERS])
        written: WrittenText | NoTextError
        try:
            written = write_text(
                model,
                data,
                prompt=prompt,
                length=WRITTEN,
                temperature=self.temperature,
                top_k=self.top_k,
                seed=self.seed,
                meaning=self.meaning,
            )
        except NoTextError as error:
            written = error.with_traceback(None)
        return TextAnswers(found, written)


@dataclass(frozen=True)
class NumbersQuestion:
    """One number for the whole sequence: some samples, truth beside prediction."""

    sample: int

    def __call__(self, model: Any, data: Any) -> Any:
        return predict(model, data, sample=self.sample)


@dataclass(frozen=True)
class ClassesQuestion:
    """A class for the whole sequence: the answer after each time step."""

    sample: int
    meaning: OutputMeaning

    def __call__(self, model: Any, data: Any) -> Any:
        return answers_by_step(model, data, sample=self.sample, meaning=self.meaning)


PredictQuestion: TypeAlias = SeriesQuestion | TextQuestion | NumbersQuestion | ClassesQuestion


def question_for(experiment: Experiment, sample: int, *, warm_up: int | None, writing: TextQuestion) -> PredictQuestion | None:
    """The question that suits the experiment's data; None where there is nothing to predict over time. Of `writing` the prompt
    and how it goes on are taken."""
    info = info_of(experiment)
    if info is None:
        return None
    meaning = meaning_of(experiment)
    if info.task == "next_token":
        return TextQuestion(sample, meaning, writing.prompt, writing.temperature, writing.top_k, writing.seed)
    if info.task == "regression":
        return SeriesQuestion(sample, warm_up) if len(info.target) == 2 else NumbersQuestion(sample)
    return ClassesQuestion(sample, meaning) if len(info.input) == 2 else None


def info_of(experiment: Experiment) -> DataInfo | None:
    """None: the data cannot be had."""
    try:
        return describe(experiment.data)
    except DatasetError:
        return None
