"""A network's table in the forms to take along."""

from __future__ import annotations

import csv
import io

from engine.layers.catalog import Conv2d, Flatten, Linear, Residual
from engine.networks.summary import as_csv, as_markdown, as_table
from engine.networks.trace import trace

LAYERS = (
    Conv2d(out_channels=4, kernel_size=3),
    Residual(main=(Conv2d(out_channels=4, kernel_size=3, padding=1),)),
    Flatten(),
    Linear(out_features=10),
)
SMALL = trace(LAYERS, (1, 6, 6))


def test_markdown_has_a_line_a_layer_and_the_totals() -> None:
    lines = as_markdown("Small", SMALL, LAYERS).splitlines()
    assert lines[0] == "### Small" and lines[3] == "| --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- |"
    assert lines[5].startswith(
        "| 0 | Conv2d 4, 3×3 | 4×4×4 | 40 | 4.8% | 576 | 256 B |"
    )  # 4·(9 + 1); 16 cells · 9 · 4; 64 · 4 bytes
    assert lines[7].startswith("| 1.main.0 | → Conv2d 4, 3×3, p1 | 4×4×4 | 148 |")
    assert lines[-1].startswith("|  | total |  | 838 |  | 3,520 |") and all(line.count("|") == 10 for line in lines[2:])


def test_csv_is_read_back_as_numbers() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SMALL, LAYERS))))
    assert rows[0][:3] == ["#", "layer", "output"]
    assert rows[1] == ["", "input", "1x6x6", "", "", "", "", "", ""]
    assert rows[2][:3] == ["0", "Conv2d 4, 3×3", "4x4x4"]
    assert rows[2][3:] == ["40", "4.8", "576", "256", "3x3", "1x1"]
    assert [int(row[3]) for row in rows if row[1] == "total"] == [40 + 148 + 650]


def test_the_table_for_people_is_aligned() -> None:
    lines = as_table("Small", SMALL, LAYERS).splitlines()
    assert lines[0] == "Small" and len({line.index("parameters") for line in lines if "parameters" in line}) == 1
