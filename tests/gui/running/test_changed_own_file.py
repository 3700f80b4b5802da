"""A run that is looked at, whose own file says something else by now: the lab says so, and shows no numbers of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.sequences.tasks import with_data
from engine.training.worker import train
from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from gui.labs.training.lab import TrainingLab
from gui.running.timeline.past_answers import Past, PastReader, PastRequest
from gui.shell import language
from tests.patience import GIVE_UP_S

TEXT = "abcba cab bac " * 20
OTHER = "cabba cab bac " + TEXT[14:]


def of_a_text(file: Path) -> Experiment:
    found = preset("text-lstm")
    data = Data(name="text", path=str(file), length=8)
    return edited(with_data(found, data), training=edited(found.training, epochs=1, device="cpu"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The file, from which the run in runs/one beside it has learned."""
    file = tmp_path / "own.txt"
    file.write_text(TEXT, "utf-8")
    (tmp_path / "runs").mkdir()
    train(of_a_text(file), folder=tmp_path / "runs" / "one")
    return file


@pytest.fixture(params=[TrainingLab, SequenceLab])
def lab(request, qtbot, tmp_path: Path):
    made = request.param(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(made)
    made.resize(1240, 800)
    made.show()
    made.torch_ready()
    yield made
    made.close_lab(GIVE_UP_S)


def trouble(lab) -> list[str]:
    """What the pages on the screen say instead of an answer."""
    found = [page._trouble_line for page in lab.pages.pages.values()]
    return [line.text() for line in found if line is not None and line.isVisibleTo(lab)]


def test_a_run_that_is_opened_says_that_its_file_has_been_changed(qtbot, own: Path, tmp_path: Path, lab) -> None:
    answered = []
    lab.moment.looking.answered.connect(lambda *answer: answered.append(answer))
    own.write_text(OTHER, "utf-8")
    language.set_language("ko")
    lab.control.open_run(tmp_path / "runs" / "one")
    qtbot.waitUntil(lambda: bool(trouble(lab)))
    said = f"실행을 저장한 뒤 파일 내용이 바뀌었습니다({own}). 내용을 되돌리거나 새 실행을 시작하세요."
    assert set(trouble(lab)) == {f"이 페이지를 계산할 수 없습니다. {said}"}
    lab.timeline.go_to(0)
    qtbot.waitUntil(lambda: lab.notice.said == said)
    language.set_language("en")
    qtbot.waitUntil(lambda: all("bring its text back" in line for line in trouble(lab)))
    assert answered == []
    own.write_text(TEXT, "utf-8")
    lab.control.open_run(tmp_path / "runs" / "one")
    qtbot.waitUntil(lambda: bool(answered) and not trouble(lab))


def test_runs_of_two_texts_with_one_name_are_not_taken_for_each_other(own: Path, tmp_path: Path) -> None:
    """The reader keeps the data of the last run; the next one has learned from the file as it is now."""
    from engine.runs.folder import Run
    from engine.runs.timeline.kept_weights import KeptWeights

    def ask(reader: PastReader, name: str) -> list[int]:
        folder = tmp_path / "runs" / name
        past = Past(Run.open(folder).experiment, KeptWeights.of_run(folder), None, folder)
        request = PastRequest(past, {"first": lambda _model, data: data.x_train[0].tolist()})
        return reader(request).answers["first"]

    reader = PastReader()
    first = ask(reader, "one")
    own.write_text(OTHER, "utf-8")
    train(of_a_text(own), folder=tmp_path / "runs" / "two")
    assert ask(reader, "two") != first
