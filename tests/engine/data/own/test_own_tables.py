"""Tables that users have: every dialect gives the same numbers, computed again here; what makes no sense is refused in words;
the exported script reaches the run's losses to the bit."""

import csv
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import load
from engine.data.found import Found
from engine.data.info import Data, DatasetError
from engine.data.own.tables.own_table import table_of
from engine.data.own.tables.table_columns import as_people_count, columns_of, numbers_in
from engine.data.own.tables.table_file import read_table
from engine.data.sources import describe, found_at, found_for
from engine.experiments.experiment import Experiment, Network, Training, parse, to_toml
from engine.experiments.scripts.export import to_pytorch
from engine.layers.catalog import Linear, ReLU
from engine.runs.status import Reason
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

NAMES = ("키", "몸무게", "혈액형", "반")
ROWS = [
    (150.5 + 2.25 * number, 40.125 + number * 7 % 41, "ABO"[number * number % 3], f"{number % 4 * 3}반") for number in range(40)
]


@pytest.fixture
def kept(tmp_path):
    """Writes a file and gives its path."""

    def keep(content, name="own.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return str(file)

    return keep


def written(separator=",", decimal=".", names=NAMES, rows=ROWS):
    def cell(value):
        text = str(value).replace(".", decimal) if isinstance(value, float) else str(value)
        return f'"{text}"' if separator in text else text

    return "".join(separator.join(map(cell, row)) + "\n" for row in ((names,) if names else ()) + tuple(rows))


def refusal(data):
    """Why these data cannot be had, in English; it is said in Korean too, by `describe` as by `load`."""
    with pytest.raises(DatasetError) as caught:
        describe(data)
    with pytest.raises(DatasetError):
        load(data, seed=0)
    korean = caught.value.message("ko")
    assert any("가" <= letter <= "힣" for letter in korean)
    assert "{" not in korean + str(caught.value)
    assert caught.value.code not in (korean, str(caught.value))
    return str(caught.value)


def notes(data, language="en"):
    found = [note.say(language) for note in describe(data).notes]
    assert not any("{" in note or note.startswith("table_") for note in found)
    return found


# --- dialects


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_the_same_in_every_encoding(kept, encoding, end):
    plain = load(Data(name="table", path=kept(written())), seed=3)
    other = load(Data(name="table", path=kept(written().replace("\n", end).encode(encoding), "other.csv")), seed=3)
    assert torch.equal(plain.x_train, other.x_train) and torch.equal(plain.y_validation, other.y_validation)
    assert other.classes == ("0반", "3반", "6반", "9반")


@pytest.mark.parametrize("names", [NAMES, ()])
@pytest.mark.parametrize(
    ("separator", "decimal"),
    [(",", "."), (",", ","), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", "."), ("|", ","), (" ", ".")],
)
def test_a_table_is_found_in_every_dialect(kept, separator, decimal, names):
    data = Data(name="table", path=kept(written(separator, decimal, names)))
    info, dataset = describe(data), load(data, seed=3)
    assert info.table.inputs[:2] == (NAMES[:2] if names else ("1", "2"))
    assert (info.input, info.outputs, info.notes) == ((4,), 4, ())
    expected = load(Data(name="table", path=kept(written(), "plain.csv")), seed=3)
    assert torch.equal(dataset.x_train, expected.x_train) and torch.equal(dataset.y_train, expected.y_train)
    assert f"decimal {'point' if decimal == '.' else 'comma'}" in info.reading.say()


@pytest.mark.parametrize("mark", ["", "NA", "-", "?", "결측", "N/A", "nan", " "])
def test_missing_values_are_filled_and_said(kept, mark):
    rows = [list(row) for row in ROWS]
    rows[3][0] = rows[8][0] = rows[5][2] = mark
    data = Data(name="table", path=kept(written(rows=rows)))
    assert notes(data) == [
        "Missing values, in whose place the median of the training rows stands: 키 (2)",
        "Missing values, which are a category of their own: 혈액형 (1)",
        "Some categories stand in one row only: 혈액형. A category that no training row has is read as none.",
    ]
    assert "중앙값" in notes(data, "ko")[0]
    assert describe(data).table.inputs == ("키", "몸무게", "혈액형 = A", "혈액형 = B", "혈액형 = ?")
    dataset = load(data, seed=3)
    assert torch.isfinite(dataset.x_train).all() and torch.isfinite(dataset.x_validation).all()


def test_inputs_are_those_of_an_own_loop(kept):
    """Means, deviations, medians and categories of the training rows alone, in plain Python."""
    rows = [list(row) for row in ROWS]
    rows[3][0] = rows[8][0] = rows[5][2] = rows[9][2] = ""
    data = Data(name="table", path=kept(written(rows=rows)), validation=0.25)
    dataset = load(data, seed=5)
    place = {(str(row[1]), row[3]): row for row in rows}  # which row each sample is, by what it says
    assert len(place) == 40
    shown = [dataset.rows.row(number) for number in range(10)]
    validating = [place[cells[1], dataset.rows.truth(number)] for number, cells in enumerate(shown)]
    training = [row for row in rows if row not in validating]
    assert (len(training), len(dataset.x_train)) == (30, 30)
    heights = [row[0] for row in training if row[0] != ""]
    middle = sorted(heights)
    median = (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2

    def standardised(values, value):
        mean = sum(values) / len(values)
        return (value - mean) / (sum((each - mean) ** 2 for each in values) / len(values)) ** 0.5

    heights += [median] * (30 - len(heights))
    weights = [row[1] for row in training]
    for number, row in enumerate(validating):
        hot = [float(row[2] == name) for name in ("A", "B", "")]
        expected = [standardised(heights, median if row[0] == "" else row[0]), standardised(weights, row[1]), *hot]
        assert dataset.x_validation[number].tolist() == pytest.approx(expected, abs=2e-6)
        assert dataset.y_validation[number] == ["0반", "3반", "6반", "9반"].index(row[3])
    counts = torch.bincount(dataset.y_validation)
    assert sorted(counts.tolist()) == [2, 2, 3, 3], "stratified: a quarter of each class of ten"


def test_a_category_that_no_training_row_has_is_none(kept):
    rows = [(number * number % 11, "drwxyz"[number % 5 + 1] if number else "d", number % 2) for number in range(30)]
    path = kept(written(names=("a", "kind", "y"), rows=rows))
    assert "stand in one row only: kind" in notes(Data(name="table", path=path))[1]
    parts = [load(Data(name="table", path=path), seed=seed) for seed in range(20)]
    for part in parts:
        learned, judged = part.x_train[:, 1].sum().item(), part.x_validation[:, 1].sum().item()
        assert (learned, judged) in ((1.0, 0.0), (0.0, 0.0))
    assert {part.x_train[:, 1].sum().item() for part in parts} == {0.0, 1.0}


@given(st.lists(st.floats(-1e30, 1e30, allow_nan=False), min_size=1, max_size=20), st.sampled_from([".", ","]))
def test_numbers_are_read_to_the_last_bit(values, decimal):
    import polars

    cells = [repr(value).replace(".", decimal) for value in values]
    assert numbers_in(polars.Series(cells), decimal).to_list() == values


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1,234,567.5", ".", 1234567.5), ("1.234.567,5", ",", 1234567.5), ("1 234,5", ",", 1234.5), ("−3", ".", -3.0),
        ("+.5", ".", 0.5), ("5.", ".", 5.0), ("1e-3", ".", 0.001), ("1,5e2", ",", 150.0), ("1\u00a0234", ".", 1234.0),
        ("12,34", ".", None), ("1.23.4", ",", None), ("3 kg", ".", None), (".", ".", None),
        ("1e999", ".", None), ("inf", ".", None), ("0x10", ".", None), ("1_000", ".", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_in_a_series(cell, decimal, value):
    import polars

    assert numbers_in(polars.Series([cell]), decimal).to_list() == [value]


def test_cells_are_pythons_own(kept):
    """Quotation marks, separators and ends of lines in cells, as Python's reader of CSV has them."""
    chance = random.Random(4)
    for number in range(40):
        rows = [
            [*("".join(chance.choices('ab,;"\n 가', k=chance.randint(1, 6))) + "x" for _ in range(3)), str(n % 3)]
            for n in range(12)
        ]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([["p", "q", "r", "s"], *rows])
        table = read_table(out.getvalue(), "own.csv")
        assert [list(row) for row in zip(*(column.to_list() for column in table.columns), strict=True)] == [
            [cell.strip() for cell in row] for row in rows
        ], number


# --- kinds of columns


def kinds(text):
    return {column.name: column.kind for column in columns_of(read_table(text, "own.csv"))}


def test_each_column_has_its_kind():
    text = "번호,날짜,값,혈액형,이름,나라,빈칸\n" + "".join(
        f"{n},2024-01-{n:02},{n * n % 7}.5,{'ABO'[n % 3]},이름{n},한국,\n" for n in range(1, 20)
    )
    assert " ".join(kinds(text).values()) == "index date numeric categorical text constant empty"


@pytest.mark.parametrize(
    ("names", "first", "kind"),
    [
        (",a,b", "0", "index"),  # as pandas writes it
        ("a,b", "1", "index"),  # as R writes it: a name less
        ("a,b", "row", "index"),
        ("Unnamed: 0,a,b", "5", "index"),
        ("size,a,b", "3", "numeric"),
        ("day,a,b", "1", "index"),
    ],
)
def test_a_column_that_counts_rows_is_left_out(kept, names, first, kind):
    begin = int(first) if first.isdigit() else None
    cells = [str(begin + n) if begin is not None else f"row{n}" for n in range(12)]
    path = kept(names + "\n" + "".join(f"{cell},{n * n % 5},{n * 7 % 4}\n" for n, cell in enumerate(cells)))
    table = table_of(path)
    found = columns_of(table)[0]
    assert (found.kind, len(table.columns)) == (kind, 3)
    info = describe(Data(name="table", path=path))
    assert info.table.columns == ((1,) if kind == "index" else (0, 1))
    if kind == "index":
        assert notes(Data(name="table", path=path))[-1].startswith("Left out because they only count the rows: ")


@pytest.mark.parametrize(
    ("dates", "order", "note"),
    [
        (["2024-01-05", "2024-02-29", "2023-12-31"], (0, 1, 2), None),
        (["2024.1.5", "2024. 2. 29.", "2023.12.31"], (0, 1, 2), None),
        (["2024년 1월 5일", "2024년 2월 29일", "2023년 12월 31일"], (0, 1, 2), None),
        (["05.01.2024", "29.02.2024", "31.12.2023"], (2, 1, 0), None),
        (["01/05/2024", "02/29/2024", "12/31/2023"], (2, 0, 1), None),
        (["05.01.2024", "04.02.2024", "03.12.2023"], (2, 1, 0), "the day before the month"),
        (["05/01/2024", "04/02/2024", "03/12/2023"], (2, 0, 1), "the month before the day"),
        (["2024-01-05 오전 6:00:00", "2024-02-29 오후 12:30", "2023-12-31 오전 12:15"], (0, 1, 2), None),
        (["1/5/2024 3:00 PM", "2/29/2024 12:00\u202fAM", "12/31/2023 11:45:00 am"], (2, 0, 1), None),
        (["2024-01-05 (금)", "2024-02-29(목)", "2023-12-31 (일)"], (0, 1, 2), None),
        (["2024년 1월 5일 금요일", "2024년 2월 29일 목요일", "2023년 12월 31일 일요일"], (0, 1, 2), None),
        (["오전 9:30", "오후 1:00", "오후 12:15"], None, None),
        (["9:30", "13:00:00", "23:59"], None, None),
        (["2024-01-05 06:00", "2024-02-29T12:00:00", "2023-12-31 18:00:00"], (0, 1, 2), None),
    ],
)
def test_dates_are_left_out_or_days(kept, dates, order, note):
    import datetime
    import re

    cells = [dates[n % 3] for n in range(24)]
    path = kept("when,a,y\n" + "".join(f"{cell},{n * n % 7},{n * 5 % 3}\n" for n, cell in enumerate(cells)))
    assert notes(Data(name="table", path=path))[-1] == "Left out because they are dates or times: when"
    data = Data(name="table", path=path, columns=("when",))
    said = notes(data)
    assert "Dates or times, read as numbers of days: when" in said
    assert any(note in each for each in said) if note else not any("other way round" in each for each in said)
    days = []
    for date in dates:
        parts = [int(part) for part in re.findall("[0-9]+", date)]
        year, month, day = (parts[place] for place in order) if order else (2000, 1, 1)
        hours, minutes = (*parts[3 if order else 0 :], 0, 0)[:2]
        if "오전" in date or "am" in date.lower():
            hours = 0 if hours == 12 else hours
        elif "오후" in date or "pm" in date.lower():
            hours = 12 if hours == 12 else hours + 12
        days.append((datetime.date(year, month, day) - datetime.date(2000, 1, 1)).days + hours / 24 + minutes / 1440)
    dataset = load(data, seed=1)
    inputs = {
        dataset.rows.row(number)[0]: float(dataset.x_validation[number, 0]) for number in range(len(dataset.x_validation))
    }
    assert set(inputs) == set(dates)
    found = [(inputs[date] - inputs[dates[0]]) / (inputs[dates[1]] - inputs[dates[0]]) for date in dates]
    assert found == pytest.approx([(day - days[0]) / (days[1] - days[0]) for day in days], abs=1e-4)


def test_classes_stand_as_people_count(kept):
    rows = [(n * n % 7, f"set {n % 11}") for n in range(88)]
    info = describe(Data(name="table", path=kept(written(names=("a", "b"), rows=rows))))
    assert info.classes == tuple(f"set {n}" for n in range(11))
    assert sorted(["10", "9", "1.5", "b", "a10", "a9"], key=as_people_count) == ["1.5", "9", "10", "a9", "a10", "b"]


def test_a_few_whole_numbers_are_classes_unless_somebody_says_otherwise(kept):
    path = kept(written(names=("a", "grade"), rows=[(n * n % 7 + 0.5, 10 - n % 3) for n in range(30)]))
    info = describe(Data(name="table", path=path))
    assert (info.task, info.classes, info.loss) == ("classification", ("8", "9", "10"), "cross_entropy")
    assert notes(Data(name="table", path=path))[0].startswith("Column grade has 3 whole numbers")
    info = describe(Data(name="table", path=path, task="regression"))
    assert (info.task, info.classes, info.loss, info.target) == ("regression", (), "mean_squared_error", (1,))
    many = describe(Data(name="table", path=path, target="a", columns=("grade",), task="classification"))
    assert many.classes == ("0.5", "1.5", "2.5", "4.5")
    assert describe(Data(name="table", path=path, target="a")).task == "regression", "halves are no classes"


def test_a_target_of_numbers_is_standardised_by_what_trains(kept):
    path = kept(written())
    data = Data(name="table", path=path, target="몸무게", validation=0.3)
    info, dataset = describe(data), load(data, seed=2)
    assert (info.task, info.target, info.outputs, info.train, info.validation) == ("regression", (1,), 1, 28, 12)
    truths = [float(dataset.rows.truth(number)) for number in range(12)]
    rest = sorted(row[1] for row in ROWS)
    for truth in truths:
        rest.remove(truth)
    mean = sum(rest) / 28
    deviation = (sum((value - mean) ** 2 for value in rest) / 28) ** 0.5
    assert dataset.y_validation[:, 0].tolist() == pytest.approx([(truth - mean) / deviation for truth in truths], abs=1e-6)
    scale = dataset.rows.scale
    assert (scale.name, scale.training) == ("몸무게", 28)
    assert (scale.mean, scale.deviation) == pytest.approx((mean, deviation), rel=1e-12)
    assert float(dataset.y_train.mean()) == pytest.approx(0, abs=1e-6)
    other = load(data, seed=3)
    assert not torch.equal(dataset.y_validation, other.y_validation)


def test_folds_of_a_table_validate_each_row_once(kept):
    path = kept(written())
    for target in ("반", "몸무게"):
        seen = []
        for fold in (1, 2, 3):
            part = load(Data(name="table", path=path, target=target, folds=3, fold=fold), seed=4)
            rows = [(*part.rows.row(number), part.rows.truth(number)) for number in range(len(part.x_validation))]
            assert len(part.x_train) + len(rows) == 40
            seen += rows
        assert len(seen) == len(set(seen)) == 40, target


def test_columns_are_chosen_by_name_or_number_in_the_order_that_is_asked(kept):
    path = kept(written())
    info = describe(Data(name="table", path=path, target=1, columns=("혈액형", 2)))
    assert info.table.inputs == ("혈액형 = A", "혈액형 = B", "몸무게")
    assert info.table.target_name == "키"
    experiment = parse(f'[data]\nname = "table"\npath = "{path}"\ntarget = "키"\ncolumns = ["혈액형", 2]\n')
    assert describe(experiment.data).table.inputs == info.table.inputs
    assert parse(to_toml(experiment)) == experiment


def test_the_usual_target_is_called_so_or_the_last_column(kept):
    rows = [(n * n % 7, "ab"[n % 2], n * 3 % 5) for n in range(20)]
    assert describe(Data(name="table", path=kept(written(names=("x", "y", "z"), rows=rows)))).table.target_name == "y"
    assert describe(Data(name="table", path=kept(written(names=("a", "b", "c"), rows=rows)))).table.target_name == "c"
    assert describe(Data(name="table", path=kept(written(names=("정답", "b", "c"), rows=rows)))).table.target_name == "정답"
    chosen = Data(name="table", path=kept(written(names=("a", "b", "c"), rows=rows)), columns=("a", "c"))
    assert describe(chosen).table.target_name == "b"


def test_what_was_done_is_said(kept):
    text = "성적표\n번호,이름,날짜,키,학교,비고,점수\n" + "".join(
        f"{n},이름{n},2024-03-{n:02},{150 + n * n % 11},우리,,{'' if n == 4 else n % 2}\n" for n in range(1, 25)
    )
    data = Data(name="table", path=kept(text))
    assert notes(data) == [
        "1 lines above the table were left out.",
        "1 rows have no value in column 점수 and were left out.",
        "Column 점수 has 2 whole numbers that come again and again; they are taken for classes. To predict the number: "
        'task = "regression".',
        "Left out because they only count the rows: 번호",
        "Left out because they are dates or times: 날짜",
        "Left out because their texts hardly come again: 이름",
        "Left out because they are the same in every row: 학교",
        "Left out because they have no value at all: 비고",
    ]
    assert all(any("가" <= letter <= "힣" for letter in note) for note in notes(data, "ko"))
    assert describe(data).samples == 23


def test_a_column_of_numbers_with_a_word_in_it_is_left_out_with_its_line(kept):
    path = kept("a,b,c\n" + "".join(f"{n * n % 13}.5,{'oops' if n == 7 else n * 3 % 11},{n % 2}\n" for n in range(30)))
    assert notes(Data(name="table", path=path))[1] == (
        "Column b was left out: oops in line 9 is no number, while nearly all others are."
    )
    assert "line 9, column b: oops is no number" in refusal(Data(name="table", path=path, columns=("b",)))
    assert "line 9, column b: oops is no number" in refusal(Data(name="table", path=path, target="b"))


def test_numbers_that_could_be_two_are_said(kept):
    path = kept('sold,y\n"1,234",a\n"2,000",b\n"3,500",a\n"1,100",b\n"1,150",a\n"1,300",b\n"1,850",a\n"1,400",b\n')
    assert notes(Data(name="table", path=path)) == ["1,234 could be two numbers; it is read as 1234."]
    path = kept("sold;y\n" + "".join(f"{n},{n * n % 900 + 100};{'ab'[n % 2]}\n" for n in range(1, 11)))
    assert notes(Data(name="table", path=path)) == ["1,101 could be two numbers; it is read as 1.101."]
    path = kept("sold;kg;y\n" + "".join(f"{n},{n * n % 900 + 100};{n},5;{'ab'[n % 2]}\n" for n in range(1, 11)))
    assert notes(Data(name="table", path=path)) == [], "the other column tells"


def test_the_irises_that_come_along_are_scikit_learns():
    from sklearn.datasets import load_iris

    irises = load_iris()
    dataset = load(Data(name="table", validation=0.2), seed=0)
    assert dataset.classes == tuple(irises.target_names)
    assert torch.bincount(dataset.y_train).tolist() == [40, 40, 40]
    known = {tuple(map(str, cells)) for cells in irises.data.tolist()}
    assert all(dataset.rows.row(number) in known for number in range(30))
    info = describe(Data(name="table"))
    assert info.table.inputs == tuple(irises.feature_names)
    assert info.reading is None and info.notes == ()


# --- what Excel writes around a table

EXCELS = {
    "its own line": "sep={s}\n{names}",
    "its own line in quotation marks": '"sep={s}"\n{names}',
    "its own line and a title": "sep={s}\n성적표{s}{s}{s}\n{names}",
    "a title": "성적표 2024\n{names}",
    "a title as wide as the table": "성적표 2024{s}{s}{s}\n{names}",
    "two titles and an empty row": "성적표{s}{s}{s}\n{s}{s}{s}\n{s}{s}담당: 김{s}\n{names}",
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", EXCELS)
def test_lines_above_a_table_are_left_out(kept, name, separator):
    names = separator.join(("이름", "키", "몸무게", "반")) + "\n"
    rows = "".join(separator.join((f"학생{n}", f"{150 + n * n % 40}.5", str(40 + n % 25), f"{n % 3}반\n")) for n in range(24))
    plain = table_of(kept(names + rows))
    found = table_of(kept(EXCELS[name].format(s=separator, names=names) + rows))
    assert found.names == plain.names == ("이름", "키", "몸무게", "반")
    assert all(ours.equals(theirs) for ours, theirs in zip(found.columns, plain.columns, strict=True))
    assert found.titles and found.line(0) == found.titles + 2 + ("empty" in name)


def test_excels_own_line_says_what_stands_between_the_columns(kept):
    """Without it the commas would be taken."""
    rows = "a;b,c,d\n" + "".join(f"x;y,{n},{n * n % 7}\n" for n in range(12))
    assert table_of(kept(rows)).separator == ","
    table = table_of(kept("sep=;\n" + rows))
    assert (table.separator, table.names) == (";", ("a", "b,c,d"))


def test_rows_that_are_nearly_empty_are_kept_where_no_names_follow(kept):
    table = table_of(kept("".join(f"{n or ''},,{n * n % 7 if n else 5}\n" for n in range(12))))
    assert (table.titles, table.rows) == (0, 12)


def test_cells_that_excel_could_not_compute_are_missing(kept):
    errors = ("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#N/A")
    path = kept("a,y\n" + "".join(f"{errors[n] if n < 7 else n},{'pq'[n % 2]}\n" for n in range(30)))
    assert columns_of(table_of(path))[0].missing == 7
    assert any("the median of the training rows stands: a (7)" in note for note in notes(Data(name="table", path=path)))


# --- what makes no sense


def workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/worksheets/sheet1.xml", "<worksheet/>" * 20)
    return out.getvalue()


def many_names(count):
    return "name,y\n" + "".join(f"n{n % 1200},{'pq'[n % 2]}\n" for n in range(count))


GOOD = "a,b,y\n" + "".join(f"{n},{n * n % 7},{'pq'[n % 2]}\n" for n in (5, 3, 8, 1, 9, 2, 7, 4))
NO_TARGETS = GOOD.replace("p\n", "\n").replace("q\n", "\n")
UNITS = "b,y\ncm,\n" + "".join(f"{n * 1.5},{'pq'[n % 2]}\n" for n in range(30))
DAYS = "a,day\n" + "".join(f"{n * n % 7},2024-01-{n:02}\n" for n in range(1, 30))


@pytest.mark.parametrize(
    ("content", "data", "said"),
    [
        ("", {}, "is empty; expected a table"),
        ("\n \n,,\n", {}, "is empty; expected a table"),
        ("a,b,y\n", {}, "has only the names of its columns (a, b, y)"),
        ("a\n1\n2\n", {}, "has one column"),
        ("just a text\nof two lines more\n", {}, "has one column"),
        (GOOD.replace("8,1,p", "8,1,p,3"), {}, "line 4: the row has 4 cells, the others have 3"),
        (GOOD.replace("8,1,p", "8,1"), {}, "line 4: the row has 2 cells, the others have 3"),
        ('a,b,y\n1,"x\nz",p\n2,v,q\n3,w\n', {}, "line 5: the row has 2 cells, the others have 3"),
        ('a,b,y\n1,"x,p\n2,v,q\n3,w,q\n', {}, "line 2: the quotation marks of a cell are not closed"),
        ('a,b,y\n1,2,p\n2,"v"w,q\n', {}, "line 3: the quotation marks"),
        (GOOD.replace("a,b,y", "b,b,y"), {}, "columns 1 and 2 are both called b"),
        (GOOD, {"target": "z"}, "data.target: {file} has no column z; its columns: a, b, y"),
        (GOOD, {"target": 4}, "has no column 4"),
        (GOOD, {"columns": ("a", "z")}, "data.columns: {file} has no column z"),
        (GOOD, {"columns": ("a", "y"), "target": "y"}, "column y of {file} is the one to be predicted"),
        (GOOD, {"columns": ()}, "has no column of numbers or of categories to predict y from"),
        (GOOD, {"task": "regression"}, "column y of {file} holds no numbers (q, p)"),
        (GOOD.replace("p\n", "q\n"), {"target": "y"}, "column y is q in every row"),
        (NO_TARGETS, {"target": "y"}, "all values of column y are missing"),
        (NO_TARGETS, {"columns": ("y",), "target": "a"}, "all values of column y are missing"),
        (GOOD.replace("p\n", "q\n"), {"columns": ("y",), "target": "a"}, "column y is the same in every row"),
        (GOOD.replace("4,2,p", "4,2,r"), {}, "line 9: r stands in column y only once; each class needs at least two rows"),
        (GOOD, {"target": "a", "task": "classification"}, "8 values of column a in {file} stand there only once"),
        (GOOD.replace("8,1", "inf,1"), {}, "line 4, column a: inf is too large to compute with"),
        ("a,y\n" + "".join(f"{n}.5,{n % 2}\n" for n in range(30)) + "1e300,1\n", {}, "line 32, column a: 1e300 is too large"),
        (GOOD.replace("8,1", "8,\0"), {}, "line 4: this is no text"),
        (many_names(1200), {"columns": ("name",)}, "1,200 different texts, at most 1,000"),
        (many_names(2400), {"target": "name", "columns": ("y",)}, "has 1,200 different values, at most 1,000"),
        (many_names(30), {}, "no column of numbers or of categories to predict y from"),
        (DAYS.replace("5,", "x,"), {"columns": ("a",)}, "no column of numbers or of categories that could be"),
        (DAYS, {"target": "day"}, "column day holds dates"),
        (UNITS, {}, "line 2, column b: cm is no number, while nearly all others are. Correct the line, or leave it out"),
        (GOOD, {"samples": 9}, "has 8 rows with a target, 9 were asked for"),
        (GOOD, {"folds": 7, "fold": 2}, "in 7 folds leave 1 for validation"),
        (GOOD, {"length": 4}, "data.length: table has no such option; its options are path, target, columns, task"),
        (workbook(), {}, "is a workbook or an archive, not text; open it in its program and save the sheet as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", {}, "is a picture, not text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", {}, "is a picture, not text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0", {}, "is a PDF document"),
        (b"\x1f\x8b\x08\0\0\0\0\0\xff\xff", {}, "is packed"),
        ("\n".join((",".join(f"c{n}" for n in range(10_001)), "1," * 10_000 + "1")), {}, "has 10,001 columns, at most 10,000"),
    ],
)  # fmt: skip
def test_tables_that_make_no_sense_are_refused(kept, content, data, said):
    path = kept(content)
    assert said.replace("{file}", path) in refusal(Data(name="table", path=path, **data))


def test_more_than_the_memory_allows_is_refused(kept, monkeypatch):
    from engine.data.own.tables import own_table

    monkeypatch.setattr(own_table, "LARGEST_BYTES", 63)
    path = kept(GOOD)
    assert f"8 rows of 2 inputs from {path} would need 64 B, at most 63 B are made" in refusal(Data(name="table", path=path))


def test_a_file_that_has_changed_since_it_was_described_is_refused(kept):
    from engine.data.sources import source_named

    path = kept(GOOD)
    info = describe(Data(name="table", path=path))
    kept(GOOD.replace("p\n", "r\n") + "1,1,q\n")
    with pytest.raises(DatasetError, match="has been changed while it was read"):
        source_named("table").arrays(info, 0)


# --- the script


LAYERS = (Linear(out_features=6), ReLU())
SCRIPTS = {
    "classes": ({}, written()),
    "semicolons": ({"target": "몸무게"}, written(";", ",")),
    "folds": ({"folds": 4, "fold": 3}, written("\t")),
    "folds of numbers": ({"folds": 4, "fold": 3, "target": "키"}, written("|", ",").encode("cp949")),
    "a small class": ({}, "a,b\n" + "".join(f"{n * n % 7 + 0.5},{'rare' if n in (3, 30) else 'often'}\n" for n in range(40))),
    "excel": (
        {"columns": ("때", "키")},
        "sep=;\n성적표;;;\n이름;때;키;반\n"
        + "".join(
            f"학생{n};2024-01-{n % 28 + 1:02} {'오전' if n % 3 else '오후'} {n % 12 + 1}:{n:02};{n * n % 31},5;{n % 2}반\n"
            for n in range(40)
        ),
    ),
    "seed of its own": ({"seed": 9, "samples": 30}, written().encode("utf-16")),
    "numbers as classes": ({"target": "b"}, "a,b\n" + "".join(f"{n * n % 7 + 0.5},{n % 3}\n" for n in range(60))),
    "everything": (
        {"target": "점수", "columns": ("날짜", "이 름", "말", "키"), "task": "regression"},
        '﻿표 1\n\n,날짜,이 름,말,키,점수\n'
        + "".join(
            f'{n},2024-0{n % 9 + 1}-{n % 28 + 1:02},{"NA" if n == 3 else "김 " * (n % 4)}x,"그는 ""안녕, {n % 3}""\n했다",'
            f'{"-" if n % 8 == 1 else f"1,{n % 10}00.5" if n % 2 else f"{n}"},{"?" if n == 5 else n * n % 23}\n,,,,,\n'.replace(
                f"1,{n % 10}00.5", f'"1,{n % 10}00.5"'
            )
            for n in range(50)
        ),
    ),
    "spaces": ({}, "a b y\n" + "".join(f" {n * n % 13}.5   {n * 7 % 11} {'pq'[n % 2]}\n" for n in range(40))),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_reaches_the_same_losses(name, kept, scripts, tmp_path):
    options, content = SCRIPTS[name]
    data = Data(name="table", path=kept(content), **options)
    layers = (*LAYERS, Linear(out_features=describe(data).outputs))
    experiment = Experiment(
        name=name, seed=3, data=data, network=Network(layers=layers), training=Training(epochs=2, batch_size=8, device="cpu")
    )
    worker = Worker()
    worker.start(experiment)
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.status().problem is None
    script = tmp_path / "script.py"
    script.write_text(to_pytorch(experiment), "utf-8")
    found = scripts.run(script)
    _, losses, _ = worker.history.train.since(len(worker.history.train) - len(found["steps"]))
    assert [float(loss).hex() for loss in losses] == found["steps"]
    assert float(worker.history.validation.last()[0]).hex() == found["validation"]
    assert worker.close(GIVE_UP_S)
    kept(content + (b"\n\0" if isinstance(content, bytes) else "\n1,2,3\n"))
    assert "has been changed since this script was written" in scripts.run(script)["exit"]


# --- what is found


def test_what_is_found_in_a_table(kept):
    rows = [list(row) for row in ROWS]
    rows[2][2] = ""
    path = kept(written(";", ",", rows=rows))
    found = found_for(Data(name="table", path=path))
    json = found.as_json()
    assert (json["rows"], json["separator"], json["encoding"], json["target"]) == (40, ";", "UTF-8", "반")
    assert [" ".join(map(str, list(column.values())[1:5])) for column in json["columns"]] == [
        "키 numeric 0 40",
        "몸무게 numeric 0 40",
        "혈액형 categorical 1 2",
        "반 categorical 0 4",
    ]
    assert [column["role"] for column in json["columns"]] == ["input", "input", "input", "target"]
    assert json["columns"][3]["examples"] == ["0반", "3반", "6반"]
    lines = found.lines("en")
    assert "  3. 혈액형 [to learn from]: categories · 2 different · 1 missing · such as A, B" in lines
    assert "  4. 반 [예측할 값]: 범주 · 서로 다른 값 4개 · 예: 0반, 3반, 6반" in found.lines("ko")
    assert found_at(Path(path)) == found


def test_columns_are_found_where_the_data_cannot_be_had(kept):
    found = found_for(Data(name="table", path=kept(GOOD), target="z"))
    assert found.problem.code == "table_no_column"
    assert [column.role for column in found.columns] == ["unused"] * 3
    broken = found_for(Data(name="table", path=kept("a,b\n1\n2,3\n2,5\n")))
    assert type(broken) is Found and broken.problem.code == "table_ragged"


def test_tables_are_described_without_torch_or_numpy_and_polars_waits_for_the_first_one(kept):
    code = (
        "import sys; from engine.data.info import Data; from engine.data.sources import describe, names\n"
        "import engine.experiments.scripts.export\n"
        "others = set(names()).difference(('table', 'folder', 'mnist', 'fashion-mnist'))\n"
        "[describe(Data(name=name)) for name in others]; print('polars' in sys.modules)\n"
        f"describe(Data(name='table')); describe(Data(name='table', path={kept(GOOD)!r}))\n"
        "print([name for name in ('torch', 'sklearn', 'numpy', 'pandas') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n[]\n"


def test_a_run_refuses_a_table_that_has_changed(kept, tmp_path):
    path = kept(GOOD)
    data = Data(name="table", path=path, validation=0.25)
    layers = (Linear(out_features=2),)
    training = Training(epochs=1, batch_size=3, device="cpu")
    experiment = Experiment(seed=1, data=data, network=Network(layers=layers), training=training)
    assert train(experiment, folder=tmp_path / "run").reason is Reason.COMPLETED
    kept(GOOD.replace("5,4,q", "6,4,q"))
    status = resume(tmp_path / "run", epochs=2)
    assert status.reason is Reason.FAILED
    assert f"{path} has been changed since the run was kept" in status.problem.sentence("en")
    kept(GOOD)
    assert resume(tmp_path / "run", epochs=2).reason is Reason.COMPLETED
