"""What the thread of the past computes: the questions of the pages, asked the network as it was at a moment, and the small
pictures of it at several moments.

Called through `gui.bridge.Latest` by `looking` and the timeline. torch is imported by the thread itself, when it is first
asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.experiments.experiment import Experiment
from engine.experiments.meaning import meaning_of
from engine.judging.decision_plane import look_at_plane
from engine.runs.folder import Run
from engine.runs.timeline.kept_weights import KeptWeights
from gui.running.result_page import ModelQuestion
from gui.running.timeline.moment_pictures import MomentPicture, PlaneMosaic, is_of_a_plane, mosaic, pictured, plane_mosaic

if TYPE_CHECKING:
    from engine.passes.past import PastModel


@dataclass(frozen=True, eq=False)
class Past:
    """A run's network at one of its moments. `step` None: as the run was left, out of its `folder`; without a folder nobody
    knows what its own file said."""

    experiment: Experiment
    kept: KeptWeights
    step: int | None
    folder: Path | None = None

    def is_same(self, other: Past | None) -> bool:
        return other is not None and (self.kept, self.step, self.folder) == (other.kept, other.step, other.folder)

    def weights(self) -> Mapping[str, Any]:
        """Raises RunError."""
        if self.step is not None:
            return self.kept.read(self.step)
        assert self.folder is not None
        return Run.open(self.folder).weights()

    def weights_before(self) -> Mapping[str, Any] | None:
        """Those of the step before, where they were kept. Raises RunError."""
        before = None if self.step is None else self.step - 1
        return self.kept.read(before) if before in self.kept.steps else None


@dataclass(frozen=True, eq=False)
class PastRequest:
    past: Past
    questions: Mapping[str, ModelQuestion]


@dataclass(frozen=True, eq=False)
class PastAnswer:
    request: PastRequest
    answers: Mapping[str, Any]


class PastReader:
    """Called with one request after the other, in one thread. The data and the network of the last experiment are kept."""

    def __init__(self) -> None:
        self._key: object = None
        self._model: PastModel | None = None

    def __call__(self, request: PastRequest) -> PastAnswer:
        """Raises RunError and DatasetError; the first one also where the run's own file has been changed since."""
        experiment, folder = request.past.experiment, request.past.folder
        run = None if folder is None or experiment.data.path is None else Run.open(folder)
        key = experiment.data, experiment.network, experiment.seed, None if run is None else run.learned_from()
        if self._model is None or key != self._key:
            if run is not None:
                run.require_own_data()
            from engine.passes.past import PastModel
            from engine.training.devices import take_threads

            take_threads()  # as many as the training has: the same bits
            self._model, self._key = PastModel(experiment), key
        model = self._model.at(request.past.weights(), request.past.step, request.past.weights_before())
        data = self._model.dataset
        return PastAnswer(request, answers_to(request.questions, model, data))


@dataclass(frozen=True, eq=False)
class Unanswered:
    """Stands for the answer to a question that could not be answered."""

    error: Exception


def answers_to(questions: Mapping[str, ModelQuestion], model: Any, data: Any) -> dict[str, Any]:
    """The answers by the questions' names; an `Unanswered` for one that raised, so that it costs the others nothing. A question
    that goes by several names, because several pages ask it, is computed once."""
    found = {question: _answer(question, model, data) for question in dict.fromkeys(questions.values())}
    return {name: found[question] for name, question in questions.items()}


def _answer(question: ModelQuestion, model: Any, data: Any) -> Any:
    try:
        return question(model, data)
    except Exception as error:  # whatever it is, the page says it
        return Unanswered(error.with_traceback(None))  # which would keep the model in memory


@dataclass(frozen=True, eq=False)
class PicturesRequest:
    kept: KeptWeights
    experiment: Experiment
    steps: tuple[int, ...]
    side: int  # pixels


@dataclass(frozen=True, eq=False)
class PicturesAnswer:
    request: PicturesRequest
    pictures: Mapping[int, MomentPicture]  # by step
    weights: str | None = None  # the name of those that they show; None: they show none


class PictureReader:
    """The network at each step as small pictures; called in one thread. The network of the last experiment is kept."""

    def __init__(self) -> None:
        self._key: object = None
        self._model: PastModel | None = None

    def __call__(self, request: PicturesRequest) -> PicturesAnswer:
        """Raises RunError and DatasetError. torch is imported only where the pictures show answers."""
        if is_of_a_plane(request.experiment):
            return PicturesAnswer(request, {step: self._of_plane(request, step) for step in request.steps})
        found, name = dict[int, MomentPicture](), None
        for step in request.steps:
            weights = request.kept.read(step)
            name = pictured(weights, request.experiment, request.side)
            picture = mosaic(weights, request.experiment, request.side)
            if picture is not None:
                found[step] = picture
        return PicturesAnswer(request, found, name)

    def _of_plane(self, request: PicturesRequest, step: int) -> PlaneMosaic:
        experiment = request.experiment
        key = experiment.data, experiment.network, experiment.seed
        if self._model is None or key != self._key:
            from engine.passes.past import PastModel
            from engine.training.devices import take_threads

            take_threads()
            self._model, self._key = PastModel(experiment), key
        model = self._model.at(request.kept.read(step))
        return plane_mosaic(look_at_plane(model, self._model.dataset, meaning=meaning_of(experiment)))
