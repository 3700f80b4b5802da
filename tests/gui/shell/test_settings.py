from __future__ import annotations

import json
from pathlib import Path

import pytest

from gui.shell import settings
from gui.shell.settings import Settings


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    kept = Settings(language="ko", theme="dark", lab="training", size=(1024, 700), labs={"training": {"a": 1}})
    settings.save(kept, file)
    assert settings.load(file) == (kept, None)


def test_a_first_start_has_no_file(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "none.json") == (Settings(), None)


DEEP = [b'{"labs": {"training": ' + b"[" * depth + b"]" * depth + b"}}" for depth in (250, 900, 100_000)]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"size": [10, 10]}', b'{"theme": "pink"}', b'{"labs": 3}', b"null", *DEEP],
)
def test_a_broken_file_is_set_aside_whole(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    loaded, aside = settings.load(file)
    assert loaded == Settings()
    assert aside is not None and aside != file
    assert aside.read_bytes() == content
    assert not file.exists()


def test_unknown_keys_of_a_newer_version_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"theme": "dark", "from_the_future": 1}), "utf-8")
    loaded, aside = settings.load(file)
    assert loaded.theme == "dark" and aside is None
