"""An experiment as a Jupyter notebook: the exported script in pieces, each with a few words on what it does.

It is nbformat 4.5. The code is `engine.experiments.scripts.export`'s, unchanged, so that the notebook computes what the script
and the run compute, to the bit; the words are in the user's language. No torch, and none of Jupyter's packages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from engine.assets import asset
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, trace_of
from engine.experiments.mid_run import SettingChange
from engine.experiments.naming import name_in
from engine.experiments.scripts.export import ScriptPart, packages, script_parts
from engine.figures import full_count
from engine.words import readable, say

TABLE = "notebook"  # of words
_GIVEN = re.compile(r"PATH/([\w.-]+)")  # a file of ours that the script is to be given, as its usage calls it


def notebook(
    experiment: Experiment,
    rates: Sequence[tuple[int, float]] = (),
    threads: int | None = None,
    changes: Sequence[SettingChange] = (),
    language: str = "en",
) -> str:
    """The notebook's text, with words in `language`; the other arguments, and what is raised, are `to_pytorch`'s."""
    parts = script_parts(experiment, rates, threads, changes)
    cells = [_about("title", _title(experiment, language))]
    for part in parts:
        cells += _cells(experiment, part, language, changed=bool(rates or changes))
    cells.append(_about("end", say(TABLE, "end", language)))
    content = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {
                "codemirror_mode": {"name": "ipython", "version": 3},
                "file_extension": ".py",
                "mimetype": "text/x-python",
                "name": "python",
                "nbconvert_exporter": "python",
                "pygments_lexer": "ipython3",
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _title(experiment: Experiment, language: str) -> str:
    name = name_in(experiment, language).replace("\\", "/").replace("#", "")
    return f"# {_plain(name)}\n\n{say(TABLE, 'title', language, packages=packages(experiment))}"


def _cells(experiment: Experiment, part: ScriptPart, language: str, *, changed: bool) -> Iterator[dict[str, Any]]:
    """The words on a part and its code."""
    yield _about(part.kind, "\n\n".join(_words(experiment, part.kind, language, changed=changed)))
    if part.kind == "data" and (given := _GIVEN.search(part.text)) is not None and "sys.argv" in part.text:
        yield _about("data-file", say(TABLE, "data_file", language, file=given[1]))
        file = asset("data", given[1])
        path = str(file) if file.exists() else given[1]
        yield _code("data-path", f'DATA = {path!r}\nsys.argv = ["notebook", DATA]')
    yield _code(part.kind, part.text)


def _words(experiment: Experiment, kind: str, language: str, *, changed: bool) -> Iterator[str]:
    yield f"## {say(TABLE, kind, language)}"
    training, info = experiment.training, describe(experiment.data)
    match kind:
        case "data":
            yield say("datasets", f"{info.name}.about", language)
            counts = {"train": full_count(info.train), "validation": full_count(info.validation)}
            yield say(TABLE, "data.about", language, **counts, shape=readable(info.input))
        case "network":
            traced = trace_of(experiment)
            counts = {"layers": full_count(len(experiment.network.layers)), "parameters": full_count(traced.parameters)}
            yield say(TABLE, "network.about", language, **counts)
            if training.initialization != "torch":
                rule = say("choices", training.initialization, language)
                yield say(TABLE, "network.initialization", language, rule=rule)
        case "schedule":
            assert training.schedule is not None
            yield say(TABLE, "schedule.about", language, schedule=say("choices", type(training.schedule).__name__, language))
        case "optimizer":
            loss = say("choices", training.loss or info.loss, language)
            yield say(TABLE, "optimizer.about", language, optimizer=training.optimizer, loss=loss)
        case "loop":
            yield say(TABLE, "loop.about", language)
            if changed:
                yield say(TABLE, "loop.changed", language)
        case _:
            yield say(TABLE, f"{kind}.about", language)


def _about(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"{_id(name)}-about", "metadata": {}, "source": _lines(text)}


def _code(name: str, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": "code", "execution_count": None, "id": _id(name), "metadata": {}, "outputs": []}
    return made | {"source": _lines(text)}


def _id(name: str) -> str:
    """Letters, digits, - and _, at most 64 of them, says the format."""
    return name.replace("_", "-")


def _lines(text: str) -> list[str]:
    """Each with its end. No other character than \\n ends a line: `splitlines` would cut a text where it has others."""
    first, *rest = text.split("\n")[::-1]
    return [*(line + "\n" for line in rest[::-1]), *([first] if first else [])]


def _plain(text: str) -> str:
    """A name, of which markdown makes nothing else."""
    return re.sub(r"([*_`\[\]<>$|])", r"\\\1", text)
