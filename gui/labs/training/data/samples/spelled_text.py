"""Texts of data as they are read: signs for blanks and ends of lines. Called by the card of samples and by the counts."""

from __future__ import annotations

from collections.abc import Sequence

from engine.words import printable

MOST_LETTERS = 400  # of one text
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}


def spelled(tokens: Sequence[int], vocabulary: Sequence[str]) -> str:
    """Tokens as they are read."""
    return printable("".join(SIGNS.get(letter, letter) for letter in (vocabulary[token] for token in tokens[:MOST_LETTERS])))
