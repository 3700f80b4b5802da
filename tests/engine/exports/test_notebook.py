"""The exported notebook: valid as Jupyter has it, and run by Jupyter from top to bottom to the run's own losses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from engine.experiments.experiment import Experiment, preset, preset_names
from engine.experiments.scripts.export import to_pytorch
from engine.exports.notebook import notebook
from engine.exports.outgoing import Outgoing
from engine.words import LANGUAGES
from tests.engine.exports.small_runs import DROPPING, changed_run
from tests.patience import GIVE_UP_S

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "ignore::ResourceWarning")  # of Jupyter's own packages


def read(text: str) -> Any:
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book, relax_add_props=False)
    return book


def codes(book: Any) -> list[str]:
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", preset_names())
def test_a_notebook_is_valid_and_its_code_is_the_scripts(name: str, language: str) -> None:
    experiment = preset(name)
    text = notebook(experiment, language=language)
    book = read(text)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)
    assert book.metadata.language_info.file_extension == ".py"
    assert book.metadata.language_info.nbconvert_exporter == "python"
    _, script = to_pytorch(experiment).split('"""\n\n', 1)
    own = [code for code in codes(book) if not code.startswith("DATA = ")]
    assert "\n".join("\n\n\n".join(own).split()) == "\n".join(script.split())
    said = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    with_file = any(code.startswith("DATA = ") for code in codes(book))
    assert len(said) == len(own) + 2 + with_file, "each part has its words"
    hangul = sum("가" <= sign <= "힣" for sign in "".join(said))
    assert hangul > 300 if language == "ko" else hangul < 20


def test_the_lines_of_a_cell_keep_their_ends() -> None:
    content = json.loads(notebook(DROPPING))
    for cell in content["cells"]:
        assert all(line.endswith("\n") for line in cell["source"][:-1])
        assert all("\n" not in line[:-1] for line in cell["source"])
        assert not cell["source"][-1].endswith("\n")


def executed(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, asked: str) -> Any:
    """The notebook after Jupyter has run it, with a cell more at its end, whose text output is returned."""
    from nbclient import NotebookClient

    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    book = read(text)
    book.cells.append(nbformat.v4.new_code_cell(asked))
    NotebookClient(book, timeout=GIVE_UP_S, resources={"metadata": {"path": str(folder)}}).execute()
    return book


def printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_jupyter_runs_it_to_the_runs_own_losses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With dropout, batch normalisation, a schedule, and rate, momentum and clipping changed in mid-run. The validation draws
    nothing from torch's generator, from which dropout draws."""
    run = Outgoing.of_run(changed_run(tmp_path / "run"))
    assert run.rates and {change.name for change in run.changes} == {"momentum", "clip"}
    text = notebook(run.experiment, run.rates, run.threads, run.changes, "ko")
    asked = "import json; print(json.dumps([[loss.hex() for loss in losses], float(validation_loss).hex()]))"
    book = executed(text, tmp_path, monkeypatch, asked)
    steps, validation = json.loads(printed(book.cells[-1]))
    assert run.history is not None
    _, wanted, _ = run.history.train.since(len(run.history.train) - len(steps))
    assert [float(loss).hex() for loss in wanted] == steps
    last, _ = run.history.validation.last() or (0.0, 0.0)
    assert float(last).hex() == validation
    loop = next(cell for cell in book.cells if cell.id == "loop")
    lines = printed(loop).splitlines()
    losses = [f"{value:.9g}" for value in run.history.validation.since()[1]]
    assert [line.split("validation ")[1].split(",")[0] for line in lines] == losses


def test_the_data_file_of_ours_is_found_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script is given the file as its argument; a notebook has none."""
    book = read(notebook(preset("lenet-5")))
    path = next(code for code in codes(book) if code.startswith("DATA = "))
    named = next(cell for cell in book.cells if cell.id == "data").source
    space: dict[str, Any] = {"DEVICE": "cpu", "SEED": 0}
    exec(f"{book.cells[2].source}\n", space)
    monkeypatch.setattr("sys.argv", ["of the tests"])
    exec(f"{path}\n{named}", space)
    assert len(space["x_train"]) == 4000


def test_a_name_is_no_markdown_and_no_code() -> None:
    experiment = Experiment(name='<b>*x*</b> """ # $y$', data=DROPPING.data, network=DROPPING.network)
    book = read(notebook(experiment))
    assert book.cells[0].source.splitlines()[0] == '# \\<b\\>\\*x\\*\\</b\\> """  \\$y\\$'
    for code in codes(book):
        compile(code, "cell", "exec")


def test_validation_draws_nothing_from_the_global_generator(scripts: Any, tmp_path: Path) -> None:
    """A pass over a DataLoader would: with the validation taken away, the script's training losses stay what they are."""
    script = to_pytorch(DROPPING)
    assert "DataLoader" not in script
    before, after = script.split("    model.eval()\n"), "    validation_loss, hits = 0.0, 0\n"
    without = before[0] + after + '    print(f"epoch {epoch}: loss {train_loss:.9g}, validation 0")\n'
    found = []
    for name, text in (("with.py", script), ("without.py", without)):
        (tmp_path / name).write_text(text, "utf-8")
        found.append(scripts.run(tmp_path / name)["steps"])
    assert found[0] == found[1]
