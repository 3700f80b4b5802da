"""The exported script of an own text or an own table reads the same file to the same numbers, in every dialect, and reaches the
engine's losses to the bit; so do folds and options of the data sets for sequences."""

import pytest

from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.scripts.export import to_pytorch
from engine.layers.kinds.activation import Tanh
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.recurrent import GRU
from tests.engine.experiments.test_export import trained

TEXT = '가는 말이 고와야\r\n오는 말이 곱다. "말" 한마디에 천 냥 빚을 갚는다. \\n it\'s 漢字\r\n' * 4
ROWS = [("2024-01-01", "?"), *((f"2024-01-{day:02}", f"{1200 - day * day % 17 * 3.5:.1f}") for day in range(2, 25)), ("x", "-")]
TABLE = "\n".join(["날짜;값", *(f"{day};{value}" for day, value in ROWS)])
FILES = {
    "text.txt": TEXT.encode("cp949"),
    "marked.txt": TEXT.encode("utf-8-sig"),
    "wide 한글's.txt": TEXT.encode("utf-16"),
    "comma.csv": TABLE.replace(";", ",").encode(),
    "german.csv": TABLE.replace(".", ",").encode("cp949"),
    "holes.csv": TABLE.replace("2024-01-09;", "2024-01-09;NA;").encode(),
    "newest.csv": ("# own\n" + "\n".join(f"{day:02}\t{day * day % 13}\t2024.01.{day:02}" for day in range(28, 0, -1))).encode(),
    "spaces.dat": "\n".join(f"  {year}   {year * year % 19}.5" for year in range(1990, 2020)).encode(),
    "single.txt": "\n".join(f"{number * number % 11}" for number in range(30)).encode(),
}
POINTS = {
    "rings": Data(name="circles", samples=120, noise=0.2, seed=5),
    "folded moons": Data(name="moons", samples=90, folds=3, fold=2),
}
OPTIONS = {
    "folded text": Data(name="text", length=15, folds=3, fold=2),
    "additions": Data(name="addition", samples=60, digits=2, reversed="both"),
    "folded copies": Data(name="copy", samples=60, length=7, symbols=3, folds=4, fold=3),
    "column": Data(name="series", column="sunspots", length=5, samples=50),
}


def small(data, vocabulary):
    layers = (Embedding(num_embeddings=vocabulary, embedding_dim=3),) if vocabulary else ()
    network = Network(layers=(*layers, GRU(hidden_size=4, output="sequence"), Linear(out_features=vocabulary or 1)))
    return Experiment(seed=3, data=data, network=network, training=Training(epochs=2, batch_size=8, device="cpu"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Name -> the experiment of its file."""
    folder = tmp_path_factory.mktemp("own")
    experiments = {}
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        is_text = "text" in name or name in ("marked.txt", "wide 한글's.txt")
        data = Data(name="text" if is_text else "series", path=str(folder / name), length=6 if is_text else 3)
        experiments[name] = small(data, len(set(TEXT.replace("\r\n", "\n"))) if is_text else 0)
    for name, data in POINTS.items():
        network = Network(layers=(Linear(out_features=5), Tanh(), Linear(out_features=2)))
        training = Training(epochs=2, batch_size=16, device="cpu")
        experiments[name] = Experiment(seed=3, data=data, network=network, training=training)
    for name, data in OPTIONS.items():
        info = describe(data)
        experiments[name] = small(data, info.outputs if info.tokens else 0)
    return experiments


@pytest.mark.parametrize("name", [*FILES, *POINTS, *OPTIONS])
def test_the_script_reaches_the_same_losses(name, cases, scripts, tmp_path):
    history, weights, total = trained(cases[name])
    (tmp_path / "a script.py").write_text(to_pytorch(cases[name]), "utf-8")
    found = scripts.run(tmp_path / "a script.py")
    _, losses, _ = history.train.since(len(history.train) - len(found["steps"]))  # of the last epoch
    assert [float(loss).hex() for loss in losses] == found["steps"]
    assert float(history.validation.last()[0]).hex() == found["validation"]
    assert (found["weights"], found["sum"]) == (weights, total)
