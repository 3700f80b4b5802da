"""Files are fetched from a server of the test's own: whole, gone on with where the connection broke off, told from others by
their SHA-256. Nothing is asked of the internet."""

from __future__ import annotations

import errno
import gzip
import hashlib
import shutil
import threading
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.datasets import load
from engine.data.idx import fetching
from engine.data.idx.fetching import FetchError, fetch
from engine.data.idx.idx_sets import PUBLISHED, PublishedFile, PublishedSet, fetched_folder
from engine.data.info import Data
from engine.data.sources import describe
from tests.engine.data.idx_files import idx_bytes, made

IMAGES, LABELS = made(100)
CONTENT = {
    "train-images-idx3-ubyte.gz": gzip.compress(idx_bytes(IMAGES), 1, mtime=0),
    "train-labels-idx1-ubyte.gz": gzip.compress(idx_bytes(LABELS), 1, mtime=0),
}
NAMES = tuple(CONTENT)


class Server(ThreadingHTTPServer):
    """Hands out CONTENT under /; what it is to do otherwise stands in its fields."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []  # path, range
        self.content = dict(CONTENT)
        self.cut_after: list[int] = []  # bytes of the next answers, after which the connection ends
        self.ranges = True
        self.status: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append((self.path, wanted))
        if server.status is not None:
            self.send_error(server.status)
            return
        content = server.content[self.path.removeprefix("/")]
        begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and server.ranges else 0
        if begin >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        end = begin + server.cut_after.pop(0) if server.cut_after else len(content)
        self.wfile.write(content[begin:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE_S", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made_here = Server()
    thread = threading.Thread(target=made_here.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made_here
    made_here.shutdown()
    thread.join()
    made_here.server_close()


def published(*addresses: str, content: dict[str, bytes] = CONTENT) -> PublishedSet:
    files = tuple(PublishedFile(name, len(part), hashlib.sha256(part).hexdigest()) for name, part in content.items())
    return PublishedSet(addresses, "none", files)


def is_whole(folder: Path) -> bool:
    return {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT


def test_files_come_whole_with_progress_and_only_once(server, tmp_path):
    told = []
    fetch(published(server.address), tmp_path / "new" / "mnist", told.append)
    assert is_whole(tmp_path / "new" / "mnist")
    shares = [found.done for found in told]
    assert shares == sorted(shares) and shares[-1] == told[0].total == sum(map(len, CONTENT.values()))
    assert {found.file for found in told} == set(NAMES)
    server.asked.clear()
    fetch(published(server.address), tmp_path / "new" / "mnist")
    assert server.asked == [], "what is there is not fetched again"


def test_what_broke_off_is_gone_on_with(server, tmp_path):
    server.cut_after = [20_000, 30_000]
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path)
    assert [wanted for path, wanted in server.asked if path.endswith(NAMES[0])] == [None, "bytes=20000-", "bytes=50000-"]


def test_a_server_that_always_breaks_off_is_given_up_and_what_came_is_kept(server, tmp_path):
    server.cut_after = [10_000] * 3
    with pytest.raises(FetchError, match="broke off") as broken:
        fetch(published(server.address), tmp_path)
    assert "29.3 KiB of it are kept" in str(broken.value)
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAMES[0]}.part"]
    server.asked.clear()
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path) and server.asked[0][1] == "bytes=30000-"


def test_a_server_without_ranges_begins_anew(server, tmp_path):
    server.ranges = False
    server.cut_after = [20_000]
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path)


def test_another_file_is_thrown_away_and_another_address_asked(server, tmp_path):
    good = published(server.address)
    server.content[NAMES[0]] = bytes(reversed(CONTENT[NAMES[0]]))
    with pytest.raises(FetchError, match="is not the published file") as other:
        fetch(good, tmp_path)
    assert hashlib.sha256(CONTENT[NAMES[0]]).hexdigest()[:12] in str(other.value)
    assert list(tmp_path.iterdir()) == []
    second = Server()
    thread = threading.Thread(target=second.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        fetch(published(server.address, second.address), tmp_path)
    finally:
        second.shutdown()
        thread.join()
        second.server_close()
    assert is_whole(tmp_path)


@pytest.mark.parametrize("length", [-1, 5])
def test_a_file_of_another_length_is_another_file(server, tmp_path, length):
    whole = CONTENT[NAMES[0]]
    server.content[NAMES[0]] = whole[:length] if length < 0 else b"x" * length + whole[:-length]
    with pytest.raises(FetchError):
        fetch(published(server.address), tmp_path)
    assert not (tmp_path / NAMES[0]).exists()


def test_the_right_sum_of_the_wrong_thing_is_no_data_set(server, tmp_path):
    content = {name: gzip.compress(b"this is no idx file at all", mtime=0) for name in NAMES}
    server.content = content
    with pytest.raises(Exception, match="as no IDX file does"):
        fetch(published(server.address, content=content), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_too_long_or_of_another_file_is_no_hindrance(server, tmp_path):
    part = tmp_path / f"{NAMES[0]}.part"
    part.write_bytes(b"x" * (len(CONTENT[NAMES[0]]) + 1))
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path)
    (tmp_path / NAMES[0]).unlink()
    part.write_bytes(b"x" * 1000)  # is gone on with, and found out by its sum
    with pytest.raises(FetchError, match="is not the published file"):
        fetch(published(server.address), tmp_path)
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path)


def test_a_refusal_and_a_missing_server_are_named(server, tmp_path):
    server.status = 404
    with pytest.raises(FetchError, match=r"does not hand out train-images-idx3-ubyte\.gz \(HTTP 404\)"):
        fetch(published(server.address), tmp_path)
    assert len(server.asked) == 1, "it is not asked again for what it does not have"
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:1 cannot be reached .* online"):
        fetch(published("http://127.0.0.1:1/"), tmp_path)


def test_no_room_is_said_before_a_byte_comes(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(FetchError, match="1,000 B are free"):
        fetch(published(server.address), tmp_path)
    assert server.asked == []


def test_a_disk_that_fills_up_keeps_what_has_come(server, tmp_path, monkeypatch):
    real = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, block):
            if self.file.tell() > 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return self.file.write(block)

    def opened(path, mode="r", *arguments, **named):
        file = real(path, mode, *arguments, **named)
        return Full(file) if path.name.endswith(".part") and mode in ("ab", "wb") else file

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", opened)
        with pytest.raises(FetchError, match="is full"):
            fetch(published(server.address), tmp_path)
    assert (tmp_path / f"{NAMES[0]}.part").stat().st_size == fetching.BLOCK
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path)


def test_it_stops_when_it_is_told_and_goes_on_later(server, tmp_path):
    calls = []

    def stopped() -> bool:
        calls.append(1)
        return len(calls) > 1

    with pytest.raises(FetchError, match="stopped"):
        fetch(published(server.address), tmp_path, stopped=stopped)
    kept = (tmp_path / f"{NAMES[0]}.part").stat().st_size
    assert 0 < kept < len(CONTENT[NAMES[0]])
    fetch(published(server.address), tmp_path)
    assert is_whole(tmp_path) and (f"/{NAMES[0]}", f"bytes={kept}-") in server.asked


def test_a_folder_that_cannot_be_written_to_is_named(server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchError, match="cannot be written to"):
        fetch(published(server.address), tmp_path / "file" / "mnist")


def test_the_command_fetches_and_the_data_set_is_there(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(PUBLISHED, "mnist", published(server.address))
    assert main(["fetch", "mnist"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("mnist: 2 files, ") and "127.0.0.1" in told.out and str(fetched_folder("mnist")) in told.out
    assert "100.0%" in told.err
    assert describe(Data(name="mnist")).samples == 100
    assert load(Data(name="mnist"), seed=0).x_train.shape == (80, 1, 28, 28)
    assert main(["fetch", "mnist", "--json"]) == 0
    assert '"data": "mnist"' in capsys.readouterr().out


def test_the_command_fails_in_a_sentence(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(PUBLISHED, "mnist", published("http://127.0.0.1:1/"))
    assert main(["fetch", "mnist"]) == 1
    assert "cannot be reached" in capsys.readouterr().err
    assert main(["fetch", "cifar"]) == 2
