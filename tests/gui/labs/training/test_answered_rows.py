"""A table's rows beside the model's answers: the file's own cells, and what torch answers to them."""

from __future__ import annotations

import csv
import io
from itertools import combinations

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.data.sources import describe
from engine.judging.whole_set import Judge
from engine.training.probes import AnsweredRows, Numbers, is_finite, predict
from gui.labs.training.judged.judged_sample import JudgedSample
from gui.labs.training.judged.sample_tiles import sample_of
from gui.labs.training.lab import TrainingLab
from gui.labs.training.pages.answered_rows_view import FIXED, AnsweredRowsView
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small

ROWS = [
    {
        "키": f"{150 + number * 7 % 41},5",
        "반": "가나다"[number % 3],
        "기록": "" if number % 9 == 4 else str(900 + number * 11 % 70),
    }
    for number in range(40)
]


@pytest.fixture
def table(tmp_path) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    (tmp_path / "own.csv").write_text(out.getvalue(), "utf-8")
    return str(tmp_path / "own.csv")


def linear(data: Dataset) -> torch.nn.Linear:
    torch.manual_seed(1)
    return torch.nn.Linear(data.input[0], data.outputs)


def test_the_cells_are_the_files_and_the_answers_torchs(table: str) -> None:
    data = load(Data(name="table", path=table, target="반"), seed=2)
    model = linear(data)
    found = predict(model, data)
    assert isinstance(found, AnsweredRows)
    assert (found.names, found.target, len(found.cells)) == (("키", "기록"), "반", 8)
    known = {(row["키"], row["기록"] or None, row["반"]) for row in ROWS}
    assert all((*cells, truth) in known for cells, truth in zip(found.cells, found.truth, strict=True))
    with torch.no_grad():
        expected = model(data.x_validation).softmax(dim=1)
    assert torch.allclose(torch.from_numpy(found.answers.answers), expected)
    assert [found.answers.classes[label] for label in found.answers.labels] == list(found.truth)


def test_numbers_are_in_the_tables_units(table: str) -> None:
    data = load(Data(name="table", path=table, target="기록"), seed=2)
    model = linear(data)
    found = predict(model, data, sample=1)
    assert isinstance(found.answers, Numbers)
    truth = [float(row) for row in found.truth]
    assert found.answers.truth.tolist() == pytest.approx(truth, rel=1e-6)
    validating = [float(data.rows.truth(number)) for number in range(len(data.x_validation))]
    training = [float(row["기록"]) for row in ROWS if row["기록"]]
    for value in validating:
        training.remove(value)
    mean = sum(training) / len(training)
    deviation = (sum((value - mean) ** 2 for value in training) / len(training)) ** 0.5
    assert len(validating) == 7
    first = 64 % 7  # the second 64, in a circle
    with torch.no_grad():
        output = float(model(data.x_validation[first : first + 1]))
    assert float(found.answers.predicted[0]) == pytest.approx(mean + deviation * output, rel=1e-5)
    assert is_finite(found)
    model.weight.data.fill_(float("nan"))
    assert not is_finite(predict(model, data))


@pytest.mark.parametrize("name", ["en", "ko"])
def test_a_row_shows_truth_prediction_and_its_values_by_name(qtbot, table: str, name: str) -> None:
    language.set_language(name)
    data = load(Data(name="table", path=table, target="반"), seed=2)
    found = predict(linear(data), data)
    view = AnsweredRowsView()
    qtbot.addWidget(view)
    view.resize(340, 300)
    view.show()
    view.show_rows(found, "")
    model = view.model
    heads = [model.headerData(section, Qt.Orientation.Horizontal) for section in range(model.columnCount())]
    assert heads == {"en": ["Truth", "Prediction", "Probability"], "ko": ["정답", "예측", "확률"]}[name] + ["키", "기록"]
    for row in range(model.rowCount()):
        cells = [model.index(row, column).data() for column in range(model.columnCount())]
        guess = found.answers.classes[int(found.answers.answers[row].argmax())]
        assert cells[:2] == [found.truth[row], f"{'✓' if guess == found.truth[row] else '✗'} {guess}"]
        assert cells[FIXED:] == [cell or "–" for cell in found.cells[row]]
    chosen: list[int] = []
    view.row_chosen.connect(chosen.append)
    view.table.selectRow(3)
    assert chosen == [3]
    view.set_chosen(3)
    assert view.values.pairs == tuple(zip(found.names, (cell or "–" for cell in found.cells[3]), strict=True))
    assert view.bars.isVisible() and view.table.currentIndex().row() == 3
    view.resize(340, 110)
    QApplication.processEvents()
    assert not view.bars.isVisible(), "where there is little room, the rows have it"
    assert view.table.geometry().bottom() <= view.height()


def test_parts_never_lie_on_each_other(qtbot, table: str) -> None:
    view = AnsweredRowsView()
    qtbot.addWidget(view)
    view.show()
    for target in ("반", "기록"):
        data = load(Data(name="table", path=table, target=target), seed=2)
        view.show_rows(predict(linear(data), data), "")
        for height in range(110, 640, 45):
            view.resize(220 + height, height)
            QApplication.processEvents()
            parts = [view.table, view.values, view.bars, *([view.plot] if target == "기록" else [])]
            places = [part.geometry() for part in parts if part.isVisible()]
            assert not any(one.intersects(other) for one, other in combinations(places, 2)), (target, height)
            assert height == view.height() and all(view.rect().contains(place) for place in places), (target, height)
    assert view.plot.isVisible() and not view.bars.isVisible()


def test_the_preset_shows_the_irises_rows(qtbot, make_lab) -> None:
    lab: TrainingLab = make_lab(small("table-mlp"))
    run(qtbot, lab)
    lab.show_page("prediction")
    card = lab.pages.prediction
    qtbot.waitUntil(lambda: "rows" in card.__dict__ and card.rows.isVisible() and card.rows.model.rowCount() > 0)
    assert card.rows.model.found.names == describe(Data(name="table")).table.inputs
    card.rows.table.selectRow(2)
    qtbot.waitUntil(lambda: lab.state().chosen == 2)
    assert card.rows.values.pairs[0] == ("sepal length (cm)", card.rows.model.found.cells[2][0])
    assert "of 30 right" in card.score.text()


def test_a_mistake_shows_the_row_as_it_stands_in_the_table(qtbot, table: str) -> None:
    data = load(Data(name="table", path=table, target="반"), seed=2)
    verdicts = Judge()(linear(data), data)
    assert verdicts is not None and verdicts.rows is data.rows
    sample = JudgedSample()
    qtbot.addWidget(sample)
    sample.resize(260, 200)
    sample.show()
    for number in range(len(verdicts.truth)):
        cells = [cell or "–" for cell in data.rows.row(number)]
        assert sample_of(verdicts, number) == ", ".join(cells)
        sample.show_sample(verdicts, number)
        assert sample.values.isVisible() and not sample.picture.isVisible()
        assert [value for _, value in sample.values.pairs] == cells
    pictures = load(Data(samples=60), seed=1)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10))
    sample.show_sample(Judge()(model, pictures), 0)
    assert sample.picture.isVisible() and not sample.values.isVisible()
