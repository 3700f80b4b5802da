"""The network that FILE holds, whatever kind of file it is: an experiment, code of a network, or weights. Called by the
commands that want no more than the network.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.commands.given.given_experiment import experiment_file
from engine.experiments.brought.network_code import is_network_code, network_from_code
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import Experiment, Network, beside, parse, read_text
from engine.runs.weights_file import is_weights_file
from engine.words import Phrase, printable

CODE = (".py", ".txt", ".md")  # files of code; any other is it where it names a layer


def network_in(name: str) -> tuple[Experiment, bool]:
    """The experiment of the file, or of the run's folder, called `name`, and whether it holds nothing but a network. What
    should be known of one that was read from code is said on stderr.

    Raises UsageError, ExperimentError, RunError and BroughtError."""
    file = experiment_file(name)
    if is_weights_file(file):
        return _of_weights(name), True
    text = read_text(file)
    ending = file.suffix.lower()
    if ending == ".toml" or (ending not in CODE and not is_network_code(text)):
        return beside(parse(text, str(file)), file), False
    try:
        found = network_from_code(text)
    except BroughtError as error:
        raise BroughtError("in_file", file=name, problem=error.phrase) from None
    tell_notes(found.notes)
    return found.experiment(Path(name).stem), True


def _of_weights(name: str) -> Experiment:
    """The stack that the weights in the file `name` are of."""
    from engine.passes.brought_weights import brought_weights

    try:
        found = brought_weights(name)
    except BroughtError as error:
        raise BroughtError("in_file", file=name, problem=error.phrase) from None
    tell_notes(found.notes)
    return Experiment(name=Path(name).stem, network=Network(input=found.input, layers=found.layers))


def tell_notes(notes: tuple[Phrase, ...]) -> None:
    """Say on stderr what was chosen or translated, a line each."""
    for note in notes:
        print(f"note: {printable(note.say())}", file=sys.stderr)
