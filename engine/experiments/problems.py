"""Why an experiment cannot be run, as codes of `assets/words/run.toml`: what is raised, and what is shown of it.

Raised by `engine.experiments.check`, and while a run is prepared; a running run's own problems are codes of the same table.
Neither torch nor numpy is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.figures import measured
from engine.networks.trace import Problem
from engine.networks.trace import message as network_message
from engine.words import say, within_sentence


@dataclass(frozen=True, slots=True)
class RunProblem:
    """What is wrong with a run: a code of `assets/words/run.toml` and the values in its sentence.

    `details` is for a report, not for reading: the traceback of an error that nobody foresaw.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    details: str = ""

    def sentence(self, language: str = "en") -> str:
        """The problem in words."""
        if self.code == "network":
            inner = Problem(self.values["where"], self.values["layer_code"], self.values["values"])
            layer = inner.index + 1 or "–"  # the input itself is at fault
            said = say("run", self.code, language, layer=layer, message=network_message(inner, language))
            repair = self.values.get("repair")
            if repair is None:
                return said
            return f"{said} {say('run', 'mended', language, repair=within_sentence(repair[language], language))}"
        shown = {name: measured(value) if isinstance(value, float) else value for name, value in self.values.items()}
        return say("run", self.code, language, **shown)


class CannotRunError(Exception):
    """A run cannot begin or go on, for a reason that has words."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.problem = RunProblem(code, values)
