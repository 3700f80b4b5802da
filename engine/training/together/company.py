"""Several runs that differ in their seed alone, from their preparation to their ends, in the calling thread.

Each is an `Execution` like any other: its loop validates, measures, watches and writes its own folder. All loops wait before
their step, the step of all is made, and each goes on with what it has done to its run. A run that ends leaves the others.

Called by the queue's worker processes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.data.datasets import Dataset
from engine.data.info import DatasetError
from engine.experiments.experiment import Experiment
from engine.experiments.problems import CannotRunError, RunProblem
from engine.runs.failures import problem_of
from engine.runs.status import Reason, State, Status
from engine.training.execution import TICK_S, Execution, Probe
from engine.training.together.apart import why_apart

if TYPE_CHECKING:
    from engine.training.together.member_trainer import MemberTrainer
    from engine.training.together.stacked_step import StackedStep
    from engine.training.trainer import Trainer


class MemberExecution(Execution):
    """One of the runs."""

    def _new_trainer(self, dataset: Dataset, stopped: Callable[[], bool]) -> Trainer | None:
        from engine.training.devices import choose
        from engine.training.together.member_trainer import MemberTrainer

        self.device = choose(self._device)
        return MemberTrainer(self.experiment, dataset, self.device, self._record)

    @property
    def member(self) -> MemberTrainer | None:
        from engine.training.together.member_trainer import MemberTrainer

        return self.trainer if isinstance(self.trainer, MemberTrainer) else None


class Company:
    """New runs that learn together. `run` carries them out; what it calls back with may ask for `status` and `answer`."""

    def __init__(
        self,
        experiments: Sequence[Experiment],
        folders: Sequence[Path | None],
        *,
        threads: int | None = None,
        on_tick: Callable[[], None] | None = None,
        on_end: Callable[[int], None] | None = None,
    ) -> None:
        """`experiments` differ in their seed and name alone. `on_tick` is called about ten times a second, `on_end(run)` when
        one of them, from 0, has come to its end. Raises ValueError where they cannot learn together (`why_apart`)."""
        if (problem := why_apart(experiments[0])) is not None:
            raise ValueError(problem.sentence())
        self._executions = [
            MemberExecution(experiment, folder=folder, threads=threads, together=len(experiments))
            for experiment, folder in zip(experiments, folders, strict=True)
        ]
        self._reasons: list[Reason | None] = [None] * len(experiments)
        self._courses: dict[int, Generator[None, None, Reason]] = {}  # of those under way
        self._on_tick, self._on_end = on_tick, on_end
        self._next_tick = 0.0
        self._stopped = False
        self._step: StackedStep | None = None
        self.failure: RunProblem | None = None  # of the batched computation: those under way are stopped, to go on alone

    def status(self, run: int) -> Status:
        reason = self._reasons[run]
        return self._executions[run].status(State.RUNNING if reason is None else State.IDLE, reason)

    def stop(self) -> None:
        """End all runs before their next step, keeping what they have reached."""
        self._stopped = True

    def run(self) -> None:
        """Carry all runs out. Whatever happens, each comes to an end that has a reason."""
        for place, execution in enumerate(self._executions):
            self._tick()
            try:
                prepared = execution.prepare(lambda: self._stopped)
            except (CannotRunError, DatasetError) as error:
                self._end(place, Reason.FAILED, problem_of(error))
                continue
            except Exception as error:
                self.failure = problem_of(error)
                break
            if not prepared:
                self._end(place, Reason.STOPPED)
                continue
            self._courses[place] = execution.course(self._gate(execution))
        if self.failure is None:
            self._guarded(self._stack)
        while self._courses and self.failure is None:
            self._tick()
            for place in tuple(self._courses):
                self._go_on(place)
            if self._courses:
                self._guarded(self._step)
        for place, reason in enumerate(self._reasons):
            if reason is None:
                self._part(place)

    def answer(self, run: int, probe: Callable[[Any, Dataset], Any]) -> Any:
        """What a pure function of (model, data) says of a run that has ended, or of one under way between two steps."""
        asked = Probe(probe, Future())
        self._executions[run].answer(asked)
        return asked.future.result()

    def _stack(self) -> None:
        from engine.training.together.stacked_step import StackedStep

        if self._courses:
            members = [member for place in self._courses if (member := self._executions[place].member) is not None]
            self._step = StackedStep(self._executions[0].experiment, members)

    def _tick(self) -> None:
        if self._on_tick is not None and (now := time.perf_counter()) >= self._next_tick:
            self._next_tick = now + TICK_S
            self._on_tick()

    def _gate(self, execution: Execution) -> Callable[[bool], bool]:
        def gate(_pausable: bool) -> bool:
            execution.clock.run()
            return not self._stopped

        return gate

    def _go_on(self, place: int) -> None:
        """A run up to its next step, or to its end."""
        try:
            next(self._courses[place])
        except StopIteration as end:
            self._end(place, end.value)
        except Exception as error:
            self._end(place, Reason.FAILED, problem_of(error, in_steps=True))

    def _guarded(self, computed: Callable[[], None] | None) -> None:
        """Have what is computed for all done. What it raises ends their company, not the runs."""
        try:
            if computed is not None:
                computed()
        except Exception as error:
            self.failure = problem_of(error, in_steps=True)

    def _part(self, place: int) -> None:
        """Leave a run as it was last kept, to be gone on with alone: the step that failed may have changed its numbers."""
        self._courses.pop(place, None)
        execution = self._executions[place]
        execution.clock.halt()
        if execution.trainer is None:
            execution.finish(Reason.STOPPED)
        execution.leave()
        self._reasons[place] = Reason.STOPPED
        self._tell_end(place)

    def _end(self, place: int, reason: Reason, problem: RunProblem | None = None) -> None:
        execution = self._executions[place]
        execution.problem = problem or execution.problem
        self._courses.pop(place, None)
        member = execution.member
        if member is not None and self._step is not None:
            self._step.let_go(member)
        execution.end(reason)
        self._reasons[place] = reason
        self._tell_end(place)

    def _tell_end(self, place: int) -> None:
        if self._on_end is not None:
            self._on_end(place)
