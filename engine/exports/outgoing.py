"""What goes out: an experiment, or a run with what it has measured and the weights that it has kept.

Called by the command line and by the window's thread that exports. torch is imported only where weights are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import SettingChange
from engine.runs.folder import Run
from engine.runs.history import History
from engine.runs.lock import is_in_use
from engine.runs.timeline.kept_weights import WeightsByName

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Outgoing:
    """`history` ends where the run would go on from: what a killed process has measured after its last checkpoint is measured
    again when the run is resumed, and would be there twice. Of a run that is under way it is all there is."""

    experiment: Experiment
    run: Run | None = None  # None: an experiment that is no run
    history: History | None = None
    threads: int | None = None  # that the run was computed with
    step: int | None = None  # that the run has come to

    @classmethod
    def of_run(cls, folder: Path) -> Outgoing:
        """Raises RunError."""
        run = Run.open(folder)
        kept = run.kept()
        if kept is None or is_in_use(folder):
            history = run.history()
        else:
            history = run.metrics(kept.step, kept.lr, kept.settings).history
        threads = None if kept is None else kept.threads
        return cls(run.experiment, run, history, threads, max(history.train.last_step(), 0 if kept is None else kept.step))

    @property
    def rates(self) -> list[tuple[int, float]]:
        """The learning rates that were set in mid-run."""
        return [] if self.history is None else self.history.rates

    @property
    def changes(self) -> list[SettingChange]:
        """What else was changed in mid-run."""
        return [] if self.history is None else self.history.changes

    @property
    def each(self) -> int:
        """Iterations of an epoch; 0 where the run does not say."""
        return 0 if self.run is None or self.history is None else self.run.steps_per_epoch(self.history)

    def weights(self, moment: int | None = None) -> tuple[WeightsByName, int | None]:
        """The weights by name, and after how many iterations; None where the run does not know. `moment`: those of the last
        kept moment up to that iteration, else those of the run's end, or of its last checkpoint. An experiment that is no run
        has those that it begins with: they are drawn from torch's global generator, which belongs to the training thread where
        there is one. Raises RunError, and CannotRunError and DatasetError where there is no such network."""
        if self.run is None:
            return _first_weights(self.experiment), 0
        if moment is None:
            found: dict[str, Tensor] = self.run.weights()
            return {name: tensor.numpy() for name, tensor in found.items()}, self._kept_step()
        kept = self.run.timeline()
        return kept.read(moment if (step := kept.up_to(moment)) is None else step), step

    def _kept_step(self) -> int | None:
        step = self.run.status.get("step") if self.run is not None else None
        return step if isinstance(step, int) and not isinstance(step, bool) else self.step


def _first_weights(experiment: Experiment) -> dict[str, Any]:
    import torch

    from engine.data.sources import describe
    from engine.experiments.check import check
    from engine.passes.modules import build
    from engine.training.recipe.starting import begin

    check(experiment)
    info = describe(experiment.data)
    torch.manual_seed(experiment.seed)  # as a training of it begins
    model = build(experiment.network.layers, info.input, tokens=info.tokens)
    begin(model, experiment.training)
    return {name: tensor.detach().contiguous().numpy() for name, tensor in model.state_dict().items()}
