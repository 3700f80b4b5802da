"""A run as one zip to send, and such a zip opened again.

The zip holds one folder, named as the run's, with what the run needs to be looked at and to go on. An own file that it has
learned from comes along in `data`, or the files of an own folder (pictures that take part, IDX files), and the experiment in
the zip names it there; what cannot come along is said. Names are in one order and times are left out,
so that the same run is the same zip. Of a zip that is opened only what belongs to a run is unpacked, each file to a name of
ours; one that would reach outside of its folder is refused as a whole, and so is what unpacks to more than `MOST_BYTES`. No
torch.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from engine.data.files_read import files_read
from engine.data.info import DatasetError
from engine.data.own.picture_listing import MOST_FILES
from engine.experiments.experiment import Experiment, ExperimentError, parse, to_toml
from engine.exports.export_problems import ExportError
from engine.fields import edited
from engine.figures import binary_size, full_count
from engine.runs.checkpoints import OLDER, RESUME
from engine.runs.folder import EXPERIMENT, FILES, Run, new_folder
from engine.words import Phrase, printable

DATA = "data"  # the folder of own files in the zip
MOST_BYTES = 4 << 30  # of all files of a zip, unpacked
MOST_ENTRIES = MOST_FILES + len(FILES)
MOST_OWN = 256 << 20  # bytes of an own file, or of all files of a folder, that come along
MOST_PARTS = 4  # of a name below `data`: a folder, and what is in it
_BEGAN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows
_CHUNK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # on some system


def run_zip(run: Run) -> tuple[bytes, tuple[Phrase, ...]]:
    """The zip of a run, and what is not in it. Raises OSError."""
    experiment, own, notes = _with_own_data(run.experiment)
    spare = RESUME if (run.path / RESUME).is_file() else ""  # one checkpoint is enough to go on from
    content, home = io.BytesIO(), _plain(run.path.resolve().name)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(FILES):
            if name == EXPERIMENT:
                _add(file, f"{home}/{name}", to_toml(experiment).encode("utf-8"))
            elif (source := run.path / name).is_file() and not (spare and name == OLDER):
                _add(file, f"{home}/{name}", source.read_bytes())
        for name, source in own.items():
            _add(file, f"{home}/{name}", source.read_bytes())
    return content.getvalue(), notes


def _plain(name: str) -> str:
    """A name that a file may have on every system, and that is not hidden."""
    return _NOT_IN_NAMES.sub("-", name).strip(" .") or "run"


def _with_own_data(experiment: Experiment) -> tuple[Experiment, dict[str, Path], tuple[Phrase, ...]]:
    """The experiment as it stands in the zip, the own files that come along by their names there, and what does not."""
    data, most = experiment.data, binary_size(MOST_OWN)
    try:
        files = files_read(data)
        size = sum(file.stat().st_size for file in files.values())
    except (OSError, DatasetError):
        return experiment, {}, (Phrase("exports", "own_data_stays", {"path": data.path}),)
    if data.path is None or not files:
        return experiment, {}, ()
    if size > MOST_OWN:
        large = {"path": data.path, "size": binary_size(size), "most": most}
        return experiment, {}, (Phrase("exports", "own_data_large", large),)
    # the names of pictures are a part of what was learned from, so none of them can be changed
    if (odd := next((name for name in files if name and not _is_plain(name)), None)) is not None:
        return experiment, {}, (Phrase("exports", "own_data_name", {"path": data.path, "name": printable(odd)}),)
    inside = f"{DATA}/{_plain(Path(data.path).name)}"
    own = {f"{inside}/{name}" if name else inside: file for name, file in files.items()}
    return edited(experiment, data=edited(data, path=inside)), own, ()


def _is_plain(name: str) -> bool:
    """Whether a file may have this name within a folder on every system, and is unpacked then."""
    parts = name.split("/")
    return len(parts) < MOST_PARTS and all(_plain(part) == part for part in parts)


def _add(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _BEGAN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.create_system = 3  # the same on every system
    file.writestr(entry, content)


# opening


def unpack(path: Path, root: Path) -> Path:
    """Unpack the run in the zip at `path` into a new folder in `root`, and return that. Raises ExportError, and OSError where
    `root` cannot be written; then nothing is left of it."""
    try:
        with zipfile.ZipFile(path) as file:
            found = _entries(file, path)
            folder = _folder_in(found, file, path, root)
            try:
                for name, entry in found.items():
                    _write(file, entry, folder / name, path)
            except BaseException:
                _remove(folder, found)
                raise
            return folder
    except _DAMAGED as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError("zip_damaged", file=path, error=error) from None


def _entries(file: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """What is to be unpacked, by its name within the run's folder. Raises ExportError."""
    every = file.infolist()
    if len(every) > MOST_ENTRIES:
        raise ExportError("zip_entries", file=path, count=full_count(len(every)), most=full_count(MOST_ENTRIES))
    for entry in every:
        if _leads_out(entry):
            raise ExportError("zip_leads_out", file=path, name=entry.orig_filename)
    entries = [entry for entry in every if not entry.is_dir()]
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ExportError("zip_too_large", file=path, most=binary_size(MOST_BYTES))
    places = [PurePosixPath(entry.filename) for entry in entries]
    homes = {place.parent for place in places if place.name == EXPERIMENT and place.parts[0] != "__MACOSX"}
    if len(homes) != 1:
        raise ExportError("zip_no_run" if not homes else "zip_many_runs", file=path, name=EXPERIMENT)
    home = homes.pop()
    found: dict[str, zipfile.ZipInfo] = {}
    for place, entry in zip(places, entries, strict=True):
        if not place.is_relative_to(home):
            continue
        name = place.relative_to(home).as_posix()
        if name in FILES or _is_own(place.relative_to(home).parts):
            if name in found:
                raise ExportError("zip_twice", file=path, name=entry.filename)
            found[name] = entry
    return found


def _is_own(parts: tuple[str, ...]) -> bool:
    """Whether it is an own file, or one of an own folder, that has come along."""
    below = parts[1:]
    return parts[0] == DATA and 1 <= len(below) <= MOST_PARTS and not any(part.startswith(".") for part in below)


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is not a plain file below the folder that it is unpacked in, on any system."""
    name = entry.orig_filename.removesuffix("/")
    parts = name.replace("\\", "/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        "\\" in name
        or "\0" in name
        or ":" in name
        or name.startswith("/")
        or any(part in ("", ".", "..") for part in parts)
        or kind not in (0, stat.S_IFREG, stat.S_IFDIR)
        or bool(entry.flag_bits & 1)  # it is encrypted
    )


def _folder_in(found: dict[str, zipfile.ZipInfo], file: zipfile.ZipFile, path: Path, root: Path) -> Path:
    """A new folder for a run whose experiment is one. Raises ExportError."""
    entry = found[EXPERIMENT]
    if entry.file_size > _CHUNK:
        raise ExportError("zip_no_run", file=path, name=EXPERIMENT)
    try:
        experiment = parse(file.read(entry).decode("utf-8-sig"), f"{path}: {entry.filename}")
    except ExperimentError as error:
        raise ExportError("zip_experiment", problem=error.phrase) from None
    except UnicodeDecodeError:
        raise ExportError("zip_no_run", file=path, name=EXPERIMENT) from None
    return new_folder(root, experiment.name)


def _write(file: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, path: Path) -> None:
    """A little at a time, and never more than the zip says that there is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with file.open(entry) as source, target.open("xb") as written:
        while part := source.read(_CHUNK):
            left -= len(part)
            if left < 0:
                raise ExportError("zip_damaged", file=path, error=entry.filename)
            written.write(part)
    if left:
        raise ExportError("zip_damaged", file=path, error=entry.filename)


def _remove(folder: Path, found: dict[str, zipfile.ZipInfo]) -> None:
    """What was unpacked, and nothing else."""
    with suppress(OSError):
        for name in found:
            (folder / name).unlink(missing_ok=True)
        inside = {parent for name in found for parent in PurePosixPath(name).parents if parent.name}
        for parent in sorted(inside, key=lambda parent: len(parent.parts), reverse=True):
            if (folder / parent).exists():
                (folder / parent).rmdir()
        folder.rmdir()
