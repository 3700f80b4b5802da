"""An own file that says something else than when a run learned from it: whoever would compute with both says so, and computes
nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.data.own.own_file import reading_script
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.fields import edited
from engine.layers.catalog import LSTM, Embedding, Linear
from engine.queue.plan import QueuePlan
from engine.queue.queue_folder import QueueError, QueueFolder
from engine.queue.running import Queue
from engine.runs.checkpoints import OLDER, RESUME
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, Run
from engine.runs.status import Reason, Status
from engine.training.worker import Worker, resume, train
from tests.engine.queue.played_processes import Stage
from tests.patience import GIVE_UP_S

TEXT = "abcba cab bac " * 8
OTHERS = {
    "as long, of the same characters": "cabba cab bac " + TEXT[14:],
    "of more characters": "xyz " + TEXT,
    "too short": "ab",
    "empty": "",
}
TABLE = "day,a,b\n" + "\n".join(f"{day},{day * day % 7},{day * 3 % 5}" for day in range(1, 41))


def of_a_text(file: Path) -> Experiment:
    layers = (Embedding(num_embeddings=4, embedding_dim=3), LSTM(hidden_size=4, output="sequence"), Linear(out_features=4))
    data = Data(name="text", path=str(file), length=5)
    training = Training(epochs=2, batch_size=8, device="cpu")
    return Experiment(name="own", seed=2, data=data, network=Network(layers=layers), training=training)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The file, from which the run in the folder beside it has learned."""
    file = tmp_path / "own.txt"
    file.write_text(TEXT, "utf-8")
    assert train(of_a_text(file), folder=tmp_path / "run").reason is Reason.COMPLETED
    return file


def branched(run: Path, folder: Path) -> Status:
    worker = Worker()
    worker.branch(run, 2, folder=folder)
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    return worker.status()


@pytest.mark.parametrize("how", OTHERS)
def test_no_run_goes_on_from_it(how: str, own: Path, tmp_path: Path) -> None:
    """Neither the run itself nor a branch: what the network lacks for the new text is never what is said."""
    before = {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()}
    own.write_text(OTHERS[how], "utf-8")
    for status in (branched(tmp_path / "run", tmp_path / "branch"), resume(tmp_path / "run", epochs=3)):
        assert (status.reason, status.problem and status.problem.code) == (Reason.FAILED, "run_damaged")
        assert status.problem is not None
        assert f"{own} has been changed since the run was kept; bring its text back" in status.problem.sentence("en")
        assert f"파일 내용이 바뀌었습니다({own}). 내용을 되돌리거나 새 실행을 시작하세요." in status.problem.sentence("ko")
    assert not (tmp_path / "branch").exists()
    assert {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()} == before
    own.write_text(TEXT, "utf-8")
    assert branched(tmp_path / "run", tmp_path / "branch").reason is Reason.COMPLETED


@pytest.mark.parametrize("command", [["gates"], ["export", "--to", "pytorch"]])
@pytest.mark.parametrize("how", OTHERS)
def test_no_command_computes_with_both(
    how: str, command: list[str], own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command, str(tmp_path / "run"), "--out", str(tmp_path / "made")]
    assert main(arguments) == 0
    (tmp_path / "made").unlink()
    own.write_text(OTHERS[how], "utf-8")
    capsys.readouterr()
    assert main(arguments) == 2
    printed, errors = capsys.readouterr()
    assert printed == ""
    assert errors == f"error: {own} has been changed since the run was kept; bring its text back, or begin a new run\n"
    assert not (tmp_path / "made").exists()


def test_an_experiment_by_itself_is_of_the_file_as_it_is(own: Path, tmp_path: Path) -> None:
    """A new run begins with it, also with that of a run's folder."""
    own.write_text(OTHERS["as long, of the same characters"], "utf-8")
    run = tmp_path / "run"
    assert main(["export", str(run / EXPERIMENT), "--to", "pytorch", "--out", str(tmp_path / "script.py")]) == 0
    assert main(["gates", str(run / EXPERIMENT), "--out", str(tmp_path / "gates.npz")]) == 0
    assert main(["train", str(run), "--out", str(tmp_path / "anew")]) == 0


def test_the_file_may_lie_elsewhere_and_another_one_is_named(own: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    moved = own.rename(tmp_path / "moved.txt")
    experiment = read(run / EXPERIMENT)
    write(edited(experiment, data=edited(experiment.data, path=str(moved))), run / EXPERIMENT)
    Run.open(run).require_own_data()
    moved.write_text(OTHERS["of more characters"], "utf-8")
    with pytest.raises(RunError) as refused:
        Run.open(run).require_own_data()
    assert refused.value.code == "experiment_changed"
    for language in ("en", "ko"):
        assert all(part in refused.value.message(language) for part in ("data.path", str(own), str(moved)))


def test_what_nobody_knows_is_not_refused(own: Path, tmp_path: Path) -> None:
    """A run whose checkpoints are damaged; a file that is gone, which says so when it is loaded."""
    run = tmp_path / "run"
    own.unlink()
    Run.open(run).require_own_data()
    assert main(["gates", str(run)]) == 2
    own.write_text(OTHERS["as long, of the same characters"], "utf-8")
    for name in (RESUME, OLDER):
        (run / name).write_bytes(b"damaged")
    Run.open(run).require_own_data()
    assert main(["gates", str(run), "--out", str(tmp_path / "gates.npz")]) == 0


def test_the_weights_of_moments_are_handed_out_with_a_word(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["moments", str(tmp_path / "run")]) == 0
    assert capsys.readouterr().err == ""
    own.write_text(OTHERS["of more characters"], "utf-8")
    assert main(["moments", str(tmp_path / "run"), "--json"]) == 0
    printed, errors = capsys.readouterr()
    assert printed.startswith("[{")
    assert errors == f"note: {own} has been changed since the run was kept; bring its text back, or begin a new run\n"


def test_a_queue_does_not_mix_two_texts(own: Path, tmp_path: Path) -> None:
    stage = Stage()
    folder = QueueFolder.create(tmp_path / "queue", of_a_text(own), QueuePlan(seeds=3))
    train(folder.runs[0].experiment, folder=folder.run_folder(1))
    own.write_text(OTHERS["as long, of the same characters"], "utf-8")
    with pytest.raises(QueueError) as refused:
        Queue(folder, jobs=1, clock=stage.clock, process=stage).start()
    assert refused.value.code == "own_data"
    assert f"{own} has been changed" in refused.value.message("en")
    assert f"바뀌었습니다({own})" in refused.value.message("ko")
    own.write_text(TEXT, "utf-8")
    folder.require_own_data()


def test_a_table_is_a_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.csv"
    file.write_text(TABLE, "utf-8")
    layers = (LSTM(hidden_size=4, output="sequence"), Linear(out_features=1))
    experiment = edited(
        of_a_text(file), data=Data(name="series", path=str(file), column="b", length=4), network=Network(layers=layers)
    )
    train(experiment, folder=tmp_path / "run")
    assert main(["gates", str(tmp_path / "run")]) == 0
    file.write_text(TABLE.replace(",3\n", ",4\n", 1), "utf-8")
    capsys.readouterr()
    assert main(["gates", str(tmp_path / "run")]) == 2
    assert f"error: {file} has been changed since the run was kept" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_script_ends_where_its_file_says_something_else(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "own's 글.txt"
    file.write_bytes("가는 말이\r\n고와야 a".encode(encoding))
    lines = f"import hashlib\n{reading_script(str(file))}"
    found: dict[str, object] = {}
    exec(lines, found)
    assert found["text"] == "가는 말이\n고와야 a"
    file.write_bytes("가는 말이\r\n고와야 b".encode(encoding))
    with pytest.raises(SystemExit) as ended:
        exec(lines, {})
    wanted = f"{file} has been changed since this script was written; bring its text back, or export the script anew"
    assert ended.value.code == wanted
