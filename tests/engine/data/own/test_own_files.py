"""Texts and tables that users have: every dialect is read to the same numbers, and what makes no sense is refused in words."""

import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.assets import asset
from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.own.own_file import own_file
from engine.data.own.series_file import number, read_series
from engine.data.sources import describe, found_at, found_for
from engine.experiments.experiment import Experiment, parse, read, to_toml, write
from engine.fields import edited

VALUES = (1.5, -2.25, 1234.5, 0.125, 7.0, 8.5, -3.0, 4.75)


@pytest.fixture
def kept(tmp_path):
    """Writes a file and gives its path."""

    def keep(content, name="own.txt"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return str(file)

    return keep


def refusal(data):
    """Why these data cannot be had, in English; it is said in Korean too, by `describe` as by `load`."""
    with pytest.raises(DatasetError) as caught:
        describe(data)
    with pytest.raises(DatasetError):
        load(data, seed=0)
    korean = caught.value.message("ko")
    assert any("가" <= letter <= "힣" for letter in korean)
    assert "{" not in korean + str(caught.value)
    return str(caught.value)


# --- texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_the_same_in_every_encoding(kept, encoding, end):
    text = "가는 말이 고와야\n오는 말이 곱다.\n"
    path = kept(text.replace("\n", end).encode(encoding))
    info = describe(Data(name="text", path=path, length=4))
    assert info.classes == tuple(sorted(set(text)))
    dataset = load(Data(name="text", path=path, length=4), seed=0)
    together = "".join(info.classes[token] for token in torch.cat([dataset.x_train, dataset.x_validation]).flatten())
    assert together == text[: len(together)]
    assert len(together) == (len(text) - 1) // 4 * 4


def test_the_end_of_a_text_validates(kept):
    text = "".join(chr(ord("가") + number) for number in range(101))
    dataset = load(Data(name="text", path=kept(text), length=10), seed=0)
    assert (dataset.x_train.shape, dataset.x_validation.shape) == ((8, 10), (2, 10))
    assert dataset.x_train.flatten().tolist() == list(range(80))
    assert dataset.x_validation.flatten().tolist() == list(range(80, 100))
    assert dataset.y_validation.flatten().tolist() == list(range(81, 101))


def test_a_fold_of_a_text_stands_together(kept):
    path = kept("".join(chr(ord("a") + number % 26) for number in range(111)))
    parts = [load(Data(name="text", path=path, length=10, folds=3, fold=fold), seed=0) for fold in (1, 2, 3)]
    assert [len(part.x_validation) for part in parts] == [4, 4, 3]
    whole = torch.tensor([[(10 * row + column) % 26 for column in range(10)] for row in range(11)])
    assert torch.equal(torch.cat([part.x_validation for part in parts]), whole)


def test_mixed_scripts_and_signs_of_several_parts_are_characters(kept):
    text = "한글 漢字 кириллица עברית 🙂 é" * 3
    info = describe(Data(name="text", path=kept(unicodedata.normalize("NFD", text)), length=5))
    assert set(info.classes) == set(unicodedata.normalize("NFC", text))
    assert "한" in info.classes
    assert info.outputs == len(info.classes)


@pytest.mark.parametrize(
    ("content", "length", "said"),
    [
        ("", None, "is empty; expected a text"),
        (" \n\n", None, "is empty; expected a text"),
        ("가", None, "1 times the same character"),
        ("ㅋ" * 50, None, "50 times the same character, so there is nothing to predict"),
        ("가나", None, "2 characters, too few for pieces of 1; expected at least 3"),
        ("가나다라마", 3, "5 characters, which make no two pieces of 3; at most 2 fit"),
        (b"\xff\xfe\x00\xd8\x00\x00", None, "is no text"),
        (b"abc\n\x00\x01\x02\n", None, "line 2: this is no text"),
        (b"abc\nd\xff\xff", None, "line 2: this is no text in UTF-8, UTF-16 or CP949"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 20_001))), None, "20,001 different characters, at most 20,000"),
    ],
)
def test_texts_that_make_no_sense_are_refused(kept, content, length, said):
    assert said in refusal(Data(name="text", path=kept(content), length=length))


def test_the_shortest_text_makes_two_pieces(kept):
    dataset = load(Data(name="text", path=kept("가나다")), seed=0)
    assert (dataset.x_train.tolist(), dataset.y_train.tolist()) == ([[0]], [[1]])
    assert (dataset.x_validation.tolist(), dataset.y_validation.tolist()) == ([[1]], [[2]])


def test_five_thousand_steps_of_a_text(kept):
    dataset = load(Data(name="text", path=kept("가나다라 " * 3000), length=5000), seed=0)
    assert dataset.x_train.shape == (1, 5000)
    assert "2 pieces of 5,000 characters, 3 were asked for" in refusal(
        Data(name="text", path=kept("가나다라 " * 3000), length=5000, samples=3)
    )


def test_the_poems_that_come_along():
    info = describe(Data(name="text"))
    text = asset("data", "poems.txt").read_text("utf-8")
    assert info.classes == tuple(sorted(set(text)))
    assert text == unicodedata.normalize("NFC", text)
    assert "나 보기가 역겨워" in text and '"""' not in text and "\\" not in text  # it stands in the exported script


# --- where the file is


def test_files_that_cannot_be_had_are_named(kept, tmp_path):
    missing = str(tmp_path / "gone.txt")
    assert f"{missing} is not there" in refusal(Data(name="text", path=missing))
    assert "is no file" in refusal(Data(name="text", path=str(tmp_path)))
    assert "begins in no folder" in refusal(Data(name="text", path="own.txt"))
    assert "lies on another computer" in refusal(Data(name="text", path="//server/share/own.txt"))
    assert "lies on another computer" in refusal(Data(name="series", path=r"\\server\share\own.csv"))
    assert "is not there" in refusal(Data(name="text", path=str(tmp_path / "a\0b")))
    assert "has 16 MiB, at most 16 MiB are read" in refusal(Data(name="text", path=kept(b"a" * (2**24 + 1))))


def test_a_file_is_read_again_when_it_has_changed(kept):
    path = kept("가나다라마바사")
    assert describe(Data(name="text", path=path)).outputs == 7
    first = own_file(path)
    assert own_file(path) is first
    kept("abcabcabc")
    os.utime(path, ns=(1, 1))
    assert describe(Data(name="text", path=path)).classes == ("a", "b", "c")


def test_an_own_file_is_relative_to_the_experiments(kept, tmp_path):
    path = kept("가나다라마바사")
    experiment = Experiment(data=Data(name="text", path=path))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write(experiment, tmp_path / "one.toml")
    write(experiment, folder / "two.toml")
    assert 'path = "own.txt"' in (tmp_path / "one.toml").read_text("utf-8")
    assert read(tmp_path / "one.toml") == read(folder / "two.toml") == experiment
    (folder / "three.toml").write_text('[data]\nname = "text"\npath = "../own.txt"\n', "utf-8")
    assert read(folder / "three.toml").data.path == path
    assert parse(to_toml(experiment)) == experiment
    assert (
        parse('[data]\nname = "text"\npath = "//server/own.txt"\n').data.path == "//server/own.txt"
    )  # refused when it is read


# --- tables


def table(separator=",", decimal=".", header=True, dates=True, quoted=False):
    rows = [["날짜", "값", "메모"]] if header else []
    for day, value in enumerate(VALUES, 1):
        text = f"{value}".replace(".", decimal)
        rows.append([f"2024-01-{day:02}", f'"{text}"' if quoted else text, "ㄱ"])
    rows = rows if dates else [row[1:2] for row in rows]
    return "\n".join(separator.join(row) for row in rows) + "\n"


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(
    ("separator", "decimal"),
    [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", "."), ("  ", "."), ("  ", ",")],
)
def test_a_column_is_found_in_every_dialect(separator, decimal, header):
    found = read_series(table(separator, decimal, header), "own.csv", None)
    assert found.values == VALUES
    assert found.name == ("값" if header else "2")
    assert (found.decimal, found.notes) == (decimal, ())


@pytest.mark.parametrize(("decimal", "header"), [(".", True), (".", False), (",", True)])
def test_a_single_column_needs_no_separator(decimal, header):
    assert read_series(table(",", decimal, header, dates=False), "own.csv", None).values == VALUES


@pytest.mark.parametrize(("decimal", "header"), [(".", True), (".", False), (",", True), (",", False)])
def test_a_single_column_may_stand_in_quotation_marks(decimal, header):
    rows = ["value"] * header + [str(value).replace(".", decimal) for value in VALUES]
    found = read_series("\n".join(f'"{row}"' for row in rows), "own.csv", None)
    assert (found.name, found.values) == ("value" if header else "1", VALUES)


def test_a_nought_after_the_comma_tells_decimals_without_a_header():
    assert read_series("10,67\n12,05\n11,31\n", "own.csv", None).values == (10.67, 12.05, 11.31)
    assert read_series("10,67\n12,50\n11,31\n", "own.csv", None).values == (10, 12, 11), "nothing tells: two columns"
    assert read_series("1,0\n5,0\n2,7\n", "own.csv", "2").values == (0, 0, 7)


def test_a_decimal_comma_may_stand_in_quotation_marks():
    assert read_series(table(",", ",", quoted=True), "own.csv", None).values == VALUES


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1,234,567.5", ".", 1234567.5), ("1.234.567,5", ",", 1234567.5), ("1 234,5", ",", 1234.5), ("\u22123", ".", -3.0),
        (" +.5 ", ".", 0.5), ("5.", ".", 5.0), ("1e-3", ".", 0.001), ("1,5e2", ",", 150.0), ("1\u00a0234", ".", 1234.0),
        ("12,34", ".", None), ("1.23.4", ",", None), ("3 kg", ".", None), ("", ".", None), (".", ".", None),
        ("1e999", ".", None),        ("inf", ".", None), ("0x10", ".", None), ("1_000", ".", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(cell, decimal, value):
    assert number(cell, decimal) == value


def test_thousands_that_could_be_decimals_are_said():
    found = read_series('day,sold\na,"1,234"\nb,"2,000"\nc,"3,500"\n', "own.csv", None)
    assert found.values == (1234.0, 2000.0, 3500.0)
    assert [note.say("en") for note in found.notes] == ["1,234 could be two numbers; it is read as 1234."]
    found = read_series("day;sold\na;1,234\nb;2,000\nc;3,500\n", "own.csv", None)
    assert found.values == (1.234, 2.0, 3.5)
    assert "1.234" in found.notes[0].say("ko")


@pytest.mark.parametrize("gap", ["", "-", "NA", "?", "결측", "NaN", "null", "N/A", "."])
def test_gaps_are_filled_along_a_line_and_said(kept, gap):
    path = kept(
        f"year,value\n1990,{gap}\n1991,1\n1992,2\n1993,{gap}\n1994,{gap}\n1995,5\n1996,3\n1997,4\n1998,{gap}\n", "own.csv"
    )
    data = Data(name="series", path=path, validation=0.3, length=1)
    info = describe(data)
    assert [note.say("en") for note in info.notes] == [
        "2 of 7 values in column value were missing; a straight line stands in for them."
    ]
    assert "직선" in info.notes[0].say("ko")
    dataset = load(data, seed=0)
    known = np.array([1, 2, 3, 4, 5, 3, 4], float)  # 7 values, of which round(2.1) = 2 validate
    expected = (known - known[:5].mean()) / known[:5].std()
    assert dataset.x_train.flatten().numpy() == pytest.approx(expected[:4], abs=1e-6)
    assert dataset.y_train.flatten().numpy() == pytest.approx(expected[1:5], abs=1e-6)
    assert dataset.y_validation.flatten().numpy() == pytest.approx(expected[5:], abs=1e-6)


def test_a_gap_where_validation_begins_tells_nothing_of_what_comes(kept):
    path = kept("value\n0\n2\n4\n-\n-\n8\n6\n", "own.csv")  # 7 values: 4 train, 3 validate
    dataset = load(Data(name="series", path=path, validation=0.4, length=1), seed=0)
    trained = np.array([0, 2, 4, 4], float)
    expected = (np.array([0, 2, 4, 4, 6, 8, 6]) - trained.mean()) / trained.std()
    assert dataset.y_train.flatten().numpy() == pytest.approx(expected[1:4], abs=1e-6)
    assert dataset.y_validation.flatten().numpy() == pytest.approx(expected[4:], abs=1e-6)
    scale = describe(Data(name="series", path=path, validation=0.4, length=1)).scale
    assert (scale.mean, scale.deviation) == pytest.approx((trained.mean(), trained.std()))


def test_the_newest_row_first_is_turned_round():
    found = read_series("일자,종가,거래량\n2024.01.03,30,7\n2024.01.02,20,8\n2024.01.01,10,9\n", "own.csv", None)
    assert (found.name, found.values, found.newest_first) == ("종가", (10, 20, 30), True)
    assert "oldest" in found.notes[0].say("en")
    falling = read_series("일자,종가\n2024.01.01,3000.5\n2024.01.02,2999.5\n2024.01.03,2000.5\n", "own.csv", None)
    assert falling.values == (3000.5, 2999.5, 2000.5), "values that fall are no dates"


@pytest.mark.parametrize(
    "days",
    [
        ("03.01.2024", "15.12.2023", "14.12.2023"),
        ("01/03/2024", "12/15/2023", "12/14/2023"),
        ("3/1/2024", "2/1/2024", "1/1/2024"),
    ],
)
def test_the_newest_row_first_is_seen_where_the_year_is_last(days):
    rows = [f"{day};{value}" for day, value in zip(days, (5, 7, 6), strict=True)]
    found = read_series("\n".join(["day;value", *rows]), "own.csv", None)
    assert (found.values, found.newest_first) == ((6, 7, 5), True)
    found = read_series("\n".join(["day;value", *reversed(rows)]), "own.csv", None)
    assert (found.values, found.newest_first) == ((6, 7, 5), False)


def test_a_date_that_is_read_as_the_series_is_said():
    found = read_series("day,rise\n1,5.5 kg\n2,6.5 kg\n3,5.0 kg\n", "own.csv", None)
    assert found.values == (1, 2, 3)
    assert [note.say("en") for note in found.notes] == [
        "No other column is of numbers only, so column day is read, which seems to say when."
    ]
    assert "(day)" in found.notes[0].say("ko")
    for text in ("1\n2\n3\n", "day,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n", "a,b\n1,7\n2,8\n3,9\n"):
        assert read_series(text, "own.csv", None).notes == (), text


@pytest.mark.parametrize(
    "dates",
    [
        ("2024-01-01", "2024-01-02", "2024-01-04"),
        ("1990", "1991", "1992"),
        ("20231230", "20231231", "20240101"),
        ("1", "2", "3"),
    ],
)
def test_a_column_that_says_when_is_passed_over(dates):
    rows = [f"{date},{value}" for date, value in zip(dates, (5, 7, 6), strict=True)]
    assert read_series("\n".join(["when,what", *rows]), "own.csv", None).name == "what"
    assert read_series("\n".join(rows), "own.csv", None).name == "2"


def test_a_series_that_counts_on_is_taken_where_there_is_no_other():
    assert read_series("n\n1\n2\n3\n", "own.csv", None).values == (1, 2, 3)


def test_titles_comments_and_empty_lines_are_passed_over():
    text = "# made by hand\n기상 자료\n\n날짜,기온\n2024-01-01,1.5\n2024-01-02,2.5\n\n2024-01-03,0.5\n"
    found = read_series(text, "own.csv", None)
    assert (found.name, found.values, found.skipped) == ("기온", (1.5, 2.5, 0.5), 2)


@pytest.mark.parametrize("first", ["sep={s}\n", '"sep={s}"\n', "매출 2024{s}\n", "sep={s}\n매출{s}\n{s}\n"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_excel_writes_above_a_series_is_passed_over(first, separator):
    rows = "날짜{s}매출\n" + "".join(f"2024-01-{n + 1:02}{{s}}{n * n % 17},5\n" for n in range(20))
    found = read_series((first + rows).format(s=separator), "own.csv", None)
    assert (found.name, found.separator, found.decimal) == ("매출", separator, ",")
    assert found.values == tuple(n * n % 17 + 0.5 for n in range(20))


@pytest.mark.parametrize(("column", "name"), [("b", "b"), ("B", "b"), ("2", "b"), (" a ", "a"), ("3", "c")])
def test_a_column_is_chosen_by_name_or_number(column, name):
    text = "a,b,c\n1,4,8\n5,2,9\n3,6,7\n"
    assert read_series(text, "own.csv", column).name == name


@pytest.mark.parametrize(
    ("content", "data", "said"),
    [
        ("", {}, "is empty; expected a table"),
        ("\n# nothing\n", {}, "is empty; expected a table"),
        ("a,b\nx,y\nz,w\n", {}, "has no column of numbers; its columns: 1, 2"),
        ("a,b\n1,4\n5,2\n", {"column": "d"}, "has no column d; its columns: a, b"),
        ("a,b\n1,4\n5,2\n", {"column": "3"}, "has no column 3"),
        ("a\n1\n2\noops\n4\n5\n", {}, "line 4, column a: oops is no number"),
        ("a,b\n1,x\n2,y\n3,z\n", {"column": "b"}, "line 2, column b: x is no number"),
        ("a,b\n1,\n2,\n3,NA\n", {"column": "b"}, "has only gaps in column b"),
        ("a,b\n1,1\n2,\n3,\n4,\n5,\n6,2\n", {"column": "b"}, "4 of 6 values are missing; at most half can be filled"),
        ("a\n5\n5\n5\n5\n5\n", {}, "all 4 training values are 5; expected values that change"),
        ("a\n5\n6\n", {}, "2 values, 1 to train and 1 to validate; expected at least 3"),
        ("a\n5\n6\n8\n9\n7\n3\n1\n2\n4\n0\n", {"length": 3}, "too few for sequences of 3; at most 2 fit"),
        ("a\n5\n6\n8\n9\n7\n3\n1\n2\n4\n0\n", {"length": 5000}, "at most 2 fit"),
        ("a\n5\n6\n8\n9\n7\n3\n1\n2\n4\n0\n", {"length": 2, "samples": 9}, "6 can train, 1 can validate"),
        ('a,b\n1,"x\n2,y\n3,4\n', {}, "in quotation marks that go on over several lines"),
        ("a,b\n1," + "x" * 140_000 + "\n2,3\n", {}, "is no table (field larger than field limit"),
    ],
)  # fmt: skip
def test_tables_that_make_no_sense_are_refused(kept, content, data, said):
    assert said in refusal(Data(name="series", path=kept(content, "own.csv"), **data))


def test_what_trains_comes_before_what_validates(kept):
    values = np.random.default_rng(0).normal(50, 10, 100).round(3)
    path = kept("value\n" + "\n".join(map(str, values)), "own.csv")
    dataset = load(Data(name="series", path=path, length=8), seed=0)
    scaled = ((values - values[:80].mean()) / values[:80].std()).astype(np.float32)
    assert (len(dataset.x_train), len(dataset.x_validation)) == (72, 13)
    for at, (x, y) in enumerate(zip(dataset.x_train, dataset.y_train, strict=True)):
        assert np.array_equal(x[:, 0], scaled[at : at + 8])
        assert np.array_equal(y[:, 0], scaled[at + 1 : at + 9])
    for at, (x, y) in enumerate(zip(dataset.x_validation, dataset.y_validation, strict=True)):
        assert np.array_equal(x[:, 0], scaled[79 + at : 87 + at])
        assert np.array_equal(y[:, 0], scaled[80 + at : 88 + at]), "all targets are of the last part"
    scale = describe(Data(name="series", path=path, length=8)).scale
    assert (scale.name, scale.training) == ("value", 80)
    assert (scale.mean, scale.deviation) == pytest.approx((values[:80].mean(), values[:80].std()), rel=1e-12)


def test_fewer_windows_are_evenly_spread(kept):
    path = kept("\n".join(map(str, np.arange(100) ** 2)), "own.csv")
    dataset = load(Data(name="series", path=path, length=8, samples=20), seed=0)
    every = load(Data(name="series", path=path, length=8), seed=0)
    starts = [next(i for i, whole in enumerate(every.x_train) if torch.equal(part, whole)) for part in dataset.x_train]
    assert starts == [number * 72 // 16 for number in range(16)]
    assert len(dataset.x_validation) == 4


def test_the_sunspots_that_come_along():
    """Counted and averaged by hand: 309 years from 1700 on, the mean that statsmodels states for them."""
    found = read_series(asset("data", "sunspots.csv").read_text("utf-8"), "sunspots.csv", None)
    assert (len(found.values), found.name, found.notes) == (309, "sunspots", ())
    assert np.mean(found.values) == pytest.approx(49.752104, abs=1e-6)
    assert (min(found.values), max(found.values), found.values[257]) == (0, 190.2, 190.2)  # 1957


@pytest.mark.parametrize(
    ("data", "content", "en", "ko"),
    [
        (
            {"name": "text"},
            "가나 다\n가나".encode("cp949"),
            "Read as CP949: 7 characters, 5 of them different",
            "CP949 글로 읽음: 7자, 서로 다른 글자 5개",
        ),
        (
            {"name": "text"},
            "\ufeffabcabc".encode(),
            "Read as UTF-8: 6 characters, 3 of them different",
            "UTF-8 글로 읽음: 6자, 서로 다른 글자 3개",
        ),
        (
            {"name": "series"},
            ("날짜;종가\n" + "\n".join(f"2024-01-{day:02};{day * day % 7},5" for day in range(1, 31))).encode("cp949"),
            "Read as CP949, columns between semicolons, with names, decimal comma; column 종가: 30 values",
            "CP949, 세미콜론(;)으로 나뉜 열, 열 이름 있음, 소수점 쉼표(,). 읽은 열: 종가, 값 30개",
        ),
        (
            {"name": "series", "column": "3"},
            "\n".join(f"{day}\t{day * day % 7}\t{day * day % 5}.5" for day in range(1, 31)).encode(),
            "Read as UTF-8, columns between tabs, without names, decimal point; column 3: 30 values",
            "UTF-8, 탭으로 나뉜 열, 열 이름 없음, 소수점(.). 읽은 열: 3, 값 30개",
        ),
        (
            {"name": "series"},
            "\n".join(f"{day * day % 7}.5" for day in range(1, 31)).encode("utf-16"),
            "Read as UTF-16, one column, without names, decimal point; column 1: 30 values",
            "UTF-16, 열 하나, 열 이름 없음, 소수점(.). 읽은 열: 1, 값 30개",
        ),
    ],
)
def test_as_what_an_own_file_is_read_is_said(kept, data, content, en, ko):
    reading = describe(Data(path=kept(content), **data)).reading
    assert (reading.say("en"), reading.say("ko")) == (en, ko)


def test_what_comes_along_needs_no_word_about_its_reading():
    assert describe(Data(name="text")).reading is describe(Data(name="series")).reading is None


def test_own_data_are_described_without_torch_or_numpy(kept):
    import subprocess
    import sys

    text, series = kept("가나다라마바사"), kept(table(), "own.csv")
    code = (
        "import sys; from engine.data.info import Data; from engine.data.sources import describe\n"
        f"describe(Data(name='text', path={text!r})); describe(Data(name='series', path={series!r}))\n"
        "print([name for name in ('torch', 'sklearn', 'numpy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_options_of_own_data_change_one_thing():
    data = Data(name="series", length=12)
    assert edited(data, column="sunspots").column == "sunspots"
    assert describe(data).length == 12
    assert describe(Data(name="series", column="1")).scale.name == "year"


# --- what is found


def test_what_is_found_in_a_series(kept):
    path = kept(table(";", ","), "own.csv")
    found = found_for(Data(name="series", path=path))
    assert [(column.name, column.kind, column.role) for column in found.columns] == [
        ("날짜", "date", "unused"),
        ("값", "numeric", "series"),
        ("메모", "constant", "unused"),
    ]
    assert found.as_json()["rows"] == len(VALUES)
    assert "  2. 값 [시계열]: 숫자 · 서로 다른 값 8개 · 예: 1,5, -2,25, 1234,5" in found.lines("ko")
    whole = found_for(Data(name="series"))
    assert [column.role for column in whole.columns] == ["unused", "series"] and whole.info.scale.name == "sunspots"
    alone = found_for(Data(name="series", path=kept(table(dates=False), "own.csv")))
    assert alone.info is not None and alone.own_lines() == [], "one column is no table"
    assert found_for(Data(name="series", path=path, column="z")).problem.code == "series_no_column"


def test_what_is_found_in_a_text(kept):
    path = kept("가나 다\n가나\n")
    found = found_at(Path(path))
    assert (found.data.name, found.characters, found.lines_of_text, found.different) == ("text", 8, 2, 5)
    assert found.frequent[:3] == (("가", 2), ("나", 2), ("\n", 2))
    assert found.as_json()["begins"] == "가나 다\n가나\n"
    lines = found.lines("en")
    assert "A text: characters: 8, different ones: 5, lines: 2" in lines
    assert "The most frequent: 가 2  나 2  ↵ 2  ␣ 1  다 1" in lines
    assert "첫머리: 가나 다 가나 " in found.lines("ko")
    empty = found_for(Data(name="text", path=kept("")))
    assert (empty.problem.code, empty.own_lines()) == ("text_empty", [])
    assert found_for(Data(name="text", path="/no/such")).problem.code == "own_missing"
