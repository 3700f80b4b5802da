"""Tables of word vectors as word2vec and GloVe write them, and what is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.sequences.reading import word_table
from engine.sequences.reading.word_table import WordTableError, read_word_table
from engine.words import LANGUAGES, table


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "vectors.txt"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_gloves_text(tmp_path: Path) -> None:
    found = read_word_table(written(tmp_path, "the 0.418 0.24968 -0.41242\n, 1e-2 -2 3\n고양이 0 0.5 1\n"))
    assert found.words == ("the", ",", "고양이")
    np.testing.assert_array_equal(found.table, np.float32([[0.418, 0.24968, -0.41242], [0.01, -2, 3], [0, 0.5, 1]]))
    assert found.left_out == 0


def test_word2vecs_text_has_a_header(tmp_path: Path) -> None:
    found = read_word_table(written(tmp_path, "2 3\n</s> 1 2 3 \nking 4 5 6 \n"))
    assert found.words == ("</s>", "king") and found.table.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("content", "words", "width"),
    [
        ("\ufeffa 1 2\r\nb 3 4\r\n", ("a", "b"), 2),
        ("a\t1\t2\n\n\nb  3   4", ("a", "b"), 2),
        ("7 2\n8 2\n", ("7", "8"), 1),  # a word and a number, no header: two dimensions would need three parts
        ("2 1\n8 2\n9 3\n", ("8", "9"), 1),  # the header of a table of two words and one dimension
        ("a 1 2\n. . . 3 4\nat name@x 5 6\n", ("a", ". . .", "at name@x"), 2),  # GloVe has words with spaces
        ("1 2 3\n2 4 5\n", ("1", "2"), 2),
        ("only 1", ("only",), 1),
    ],
)
def test_what_is_met(content: str, words: tuple[str, ...], width: int, tmp_path: Path) -> None:
    found = read_word_table(written(tmp_path, content))
    assert found.words == words and found.table.shape == (len(words), width)


def test_a_word_twice_keeps_its_first_vector(tmp_path: Path) -> None:
    found = read_word_table(written(tmp_path, "a 1\nb 2\na 3\n"))
    assert found.words == ("a", "b") and found.table.tolist() == [[1], [2]] and found.left_out == 1


def test_a_large_table_is_read_as_far_as_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "MOST_WORDS", 10)
    found = read_word_table(written(tmp_path, "\n".join(f"word{number} {number} 1" for number in range(25))))
    assert len(found.words) == 10 and found.left_out == 15
    monkeypatch.setattr(word_table, "MOST_NUMBERS", 8)
    assert len(read_word_table(tmp_path / "vectors.txt").words) == 4


@pytest.mark.parametrize(
    ("content", "code", "values"),
    [
        ("", "empty", {}),
        ("\n \n", "empty", {}),
        ("400000 50\n", "empty", {}),
        ("word\nother\n", "no_numbers", {"line": 1}),
        ("a 1 2\nb 3\n", "other_length", {"line": 2, "has": 1, "needs": 2}),
        ("a 1 2\nb 3 4 x 5\n", "other_length", {"line": 2, "has": 4, "needs": 2}),
        ("a 1 2\nb 3 x\n", "no_number", {"line": 2, "text": "x"}),
        ("a 1 nan\n", "missing", {"line": 1, "word": "a", "text": "nan"}),
        ("a 1 2\n새 말 NA 3\n", "missing", {"line": 2, "word": "새 말", "text": "NA"}),
        ("a 1 2\nb ? 3\n", "missing", {"line": 2, "word": "b", "text": "?"}),
        ("a 1 2\nb 3 결측\n", "missing", {"line": 2, "word": "b"}),
        ("king,0.1,0.2\nqueen,0.3,0.4\n", "separated", {"line": 1, "sign": ","}),
        ("king;0.1;0.2\n", "separated", {"line": 1, "sign": ";"}),
        ("king, 0.1, 0.2\n", "separated", {"line": 1, "sign": ","}),
        ("word x1 x2\na 1 2\n", "no_number", {"line": 1, "text": "x1"}),
        ("a,b\n", "no_numbers", {"line": 1}),
        ("a 1 1_0\n", "no_number", {"line": 1, "text": "1_0"}),
        ("a 1 1e300\n", "no_number", {"line": 1, "text": "1e300"}),
        ("a 1 2\n" + "b 1 " + "9" * 400 + "\n", "no_number", {"line": 2}),
        ("가 1 2".encode("cp949") + b"\n", "not_utf8", {"line": 1}),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "not_utf8", {"line": 1}),
        (b"a 1 2\n\x00\x00\x01\n", "not_text", {}),
    ],
)
def test_what_is_no_table_is_refused(content: str | bytes, code: str, values: dict[str, object], tmp_path: Path) -> None:
    file = written(tmp_path, content)
    with pytest.raises(WordTableError) as raised:
        read_word_table(file)
    assert raised.value.code == code
    assert raised.value.phrase.values.items() >= values.items()
    for language in LANGUAGES:
        said = raised.value.message(language)
        assert str(file) in said and "{" not in said and len(said) < 500


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "folder"), (tmp_path / "none.txt", "not_there"), ("a\0b", "not_there")):
        with pytest.raises(WordTableError) as raised:
            read_word_table(path)
        assert raised.value.code == code


def test_every_code_has_words() -> None:
    source = Path(word_table.__file__).read_text("utf-8")
    words = table("word_tables")
    assert all(f'"{code}"' in source for code in words)
    assert all(set(entry) == set(LANGUAGES) for entry in words.values())
