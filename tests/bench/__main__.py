"""`make bench`: every ratio, one JSON line each. `make bench ROWS="slider curve"` measures only rows whose name begins so."""

from __future__ import annotations

import importlib
import json
import sys

from engine import kernels

MODULES = {  # module -> the rows it measures
    "startup": ("window", "first_maps"),
    "first_step": ("first_step",),
    "sliders": ("slider_16", "slider_64"),
    "training": ("train_tutorial", "train_tuned", "lstm_tuned"),
    "graph": ("graph",),
    "live": ("live", "frame_gap"),
    "lstm_live": ("lstm_live",),
    "pointing": ("remembered",),
    "probing": ("probe",),
    "dragging": ("frame_gap", "step"),
    "boards": ("board_slider", "board_start"),
    "moves": ("reach", "weight_gradient", "lit_grid", "hover", "step", "large_table"),
    "traces": ("trace_vgg19", "retrace_150"),
    "curve": ("curve",),
    "memory": ("memory",),
    "queue_runs": ("queue",),
    "two_processes": ("ddp2",),
    "seeds_at_once": ("seeds32",),
    "own_pictures": ("loader",),
    "run_lists": ("run_list", "compare"),
    "doctor": ("doctor_first", "doctor_repairs"),
    "doctor_alarms": ("doctor_alarms",),
    "timeline": ("timeline",),
    "sequence_goals": (
        *("goal_adding_50", "goal_adding_100", "goal_adding_rnn", "goal_counting"),
        *("goal_walk", "goal_sine", "goal_addition", "goal_copy"),
    ),
    "sequences": ("gates", "through_time"),
    "accuracy": ("accuracy",),
    "peers": ("peers", "peers_queue"),
}


def main(wanted: list[str]) -> int:
    kernels.keep_few()  # as both entry points do
    kernels.multiply_in_one_thread()
    missed = 0
    for module, names in MODULES.items():
        if wanted and not any(name.startswith(start) for name in names for start in wanted):
            continue
        for row in importlib.import_module(f"tests.bench.{module}").rows():
            print(json.dumps(row), flush=True)
            missed += not _met(row)
    print(f"{missed} goals missed" if missed else "all goals met", file=sys.stderr)
    return 0


def _met(row: dict[str, object]) -> bool:
    relation, limit = str(row["goal"]).split()[:2]
    value = float(str(row.get("ratio", row.get("value"))))
    return value <= float(limit) if relation == "<=" else value >= float(limit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
