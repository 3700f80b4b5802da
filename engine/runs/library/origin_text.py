"""Where a run comes from, in words: the moment of the other run, and which one that is.

A branch is called as its origin is, so that one is told by when it was begun, as the list of runs says it too. Called by the
list of runs and by the line over a run's curves.
"""

from __future__ import annotations

from engine.experiments.naming import name_said
from engine.figures import full_count
from engine.runs.library.run_list import begun_by_name
from engine.runs.timeline.origin import RunOrigin
from engine.words import printable, say


def origin_text(origin: RunOrigin, language: str) -> str:
    """2026-01-31 09:05, iteration 400. A folder whose name says no time is named itself."""
    begun = begun_by_name(origin.run)
    run = printable(origin.run) if begun is None else f"{begun:%Y-%m-%d %H:%M}"
    return say("run", "origin", language, run=run, step=full_count(origin.step))


def origin_in_full(origin: RunOrigin, language: str) -> str:
    """The same with the run's name, and its folder."""
    name, folder = name_said(origin.name, language), printable(origin.run)
    return say("run", "origin_in_full", language, name=name, folder=folder, step=full_count(origin.step))
