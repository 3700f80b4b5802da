"""A network's table in the forms to take along."""

from __future__ import annotations

import csv
import io

from engine.layers.catalog import Conv2d, Flatten, Linear, Residual
from engine.network import trace
from engine.report import as_csv, as_markdown, as_table

LAYERS = (
    Conv2d(out_channels=4, kernel_size=3),
    Residual(main=(Conv2d(out_channels=4, kernel_size=3, padding=1),)),
    Flatten(),
    Linear(out_features=10),
)
SMALL = trace(LAYERS, (1, 6, 6))


def test_markdown_has_a_line_a_layer_and_the_totals() -> None:
    lines = as_markdown("Small", SMALL).splitlines()
    assert lines[:4] == [
        "### Small",
        "",
        "| # | layer | output | parameters | MACs | receptive field |",
        "| --- | --- | --- | ---: | ---: | --- |",
    ]
    assert lines[5] == "| 0 | Conv2d | 4×4×4 | 40 | 576 | 3×3 |"  # 4·(9 + 1); 16 cells · 9 · 4
    assert lines[7].startswith("| 1.main.0 | → Conv2d |") and lines[-1] == "|  | total |  | 838 | 3,520 |  |"
    assert all(line.count("|") == 7 for line in lines[2:])


def test_csv_is_read_back_as_numbers() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SMALL))))
    assert rows[0][:3] == ["#", "layer", "output"]
    assert rows[1] == ["", "input", "1x6x6", "", "", ""]
    assert rows[2] == ["0", "Conv2d", "4x4x4", "40", "576", "3x3"]
    assert [int(row[3]) for row in rows if row[1] == "total"] == [40 + 148 + 650]


def test_the_table_for_people_is_aligned() -> None:
    lines = as_table("Small", SMALL).splitlines()
    assert lines[0] == "Small" and len({line.index("parameters") for line in lines if "parameters" in line}) == 1
