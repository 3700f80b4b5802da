"""What was changed in a run on its way, in words: each number that is another one, as it was and as it is.

Called by the marks on the curves and by the list of runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.experiments.augmentation import Augmentation
from engine.experiments.schedules import Schedule
from engine.figures import in_digits
from engine.words import say

SETTING_WORDS = "fields_training"


def change_texts(name: str, before: Any, after: Any, language: str) -> Iterator[str]:
    """A text for each part of the setting `name`, of `mid_run.CHANGEABLE`, that is another one: "Shift 0 → 1"."""
    table, kind, parts = SETTING_WORDS, "", [(name, before, after)]
    if isinstance(after, Augmentation | Schedule) and type(after) is type(before):
        parts = [(part, getattr(before, part), getattr(after, part)) for part in after.__struct_fields__]
        table = "fields_augmentation"
        if isinstance(after, Schedule):
            table, kind = "fields_schedule", f"{say('choices', type(after).__name__, language)}: "
    for part, old, new in parts:
        if old != new:
            yield f"{kind}{say(table, part, language)} {_value(old, language)} → {_value(new, language)}"


def _value(value: Any, language: str) -> str:
    match value:
        case None:
            return say("choices", "none", language)
        case bool():
            return say("choices", "on" if value else "off", language)
        case Schedule():
            return say("choices", type(value).__name__, language)
        case tuple():  # of one probability where all are the same
            return " / ".join(map(in_digits, value[:1] if len(set(value)) == 1 else value))
    return in_digits(value)
