"""Which files data are read from, so that all of them can be taken along. Called by what puts a run into a zip."""

from __future__ import annotations

from pathlib import Path

from engine.data.idx.idx_sets import AXES, PUBLISHED, file_in
from engine.data.info import Data, DatasetError
from engine.data.own.picture_folder import scan


def files_read(data: Data) -> dict[str, Path]:
    """The files at the path of `data`, by their names within it, with / between the parts; a single file has the name "".
    Pictures that take no part are none of them. Raises DatasetError where there is nothing that can be read."""
    if data.path is None:
        return {}
    path = Path(data.path)
    try:
        if data.name == "folder":
            return {picture.file.name: path / picture.file.name for picture in scan(data.path, afresh=True).pictures}
        if data.name in PUBLISHED:
            found = [file for part in AXES if (file := file_in(path, part)) is not None]
            return {file.relative_to(path).as_posix(): file for file in found}
        if not path.is_file():
            raise DatasetError("own_missing", file=path)
    except OSError as error:
        raise DatasetError("own_unreadable", file=path, error=error.strerror or error) from None
    return {"": path}
