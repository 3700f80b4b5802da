"""The words of things that are data: problems, fields, quantities, symbols, presets, data sets.

The rest of the engine deals in codes and values. A code's sentence stands in `assets/words/TABLE.toml`, both languages side
by side, one line a code:

    kernel_larger_than_input = { en = "The filter, {kernel}, is ...", ko = "필터({kernel})가 ..." }

The command line says them in English, the window in the user's language. (Words that belong to the window's own code are
translated with Qt Linguist instead.)
"""

from __future__ import annotations

import tomllib
from functools import cache

from engine.assets import asset

LANGUAGES = ("en", "ko")


@cache
def table(name: str) -> dict[str, dict[str, str]]:
    """All entries of `assets/words/NAME.toml`: code -> language -> sentence."""
    entries: dict[str, dict[str, str]] = tomllib.loads(asset("words", f"{name}.toml").read_text("utf-8"))
    return entries


def say(name: str, code: str, language: str = "en", /, **values: object) -> str:
    """The sentence of `code` in table `name`, its {placeholders} filled with `values`.

    A code that has no entry comes back as itself, so that a missing word is seen and breaks nothing; a test holds that every
    code the engine can produce has its entry in both languages.
    """
    entry = table(name).get(code)
    if entry is None:
        return code
    return entry[language].format(**values) if values else entry[language]


def readable(value: object) -> str:
    """A value as a sentence shows it: sizes as 5×5, one-element sizes as 5."""
    if isinstance(value, tuple | list):
        return "×".join(str(part) for part in value)
    return str(value)
