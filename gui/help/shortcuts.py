"""Every key of the program: those of the menus, read from their actions, and those that a control listens to itself, from the
table here. A test reads the sources and holds that the table names every key that is listened to, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence

from gui.help.help_list import HelpRow
from gui.shell.language import say

TABLE = "keys"
ARROWS = ("Left", "Right", "Up", "Down")
SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


@dataclass(frozen=True)
class Listening:
    """What some keys do in a module. `code` is its sentence in `assets/words/keys.toml`, `keys` are as QKeySequence writes
    them."""

    group: str
    module: str
    code: str
    keys: tuple[str, ...]


_CONVOLUTION, _NETWORK, _WIDGETS = "gui.labs.convolution", "gui.labs.network", "gui.widgets"
_BACKPROPAGATION = "gui.labs.foundations.backpropagation"
_GRADIENT = "gui.labs.foundations.gradient.parts"
_COLLECTING = "gui.labs.training.collecting"
_PERCEPTRON = "gui.labs.foundations.perceptron"
_FOUNDATIONS = "gui.labs.foundations"
LISTENING: tuple[Listening, ...] = (
    Listening("foundations", f"{_PERCEPTRON}.plane_view", "add_plane_point", ("Return",)),
    Listening("foundations", f"{_PERCEPTRON}.plane_view", "remove_plane_point", ("Del",)),
    Listening("convolution", f"{_CONVOLUTION}.cell.scene_card", "play_window", ("Space",)),
    Listening("convolution", f"{_CONVOLUTION}.cell.scene_card", "free_cell", ("Esc",)),
    Listening("convolution", f"{_CONVOLUTION}.cell.linked_grids", "free_cell", ("Esc",)),
    Listening("convolution", f"{_CONVOLUTION}.backward.backward_view", "free_cell", ("Esc",)),
    Listening("convolution", f"{_CONVOLUTION}.cell.overview", "move_lens", ARROWS),
    Listening("convolution", f"{_WIDGETS}.maps.feature_wall", "walk_maps", ARROWS),
    Listening("convolution", f"{_WIDGETS}.maps.feature_wall", "read_map", tuple(f"Shift+{key}" for key in ARROWS)),
    Listening("convolution", f"{_WIDGETS}.maps.feature_wall", "ends_of_maps", ("Home", "End")),
    Listening("convolution", f"{_WIDGETS}.maps.feature_wall", "enlarge_map", ("Return", "Space")),
    Listening("convolution", f"{_WIDGETS}.maps.feature_wall", "all_maps", ("Esc",)),
    Listening("convolution", f"{_CONVOLUTION}.maps.wall_card", "maps_menu", ("Menu",)),
    Listening("convolution", f"{_CONVOLUTION}.pages.step_chart", "walk_stairs", ("Left", "Right", "Home", "End")),
    Listening("convolution", f"{_CONVOLUTION}.pages.memory_strip", "walk_memory", ("Left", "Right", "PgUp", "PgDown")),
    Listening("convolution", f"{_CONVOLUTION}.pages.tensor_page", "choose_picture", ("Left", "Right")),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "walk_layers", ("Up", "Down", "PgUp", "PgDown", "Home", "End")),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "fold_block", ("Left", "Right")),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "edit_layer", ("Return",)),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "add_layer", ("Ins",)),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "switch_layer", ("Space",)),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "remove_layer", ("Del", "Backspace")),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "duplicate_layer", ("Ctrl+D",)),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "move_layer", ("Alt+Up", "Alt+Down")),
    Listening("network", f"{_WIDGETS}.stack.layer_stack", "drop_nothing", ("Esc",)),
    Listening("network", f"{_NETWORK}.stack.layer_palette", "walk_palette", ("Up", "Down", "PgUp", "PgDown")),
    Listening("network", f"{_NETWORK}.stack.layer_palette", "take_kind", ("Return",)),
    Listening("network", f"{_NETWORK}.stack.layer_palette", "close_palette", ("Esc",)),
    Listening("network", f"{_NETWORK}.maps.thumbnails", "choose_thumbnail", ("Left", "Right", "Home", "End")),
    Listening("network", f"{_NETWORK}.maps.patch_picture", "move_unit", ARROWS),
    Listening("network", f"{_NETWORK}.maps.patch_picture", "move_unit_far", tuple(f"Shift+{key}" for key in ARROWS)),
    Listening("network", f"{_NETWORK}.maps.patch_picture", "centre_unit", ("Home",)),
    Listening("network", f"{_NETWORK}.maps.class_bars", "walk_classes", ("Up", "Down", "Home", "End")),
    Listening("network", f"{_NETWORK}.maps.class_bars", "choose_class", ("Return",)),
    Listening("network", f"{_NETWORK}.pages.other_cards", "back_to_network", ("Esc",)),
    Listening("training", "gui.labs.training.pages.prediction_card", "choose_sample", ARROWS),
    Listening("training", "gui.running.timeline.timeline_card", "leave_moment", ("Esc",)),
    Listening("training", "gui.labs.training.inside.output_view", "walk_maps", ARROWS),
    Listening("training", "gui.labs.training.inside.layer_table", "walk_layer_rows", ("Up", "Down", "Home", "End")),
    Listening("training", "gui.labs.training.inside.layer_table", "open_histograms", ("Return",)),
    Listening("foundations", "gui.labs.foundations.lab", "play_board", ("Space",)),
    Listening("plots", "gui.plots.unit_bars", "walk_units", ("Left", "Right")),
    Listening("training", "gui.labs.training.judged.sample_tiles", "walk_samples", ARROWS),
    Listening("training", "gui.labs.training.judged.sample_tiles", "show_sample", ("Return",)),
    Listening("training", "gui.labs.training.judged.judged_page", "back_to_matrix", ("Esc",)),
    Listening("training", "gui.labs.training.trying.answer_bars", "saliency_of_class", ("Up", "Down")),
    Listening("training", "gui.labs.training.data.samples.sample_sheet", "walk_data", ARROWS),
    Listening("training", "gui.labs.training.data.samples.sample_sheet", "enlarge_sample", ("Return",)),
    Listening("training", "gui.labs.training.data.column_table", "read_column", ("Space",)),
    Listening("training", "gui.labs.training.data.samples.large_sample", "turn_sample", ("Left", "Right")),
    Listening("training", "gui.labs.training.data.samples.large_sample", "back_to_data", ("Esc",)),
    Listening("sequence", "gui.running.timeline.timeline_card", "leave_moment", ("Esc",)),
    Listening("sequence", "gui.labs.sequence.gates.gate_maps", "walk_gates", ARROWS),
    Listening("sequence", "gui.labs.sequence.gates.gate_maps", "walk_gates_far", ("PgUp", "PgDown", "Home", "End")),
    Listening("sequence", "gui.labs.sequence.one_step.cell_diagram", "step_through_cell", ARROWS),
    Listening("sequence", "gui.labs.sequence.remembering.tinted_text", "walk_text", ARROWS),
    Listening("sequence", "gui.labs.sequence.remembering.tinted_picture", "walk_picture_rows", ("Up", "Down")),
    Listening("sequence", "gui.labs.sequence.predicting.character_sheet", "walk_characters", (*ARROWS, "Home", "End")),
    Listening(
        "sequence", "gui.labs.sequence.embedding.lookup_picture", "walk_words", ("Up", "Down", "PgUp", "PgDown", "Home", "End")
    ),
    Listening("sequence", "gui.labs.sequence.embedding.neighbour_bars", "walk_neighbours", ("Up", "Down")),
    Listening("sequence", "gui.labs.sequence.embedding.neighbour_bars", "choose_neighbour", ("Return",)),
    Listening("foundations", f"{_BACKPROPAGATION}.graph.graph_view", "step_through_graph", ("Left", "Right", "Home", "End")),
    Listening("foundations", f"{_BACKPROPAGATION}.graph.graph_view", "move_graph", tuple(f"Shift+{key}" for key in ARROWS)),
    Listening("foundations", f"{_BACKPROPAGATION}.graph.graph_view", "zoom_graph", ("+", "-")),
    Listening("foundations", f"{_BACKPROPAGATION}.graph.graph_view", "whole_graph", ("0",)),
    Listening("plots", "gui.plots.sequences.named_points", "walk_points", ARROWS),
    Listening("plots", "gui.plots.matrices.confusion_plot", "choose_cell", ("Return",)),
    Listening("plots", "gui.plots.swept.parallel_plot", "walk_results", ("Up", "Down")),
    Listening("plots", "gui.plots.curves", "move_cursor", ("Left", "Right")),
    Listening("plots", "gui.plots.lines", "move_cursor", ("Left", "Right")),
    Listening("plots", "gui.plots.rates", "move_cursor", ("Left", "Right")),
    Listening("plots", "gui.plots.sequences.step_lines", "move_cursor", ("Left", "Right")),
    Listening("plots", "gui.plots.sequences.step_lines", "choose_step", ("Return",)),
    Listening("plots", "gui.plots.curves", "zoom_plot", ("+", "-")),
    Listening("plots", "gui.plots.curves", "whole_plot", ("0",)),
    Listening("plots", "gui.plots.matrices.cell_keys", "walk_cells", ARROWS),
    Listening("plots", "gui.plots.matrices.heat_map", "choose_cell", ("Return",)),
    Listening("plots", f"{_FOUNDATIONS}.initialisation.combination_table", "walk_cells", ARROWS),
    Listening("plots", f"{_FOUNDATIONS}.initialisation.combination_table", "choose_cell", ("Return",)),
    Listening("grids", f"{_WIDGETS}.grids.number_grid", "walk_cells", ARROWS),
    Listening("grids", f"{_FOUNDATIONS}.normalisation.batch_table", "walk_cells", ARROWS),
    Listening("grids", f"{_WIDGETS}.grids.number_grid", "ends_of_row", ("Home", "End")),
    Listening("grids", f"{_WIDGETS}.grids.number_grid", "pin_cell", ("Return",)),
    Listening("grids", f"{_WIDGETS}.grids.number_grid", "free_cell", ("Esc",)),
    Listening("grids", f"{_WIDGETS}.grids.number_grid", "zoom_grid", ("+", "-")),
    Listening("grids", f"{_WIDGETS}.grids.grid_editing", "set_weight", ("F2",)),
    Listening("grids", f"{_WIDGETS}.grids.grid_editing", "nudge_weight", ("Alt+Up", "Alt+Down")),
    Listening("grids", f"{_WIDGETS}.grids.cell_editor", "discard_number", ("Esc",)),
    Listening("grids", f"{_WIDGETS}.grids.grid_menu", "show_table", ("T",)),
    Listening("grids", f"{_WIDGETS}.grids.number_table", "copy_cells", ("Ctrl+C",)),
    Listening("plots", "gui.plots.graphs.graph_plot", "move_handle", ARROWS),
    Listening("plots", "gui.plots.graphs.graph_plot", "move_handle_far", tuple(f"Shift+{key}" for key in ARROWS)),
    Listening("plots", "gui.plots.graphs.graph_plot", "choose_handle", ("PgUp", "PgDown")),
    Listening("plots", "gui.plots.graphs.graph_plot", "remove_handle", ("Del",)),
    Listening("foundations", f"{_GRADIENT}.matrix_cells", "walk_matrix", ARROWS),
    Listening("foundations", f"{_GRADIENT}.terms_table", "walk_terms", ("Up", "Down", "PgUp", "PgDown", "Home", "End")),
    Listening("foundations", f"{_GRADIENT}.terms_table", "copy_terms", ("Ctrl+C",)),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_canvas", "move_brush", ARROWS),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_canvas", "move_brush_far", tuple(f"Shift+{key}" for key in ARROWS)),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_canvas", "draw", ("Space",)),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_pad", "brush_eraser", ("B", "E")),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_pad", "thickness", ("[", "]")),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_pad", "undo_stroke", ("Ctrl+Z",)),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_pad", "redo_stroke", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Listening("drawing", f"{_WIDGETS}.pictures.drawing_pad", "clear_drawing", ("Del",)),
    Listening("drawing", f"{_COLLECTING}.collecting_pad", "choose_label", tuple("1234567890")),
    Listening("drawing", f"{_COLLECTING}.label_rows", "walk_labels", ("Up", "Down")),
    Listening("drawing", f"{_COLLECTING}.collecting_pad", "keep_drawing", ("Return",)),
    Listening("drawing", f"{_COLLECTING}.collecting_pad", "take_drawing_back", ("Backspace",)),
    Listening("help", "gui.help.help_list", "walk_rows", ("Up", "Down", "PgUp", "PgDown")),
    Listening("help", "gui.help.tour", "leave_tour", ("Esc",)),
    Listening("help", f"{_WIDGETS}.forms.number_box", "take_number", ("Return",)),
    Listening("help", f"{_WIDGETS}.forms.number_box", "discard_number", ("Esc",)),
    Listening("help", f"{_WIDGETS}.forms.number_box", "play_from_number", ("Space",)),
    Listening("help", "gui.shell.focus_home", "correct_number", ("Backspace",)),
    Listening("help", f"{_WIDGETS}.forms.text_line", "leave_text", ("Return", "Esc")),
)


def native(keys: str) -> str:
    """Keys as the system writes them, arrows as signs."""
    spoken = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    for name, sign in SIGNS.items():
        own = QKeySequence(name).toString(QKeySequence.SequenceFormat.NativeText)
        if keys.endswith(name) and spoken.endswith(own):
            return spoken.removesuffix(own) + sign
    return spoken


def _aloud(keys: Iterable[str]) -> str:
    return ", ".join(QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys)


def _plain(text: str) -> str:
    """A menu's text without its mnemonic and dots."""
    return re.sub(r"\(&\w\)|&", "", text).removesuffix("...").removesuffix("…").strip()


def of_actions(actions: Iterable[QAction], menu: str = "") -> list[HelpRow]:
    """A row for each action that has keys; the menu's title says where it is found."""
    rows = []
    for action in actions:
        keys = [shortcut.toString(QKeySequence.SequenceFormat.PortableText) for shortcut in action.shortcuts()]
        if keys:
            rows.append(
                HelpRow(
                    ": ".join(filter(None, (_plain(menu), _plain(action.text())))),
                    "   ".join(map(native, keys)),
                    said=_aloud(keys),
                )
            )
    return rows


def listened(group: str) -> list[HelpRow]:
    """The rows of the table for one group; what several controls do alike is said once."""
    rows: dict[tuple[str, tuple[str, ...]], HelpRow] = {}
    for each in LISTENING:
        if each.group == group:
            rows.setdefault(
                (each.code, each.keys),
                HelpRow(say(TABLE, each.code), "   ".join(map(native, each.keys)), said=_aloud(each.keys)),
            )
    return list(rows.values())


def shortcut_rows(
    menus: Iterable[tuple[str, Iterable[QAction]]], labs: Iterable[tuple[str, str, Iterable[QAction]]]
) -> list[HelpRow]:
    """All rows. `menus` are the titles of the window's menus and their actions; `labs` are each lab's name, title and own
    actions."""
    rows = [HelpRow(say(TABLE, "group.everywhere"), heading=True)]
    for menu, actions in menus:
        rows += of_actions(actions, menu)
    rows += listened("help")
    for name, title, actions in labs:
        rows += [HelpRow(title, heading=True), *of_actions(actions), *listened(name)]
    for group in ("plots", "grids", "drawing"):
        rows += [HelpRow(say(TABLE, f"group.{group}"), heading=True), *listened(group)]
    return rows
