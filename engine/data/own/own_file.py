"""A user's own file, read as text: which encoding it is in, and why it cannot be read.

A file is read once for each time that it has changed: `describe` asks at every edit. Called by the data sets that are made of
own files, and by experiments, whose files name others relative to their own folder.
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from hashlib import sha256
from os.path import isdir
from pathlib import Path
from typing import NamedTuple

from engine.data.info import DatasetError
from engine.figures import binary_size, full_count
from engine.toml_values import is_network_path

MOST_BYTES = 2**24
MOST_TABLE_BYTES = 2**27
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how files of other programs begin
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")


class OwnFile(NamedTuple):
    """The text of a file, with \\n at the end of each line, and the encoding by Python's name that gives it."""

    text: str
    encoding: str

    @property
    def encoding_name(self) -> str:
        """For people: UTF-8, UTF-16 or CP949."""
        return self.encoding.removesuffix("-sig").upper()


def own_file(path: str, most: int = MOST_BYTES) -> OwnFile:
    """The file at `path`: UTF-8 with or without a byte order mark, UTF-16 with one, or CP949. Raises DatasetError: a path that
    is not whole or leads to another computer, no such file, one of more bytes than `most`, one that holds no text."""
    require_own(path)
    try:
        file = Path(path)
        if not file.is_file():
            raise DatasetError("own_not_file" if file.exists() else "own_missing", file=path)
        found = file.stat()
        if found.st_size > most:
            raise DatasetError("own_large", file=path, size=binary_size(found.st_size), most=binary_size(most))
        return _read(path, found.st_mtime_ns, found.st_size)
    except OSError as error:
        raise DatasetError("own_unreadable", file=path, error=error.strerror or error) from None
    except DatasetError:
        raise
    except ValueError as error:  # a null byte in the name, which no file has
        raise DatasetError("own_unreadable", file=path, error=error) from None


def require_own(path: str) -> None:
    """Raises DatasetError where `path` is not whole or leads to another computer."""
    if is_network_path(path):
        raise DatasetError("own_network", file=path)
    if not Path(path).is_absolute():
        raise DatasetError("own_relative", file=path)


def own_mark(path: str | None) -> str | None:
    """What tells the text of the file at `path`, or the pictures of the folder, from others; None where there is nothing that
    can be read."""
    if path is None:
        return None
    try:
        require_own(path)
        if isdir(path):  # noqa: PTH112  (False also for what may not be looked at)
            from engine.data.own.picture_folder import picture_mark  # it reads no text

            return picture_mark(path)
        return sha256(own_file(path, MOST_TABLE_BYTES).text.encode("utf-8", "surrogatepass")).hexdigest()
    except DatasetError:
        return None


def reading_script(path: str) -> str:
    """Lines of a script that read `text` from the file at `path`, and end it where that is not the text any more in which the
    script's figures were found. They need hashlib. Raises DatasetError."""
    changed = f"{path} has been changed since this script was written; bring its text back, or export the script anew"
    encoding = own_file(path, MOST_TABLE_BYTES).encoding
    return _SCRIPT.format(path=path, encoding=encoding, mark=own_mark(path), changed=changed).strip("\n")


_SCRIPT = """
with open({path!r}, encoding="{encoding}") as file:
    text = file.read()
if hashlib.sha256(text.encode()).hexdigest() != "{mark}":
    raise SystemExit({changed!r})
"""


@lru_cache(maxsize=4)
def _read(path: str, _changed_ns: int, _size: int) -> OwnFile:
    content = Path(path).read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp949") if content.startswith(codecs.BOM_UTF8) else ("utf-8", "cp949")
    first: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            first = first or error
            continue
        if "\0" in text:
            break
        return OwnFile(text.replace("\r\n", "\n").replace("\r", "\n"), encoding)
    if content.startswith(_WORKBOOKS):
        raise DatasetError("own_workbook", file=path)
    if content.startswith(_PICTURES):
        raise DatasetError("own_picture", file=path)
    if content.startswith(b"%PDF"):
        raise DatasetError("own_document", file=path)
    if content.startswith(b"\x1f\x8b"):
        raise DatasetError("own_packed", file=path)
    line = content[: first.start].count(b"\n") + 1 if first is not None else content[: content.index(b"\0")].count(b"\n") + 1
    raise DatasetError("own_no_text", file=path, line=full_count(line))
