"""A text as data, character by character: a user's own file, or the poems that come along.

The vocabulary is all characters of the text, in the order of their code points. The text is cut into pieces of `length`
characters, in their order: the first ones train, the last ones validate, so that no piece is told by its neighbours. Characters
that are written as several signs (한 as ㅎ, ㅏ, ㄴ, as in files from macOS) are put together (NFC).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec.structs import replace

from engine.assets import asset
from engine.data.found import Found
from engine.data.info import Data, DataInfo, DatasetError
from engine.data.own.own_file import OwnFile, own_file, reading_script
from engine.data.source import Arrays, DataScript, Source
from engine.figures import full_count
from engine.words import Phrase, printable, say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CHARACTERS = 20_000  # different ones: as many outputs has the network
USUAL_LENGTH = 40
MOST_FREQUENT = 12  # characters that are told
BEGINS = 60  # characters of the text
PIECES = 10  # that a short text is cut into, at least, where nobody says how long they are


@dataclass(frozen=True, kw_only=True)
class TextFound(Found):
    """A text: how long it is, its characters, the most frequent ones first, and how it begins."""

    encoding: str  # for people: UTF-8, UTF-16 or CP949
    characters: int
    lines_of_text: int
    different: int
    frequent: tuple[tuple[str, int], ...]
    begins: str

    def own_json(self) -> dict[str, object]:
        return {
            "encoding": self.encoding,
            "characters": self.characters,
            "lines": self.lines_of_text,
            "different": self.different,
            "frequent": [{"character": character, "count": count} for character, count in self.frequent],
            "begins": self.begins,
        }

    def own_lines(self, language: str = "en") -> list[str]:
        if not self.characters:
            return []
        counts = {"count": full_count(self.characters), "lines": full_count(self.lines_of_text)}
        frequent = "  ".join(f"{_seen(character)} {full_count(count)}" for character, count in self.frequent)
        return [
            say("found", "text", language, **counts, different=full_count(self.different)),
            say("found", "frequent", language, characters=frequent),
            say("found", "begins", language, text=self.begins),
        ]


def _seen(character: str) -> str:
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(character, printable(character))


class TextSource(Source):
    """A text: the next character at every time step."""

    task = "next_token"
    continues = True
    options = ("path", "length")
    endings = (".txt", ".md")

    def described(self, data: Data) -> DataInfo:
        text, file = read_text_of(data.path), data.path or self.name
        if not text.strip():
            raise DatasetError("text_empty", file=file)
        characters = vocabulary(text)
        if len(characters) == 1:
            raise DatasetError("text_of_one", file=file, count=full_count(len(text)))
        if len(characters) > MOST_CHARACTERS:
            raise DatasetError(
                "text_characters", file=file, count=full_count(len(characters)), most=full_count(MOST_CHARACTERS)
            )
        length = data.length or max(1, min(USUAL_LENGTH, (len(text) - 1) // PIECES))
        pieces = (len(text) - 1) // length
        if pieces < 2:
            longest = (len(text) - 1) // 2
            values = {"file": file, "count": full_count(len(text)), "length": full_count(length)}
            if longest < 1:
                raise DatasetError("text_too_short", **values)
            raise DatasetError("text_short", **values, longest=full_count(longest))
        if data.samples is not None and data.samples > pieces:
            values = {"file": file, "length": full_count(length), "pieces": full_count(pieces)}
            raise DatasetError("text_pieces", **values, samples=full_count(data.samples))
        train, validation = self._split(data, data.samples or pieces)
        info = self._info(data, length, train, validation, characters)
        if data.path is None:
            return info
        counts = {"count": full_count(len(text)), "different": full_count(len(characters))}
        return replace(
            info, reading=Phrase("data_notes", "text_read", {"encoding": own_file(data.path).encoding_name, **counts})
        )

    def found(self, data: Data) -> Found:
        """With the characters that are the most frequent ones, and how the text begins."""
        base = super().found(data)
        try:
            text = read_text_of(data.path)
        except DatasetError:
            return base
        return TextFound(
            data=data,
            info=base.info,
            problem=base.problem,
            notes=base.notes,
            encoding=(_poems() if data.path is None else own_file(data.path)).encoding_name,
            characters=len(text),
            lines_of_text=len(text.splitlines()),
            frequent=tuple(Counter(text).most_common(MOST_FREQUENT)),
            different=len(vocabulary(text)),
            begins=text[:BEGINS],
        )

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        import numpy as np

        text = read_text_of(info.path)
        if vocabulary(text) != info.classes or info.length is None or len(text) <= info.samples * info.length:
            raise DatasetError("own_changed", file=info.path or self.name)
        codes, known = (np.frombuffer(part.encode("utf-32-le"), "<u4") for part in (text, "".join(info.classes)))
        tokens: NDArray[np.int64] = np.searchsorted(known, codes[: info.samples * info.length + 1]).astype(np.int64)
        x, y = (part.reshape(info.samples, info.length) for part in (tokens[:-1], tokens[1:]))
        own = self._validating(info)
        return Arrays(x[~own], y[~own], x[own], y[own])

    @staticmethod
    def _validating(info: DataInfo) -> NDArray[np.bool_]:
        """Which pieces validate: the last ones, or a fold's, which stand side by side."""
        import numpy as np

        pieces = np.arange(info.samples)
        if info.folds is None:
            return pieces >= info.train
        begins = (info.fold - 1) * (info.samples // info.folds) + min(info.fold - 1, info.samples % info.folds)
        return (pieces >= begins) & (pieces < begins + info.validation)

    def script(self, info: DataInfo, seed: str) -> DataScript:
        own = self._validating(info)
        begins, ends = int(own.argmax()), int(own.argmax() + info.validation)
        if info.path is None:
            text = f'text = """{read_text_of(None)}"""'
        else:
            text = f'{reading_script(info.path)}\ntext = unicodedata.normalize("NFC", text)'
        return DataScript(
            _PIECES.format(text=text, samples=info.samples, length=info.length, begins=begins, ends=ends),
            imports=(),
            standard=() if info.path is None else ("import hashlib", "import unicodedata"),
        )


def read_text_of(path: str | None) -> str:
    """The text of the file at `path`, or the poems. Raises DatasetError."""
    return _composed(_poems() if path is None else own_file(path))


@lru_cache(maxsize=1)
def _poems() -> OwnFile:
    return OwnFile(asset("data", "poems.txt").read_text("utf-8"), "utf-8")


@lru_cache(maxsize=4)
def _composed(file: OwnFile) -> str:
    return normalize("NFC", file.text)


@lru_cache(maxsize=4)
def vocabulary(text: str) -> tuple[str, ...]:
    """All its characters, in the order of their code points."""
    return tuple(sorted(set(text)))


_PIECES = """
{text}
characters = sorted(set(text))  # the vocabulary
index = {{character: number for number, character in enumerate(characters)}}
tokens = torch.tensor([index[character] for character in text[: {samples} * {length} + 1]])
x = tokens[:-1].reshape({samples}, {length})  # N, T
y = tokens[1:].reshape({samples}, {length})  # the character that follows each
validates = (torch.arange({samples}) >= {begins}) & (torch.arange({samples}) < {ends})
x_train, x_validation = x[~validates].to(DEVICE), x[validates].to(DEVICE)
y_train, y_validation = y[~validates].to(DEVICE), y[validates].to(DEVICE)
"""
