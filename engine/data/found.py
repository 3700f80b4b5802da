"""What is found where an experiment's data lie: a folder, a table, a text, or what the program makes or brings itself.

`Found` is one frozen value that the command `data` prints and the window shows: which `Data` an experiment would ask for it
with, what they would be (`DataInfo`), or why there are none. A kind of data that knows more (classes with counts, columns with
kinds) derives from it and adds `own_json` and `own_lines`. `Source.found` makes it. No numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.data.info import Data, DataInfo, DatasetError
from engine.figures import full_count, shape_text
from engine.words import Phrase, printable, say

FEW_LINES = 20  # of a long list, for people


class Skipped(NamedTuple):
    """A file that takes no part in the data, by its name within the path, and why."""

    name: str
    reason: Phrase


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is found for `data`: `info`, or the `problem` why there is none."""

    data: Data
    info: DataInfo | None = None
    problem: DatasetError | None = None
    notes: tuple[Phrase, ...] = ()  # what was done to the files so that they could be read
    skipped: tuple[Skipped, ...] = ()

    def own_json(self) -> dict[str, object]:
        """What only this kind of data has, as JSON's own types."""
        return {}

    def own_lines(self, language: str = "en") -> list[str]:
        """The same for people."""
        return []

    def as_json(self) -> dict[str, object]:
        """Everything, as JSON's own types; sentences are English."""
        info = self.info
        content: dict[str, object] = {
            "data": self.data.name,
            "path": self.data.path,
            "problem": None if self.problem is None else {"code": self.problem.code, "message": self.problem.message()},
        }
        if info is not None:
            content |= {
                "task": info.task,
                "input": list(info.input),
                "outputs": info.outputs,
                "train": info.train,
                "validation": info.validation,
                "read_as": None if info.reading is None else info.reading.say(),
            }
        content |= self.own_json()
        content["notes"] = [note.say() for note in self.notes]
        content["skipped"] = [{"name": one.name, "reason": one.reason.say()} for one in self.skipped]
        return content

    def lines(self, language: str = "en") -> list[str]:
        """Everything for people, a sentence or a row of figures each."""
        info, lines = self.info, []
        if self.problem is not None:
            lines.append(self.problem.message(language))
        if info is not None:
            if info.reading is not None:
                lines.append(info.reading.say(language))
            counts = {"train": full_count(info.train), "validation": full_count(info.validation)}
            lines.append(say("found", "samples", language, count=full_count(info.samples), **counts))
            lines.append(say("found", info.task, language, input=shape_text(info.input), outputs=full_count(info.outputs)))
        lines += self.own_lines(language)
        lines += [note.say(language) for note in self.notes]
        if self.skipped:
            lines.append(say("found", "skipped", language, count=full_count(len(self.skipped))))
            rows = [f"  {printable(one.name)}: {one.reason.say(language)}" for one in self.skipped]
            lines += shortened(rows, language)
        return lines


def shortened(rows: list[str], language: str) -> list[str]:
    """The first rows of a long list, and how many are left out."""
    if len(rows) <= FEW_LINES + 1:
        return rows
    return [*rows[:FEW_LINES], "  " + say("found", "more", language, count=full_count(len(rows) - FEW_LINES))]
