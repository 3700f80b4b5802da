"""The whole state of the sequence lab, as one frozen value."""

from __future__ import annotations

import msgspec

from engine.experiments.experiment import Experiment
from engine.sequences.conventions import CountingName
from engine.sequences.tasks import TASKS, fresh
from gui.labs.sequence.cell_edits import CellsShown
from gui.labs.sequence.gates.gates_view import GatesView
from gui.labs.sequence.one_step.one_step_view import OneStepView
from gui.labs.sequence.sequence_look import SequenceLook
from gui.running.lab.state import RunningState

FIRST_TASK = TASKS[0].name


class SequenceState(RunningState, frozen=True, kw_only=True):
    """A page that has a way of its own of being looked at has a field of the page's name here."""

    experiment: Experiment = msgspec.field(default_factory=lambda: fresh(FIRST_TASK))
    cells: CellsShown = "one"  # the experiment's own, all three side by side, or causal convolutions in their place
    convention: CountingName = "torch"  # by which the parameters are counted
    settings: bool = True  # stand beside the results
    look: SequenceLook = SequenceLook()
    gates: GatesView = GatesView()
    one_step: OneStepView = OneStepView()
