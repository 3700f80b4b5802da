"""A diagnosis: a code, the step at which it was made, the numbers that were seen, and their sentences.

The sentences stand in `assets/words/diagnoses.toml`: CODE, its title; CODE.seen, what is seen, with today's numbers; CODE.why,
why it hinders learning; CODE.try, what to try. No torch. Made by `engine.doctor.rules`; kept in a run's status.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import msgspec

from engine.figures import full_count, measured
from engine.words import say

DiagnosisCode: TypeAlias = Literal[
    "nan_in_data",
    "batch_norm_single",
    "double_softmax",
    "inputs_not_scaled",
    "class_imbalance",
    "duplicates",
    "validation_differs",
    "zero_start",
    "small_start",
    "saturated",
    "dead_units",
    "not_shuffled",
    "exploding_gradient",
    "vanishing_gradient",
    "learning_rate_high",
    "learning_rate_low",
    "labels_unlearnable",
    "evaluation_mode",
    "overfitting",
    "underfitting",
]
CODES: tuple[DiagnosisCode, ...] = get_args(DiagnosisCode)
_UNTOLD: dict[str, dict[str, int | float | str]] = {"learning_rate_high": {"at": 1}}  # which older runs do not tell: it was so
TABLE = "diagnoses"


class Diagnosis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen at `step` (0: before the first one). `values` fill the sentences: counts, measured numbers, and texts that
    are the same in every language. A number that is not finite does not occur in them."""

    code: DiagnosisCode
    step: int
    values: dict[str, int | float | str] = {}

    def title(self, language: str = "en") -> str:
        """A few words: Learning rate too high."""
        return say(TABLE, self.code, language)

    def seen(self, language: str = "en") -> str:
        """What is seen, with the numbers."""
        return self._said("seen", language)

    def why(self, language: str = "en") -> str:
        """Why it hinders learning."""
        return self._said("why", language)

    def advice(self, language: str = "en") -> str:
        """What to try."""
        return self._said("try", language)

    def message(self, language: str = "en") -> str:
        """All of it: what, why, and what to try."""
        return " ".join(part(language) for part in (self.seen, self.why, self.advice))

    def _said(self, part: str, language: str) -> str:
        shown = {"step": full_count(self.step)} | {name: _shown(value) for name, value in self.values.items()}
        if "part" in shown:
            shown["part"] = say(TABLE, f"part.{shown['part']}", language)
        return say(TABLE, f"{self.code}.{part}", language, **shown)


def written(diagnoses: tuple[Diagnosis, ...]) -> list[dict[str, Any]]:
    """Diagnoses as a run's status.json and the command line's last line have them, with the English message beside them."""
    return [{**msgspec.to_builtins(diagnosis), "message": diagnosis.message()} for diagnosis in diagnoses]


def read_back(content: object) -> tuple[Diagnosis, ...]:
    """The diagnoses of a status.json. Nothing depends on them: damaged ones say nothing."""
    found = []
    for entry in content if isinstance(content, list) else []:
        try:
            without = {key: value for key, value in entry.items() if key != "message"}
            diagnosis = msgspec.convert(without, Diagnosis)
            diagnosis = msgspec.structs.replace(diagnosis, values=_UNTOLD.get(diagnosis.code, {}) | diagnosis.values)
            diagnosis.message()  # whether its values fill its sentences
        except (AttributeError, KeyError, ValueError, TypeError, IndexError):
            continue
        found.append(diagnosis)
    return tuple(found)


def _shown(value: float | str) -> str:
    match value:
        case str():
            return value
        case int():
            return full_count(value)
        case _:
            return measured(value)
