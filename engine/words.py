"""The words of things that are data: problems, fields, quantities, symbols, presets, data sets.

The rest of the engine deals in codes and values. A code's sentence stands in `assets/words/TABLE.toml`, both languages side
by side, one line a code:

    kernel_larger_than_input = { en = "The filter, {kernel}, is ...", ko = "필터({kernel})가 ..." }

The command line says them in English, the window in the user's language. What cannot be done is a `CodedError`; a `Phrase` is a
sentence, or a part of one, that is not in a language yet. (Words that belong to the window's own code are translated with Qt
Linguist instead.)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar

from engine.assets import asset
from engine.figures import typeset

LANGUAGES = ("en", "ko")

# control characters, the ends of lines, and what turns the direction of writing round
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


@cache
def table(name: str) -> dict[str, dict[str, str]]:
    """All entries of `assets/words/NAME.toml`: code -> language -> sentence."""
    entries: dict[str, dict[str, str]] = tomllib.loads(asset("words", f"{name}.toml").read_text("utf-8"))
    return entries


def say(name: str, code: str, language: str = "en", /, **values: object) -> str:
    """The sentence of `code` in table `name`, its {placeholders} filled with `values`, in `language`; so are values that are
    phrases.

    A code that has no entry comes back as itself, so that a missing word is seen and breaks nothing; a test holds that every
    code the engine can produce has its entry in both languages.
    """
    entry = table(name).get(code)
    if entry is None:
        return code
    if not values:
        return entry[language]
    said = {key: _said(value, language) for key, value in values.items()}
    return entry[language].format(**said)


def _said(value: object, language: str) -> object:
    match value:
        case Phrase():
            return value.say(language)
        case str():
            return printable(value)
        case Path():
            return printable(str(value))
        case _:
            return value


def printable(text: str) -> str:
    """A name from a file as it may be shown and printed: on one line, without characters that move the cursor of a terminal,
    clear it or turn the writing round. A space stands for each run of them."""
    return _NOT_PRINTED.sub(" ", text) if _NOT_PRINTED.search(text) else text


@dataclass(frozen=True)
class Phrase:
    """A code of `assets/words/TABLE.toml` and the values in its sentence, which may be phrases themselves."""

    table: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str = "en") -> str:
        return say(self.table, self.code, language, **self.values)


class CodedError(ValueError):
    """What a user asked for and cannot have: a code of the kind's own table and the values in its sentence. `message` says it
    in a language; the text of the error is the English sentence."""

    TABLE: ClassVar[str]  # assets/words/TABLE.toml has a sentence for each code

    def __init__(self, code: str, /, **values: object) -> None:
        self.phrase = Phrase(self.TABLE, code, values)
        super().__init__(self.phrase.say())

    @property
    def code(self) -> str:
        return self.phrase.code

    def message(self, language: str = "en") -> str:
        return self.phrase.say(language)


def readable(value: object) -> str:
    """A value as a sentence shows it: sizes as 5×5, one-element sizes as 5, 10⁻⁵ without an e."""
    if isinstance(value, tuple | list):
        return "×".join(readable(part) for part in value)
    return typeset(str(value)) if isinstance(value, float) else str(value)


def within_sentence(text: str, language: str) -> str:
    """`text` as it stands inside of a sentence: in English with a small first letter. A Korean one may begin with the name of a
    layer, which stays as it is."""
    return text[:1].lower() + text[1:] if language == "en" else text
