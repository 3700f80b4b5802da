"""All runs on disk, as one of the views of the training lab: the table with what can be done with a run, and below it the
pinned runs' curves over each other.

It reads and changes folders; what is shown as "this run", and what is trained, is the lab's. Called by the lab.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QFile, QPoint, QStandardPaths, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QMessageBox, QPushButton, QSplitter, QVBoxLayout, QWidget

from engine.figures import full_count
from engine.runs.failures import RunError
from engine.runs.library.run_list import Standing
from engine.runs.library.run_notes import rename, write_note
from engine.runs.lock import is_in_use
from engine.words import printable
from gui.labs.training.runs.overlay import Overlay
from gui.labs.training.runs.run_dialogs import EpochsDialog, NameDialog, NoteDialog
from gui.labs.training.runs.run_rows import RunRow, shown_name
from gui.labs.training.runs.runs_feed import RunsFeed
from gui.labs.training.runs.runs_table import RunsTable
from gui.labs.training.runs.runs_view import MOST_PINNED, RunsView, with_pin
from gui.plots.save import table
from gui.shell import saving
from gui.shell.language import language, told
from gui.shell.status_line import report
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine


class RunsPage(QWidget):
    """`set_view` says how the runs are looked at; the user's own way is `view_edited`."""

    view_edited = Signal(object)  # a RunsView
    open_asked = Signal(object)  # the Path of a run
    resume_asked = Signal(object, object)  # the Path of a run, for how many epochs more, or None
    renamed = Signal(object, str)  # the Path of a run, its new name
    deleted = Signal(object)  # the Path of a run that is in the trash now

    def __init__(self, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.root = root
        self._view = RunsView()
        self._rows: tuple[RunRow, ...] = ()
        self._own: Path | None = None  # the folder that this window trains in
        self._too_many = False  # runs were to be pinned
        self._listed = False
        self.feed = RunsFeed(root, self)
        self.filter, self.count, self.details = QLineEdit(), label("muted"), OneLine()
        self.table, self.overlay = RunsTable(), Overlay()
        self.buttons = {name: QPushButton() for name in ("open", "resume", "rename", "note", "folder", "delete", "csv")}
        self._lay_out()
        self.filter.textEdited.connect(lambda text: self._edit(filter=text))
        self.table.runs.sorted_by.connect(lambda column, falling: self._edit(sort=column, descending=falling))
        self.table.runs.pinned.connect(self._pin)
        self.table.chosen_changed.connect(self._show_chosen)
        self.table.runs.layoutChanged.connect(self._show_chosen)
        self.table.activated.connect(lambda _index: self._do("open"))
        self.table.customContextMenuRequested.connect(self._menu_at)
        self.overlay.view_edited.connect(self._take_view)
        self.overlay.drawn.connect(self.table.runs.show_looks)
        self.feed.listed.connect(self._take_list)
        self.feed.followed.connect(self.overlay.show_followed)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self._do(name))
        self.retranslate()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(120)
        self.filter.setMaximumWidth(260)
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.count)
        tools.addStretch(1)
        for button in self.buttons.values():
            button.setProperty("role", "link")
            tools.addWidget(button)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(self.details)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(12)
        parts.addWidget(top)
        parts.addWidget(self.overlay)
        parts.setStretchFactor(0, 5)
        parts.setStretchFactor(1, 6)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(parts)

    # --- how it is looked at

    def set_view(self, view: RunsView) -> None:
        """Show the runs that way; nothing is emitted."""
        self._view = view
        if self.filter.text() != view.filter:
            self.filter.setText(view.filter)
        self.table.set_view(view)
        self.overlay.set_view(view)
        self.feed.follow(tuple(run.folder for run in view.pinned))
        self._write_count()

    @Slot(object)
    def _take_view(self, view: RunsView) -> None:
        self.set_view(view)
        self.view_edited.emit(view)

    def _edit(self, **changes: object) -> None:
        self._take_view(msgspec.structs.replace(self._view, **changes))

    @Slot(str, bool)
    def _pin(self, folder: str, pinned: bool) -> None:
        self.pin_all([folder], pinned=pinned)

    def set_own(self, folder: Path | None) -> None:
        """The folder that this window trains in; None: it trains in none."""
        if folder != self._own:
            self._own = folder
            self.table.runs.show_rows(self._rows, folder)
            self._show_chosen()
            self.feed.look()

    # --- what has been read

    @Slot(object)
    def _take_list(self, rows: tuple[RunRow, ...]) -> None:
        self._listed = True
        if rows != self._rows:
            self._rows = rows
            self.table.runs.show_rows(rows, self._own)
        self._write_count()
        self._show_chosen()

    @property
    def rows(self) -> tuple[RunRow, ...]:
        return self._rows

    def _write_count(self) -> None:
        shown, there = len(self.table.runs.rows), len(self._rows)
        if not self._listed:
            text = self.tr("Reading ...")
        elif not there:
            text = self.tr("No runs yet")
        elif shown == there:
            text = self.tr("{count} runs").format(count=full_count(there))
        else:
            text = self.tr("{shown} of {count} runs").format(shown=full_count(shown), count=full_count(there))
        set_text(self.count, text)

    @Slot()
    def _show_chosen(self) -> None:
        """What can be done with the runs that are selected, and what there is to say of one."""
        chosen = self.table.chosen
        one = chosen[0] if len(chosen) == 1 else None
        free = bool(chosen) and all(row.run.standing is not Standing.RUNNING for row in chosen)
        can = {
            "open": one is not None and one.run.standing is not Standing.DAMAGED and (free or one.run.path != self._own),
            "resume": one is not None and one.run.can_go_on and self._own is None,
            "rename": one is not None and one.run.standing is not Standing.DAMAGED,
            "note": one is not None,
            "folder": one is not None,
            "delete": free,
            "csv": bool(self.table.runs.rows),
        }
        for name, possible in can.items():
            self.buttons[name].setEnabled(possible)
        running = one is not None and one.run.standing is Standing.RUNNING
        self.buttons["open"].setText(self.tr("Follow") if running else self.tr("Open"))
        if self._too_many:
            text = self.tr("At most {most} runs can be pinned at once. Unpin some first.").format(most=MOST_PINNED)
        elif one is None:
            text = self.tr("{count} runs are selected").format(count=len(chosen)) if chosen else ""
        else:
            folder, sentence = one.run.path.relative_to(self.root).as_posix(), one.run.sentence(language())
            text = " · ".join(part for part in (folder, sentence, " ".join(one.run.note.split())) if part)
        self.details.set_text(printable(text))

    # --- what can be done

    def _do(self, name: str) -> None:
        if self.buttons[name].isEnabled():
            work: Callable[[], None] = getattr(self, f"{name}_chosen")
            work()

    def open_chosen(self) -> None:
        """Show the run as this window's, or follow one that somebody writes."""
        self.open_asked.emit(self.table.chosen[0].run.path)

    def resume_chosen(self) -> None:
        """Go on with the run; one that has done all of its epochs asks for how many more."""
        run = self.table.chosen[0].run
        if run.epochs_done < run.epochs:
            self.resume_asked.emit(run.path, None)
            return
        dialog = EpochsDialog(shown_name(run, language()), run.epochs_done, run.epochs, self)
        dialog.accepted.connect(lambda: self.resume_asked.emit(run.path, dialog.epochs))
        dialog.open()

    def rename_chosen(self) -> None:
        run = self.table.chosen[0].run
        name = shown_name(run, language())
        dialog = NameDialog(name, self)
        dialog.accepted.connect(lambda: self.rename_run(run.path, dialog.box.text(), name))
        dialog.open()

    def rename_run(self, path: Path, name: str, before: str = "") -> None:
        """Call the run `name`, where that is another one than `before`, as which it was shown."""
        name = " ".join(name.split())
        if name != before and self._changed(dialog_title=self.tr("Rename the run"), work=lambda: rename(path, name)):
            self.renamed.emit(path, name)

    def note_chosen(self) -> None:
        run = self.table.chosen[0].run
        dialog = NoteDialog(shown_name(run, language()), run.note, self)
        dialog.accepted.connect(lambda: self._changed(self.tr("Note"), lambda: write_note(run.path, dialog.note)))
        dialog.open()

    def _changed(self, dialog_title: str, work: Callable[[], None]) -> bool:
        """Change a run's folder; says why where that is refused."""
        try:
            work()
        except RunError as error:
            QMessageBox.warning(self, dialog_title, told(error))
            return False
        self.feed.look()
        return True

    def folder_chosen(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.table.chosen[0].run.path)))

    def delete_chosen(self) -> None:
        """Move the runs to the system's trash, once the user has agreed to it."""
        chosen = [row.run for row in self.table.chosen]
        names = "\n".join(f"{shown_name(run, language())} ({run.path.name})" for run in chosen[:8])
        if len(chosen) > 8:
            names += "\n..."
        question = self.tr("Move these runs to the trash? They can be brought back from there.")
        buttons = QMessageBox.StandardButton
        title = self.tr("Move to the trash")
        answer = QMessageBox.question(self, title, f"{question}\n\n{names}", buttons.Yes | buttons.No, buttons.No)
        if answer == buttons.Yes:
            for run in chosen:
                self.delete_run(run.path)
            self.feed.look()

    def delete_run(self, path: Path) -> None:
        """Move a run to the system's trash; says so, or that it is refused."""
        if is_in_use(path):  # begun again since the list was read
            QMessageBox.warning(self, self.tr("Move to the trash"), told(RunError("in_use", folder=path)))
            return
        if not moved_to_trash(path):
            words = self.tr("{folder} cannot be moved to the trash. Nothing has been deleted.")
            QMessageBox.warning(self, self.tr("Move to the trash"), words.format(folder=path))
            return
        report(self, self.tr("In the trash: {name}").format(name=path.name))
        if any(pin.folder == str(path) for pin in self._view.pinned):
            self._pin(str(path), False)
        self.deleted.emit(path)

    def csv_chosen(self) -> None:
        """Save the table as it is shown."""
        kinds = [self.tr("Tables (*.csv)")]
        saving.ask_and_save(self, self.tr("Save the table"), self.tr("runs"), kinds, lambda _path: self.as_csv())

    def as_csv(self) -> str:
        """The table as it is shown, with the values in full and the folder of each run."""
        model = self.table.runs
        columns: dict[str, list[object]] = {head: [] for head in (*model.heads, self.tr("Note"), self.tr("Folder"))}
        for row in model.rows:
            run = row.run
            cells: list[object] = [*model.texts(row)]
            cells[2], cells[3] = run.best_accuracy, run.best_loss
            for column, cell in zip(columns.values(), (*cells, run.note or None, str(run.path)), strict=True):
                column.append(cell)
        return table(columns)

    @Slot(QPoint)
    def _menu_at(self, place: QPoint) -> None:
        if not self.table.chosen:
            return
        menu = QMenu(self)
        for name, button in self.buttons.items():
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(lambda _on=False, name=name: self._do(name))
        folders = [str(row.run.path) for row in self.table.chosen if row.run.standing is not Standing.DAMAGED]
        pinned = {run.folder for run in self._view.pinned}
        menu.addSeparator()
        words = self.tr("Unpin") if set(folders) <= pinned else self.tr("Pin")
        pin = menu.addAction(words)
        pin.setEnabled(bool(folders))
        pin.triggered.connect(lambda: self.pin_all(folders, pinned=not set(folders) <= pinned))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def pin_all(self, folders: list[str], *, pinned: bool = True) -> None:
        """Lay the curves of the runs in these folders over the others, or take them away."""
        view = self._view
        for folder in folders:
            view = with_pin(view, folder, pinned)
        self._too_many = pinned and not {run.folder for run in view.pinned}.issuperset(folders)
        self._take_view(view)
        self._show_chosen()

    # --- while it is on the screen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.feed.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.feed.set_active(False)

    def close_page(self, deadline_s: float) -> None:
        """Join its threads."""
        self.feed.close(deadline_s)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setToolTip(self.tr("Only runs with all of these words in a cell, their folder or their note"))
        words = {
            "open": (self.tr("Open"), self.tr("Show it as this run. One that another process trains is shown as it grows")),
            "resume": (self.tr("Go on"), self.tr("Go on where the run has ended; a completed one for more epochs")),
            "rename": (self.tr("Rename"), self.tr("Give the run another name")),
            "note": (self.tr("Note"), self.tr("Write down what you want to remember of the run")),
            "folder": (self.tr("Folder"), self.tr("Show the run's folder")),
            "delete": (self.tr("Trash"), self.tr("Move the selected runs to the trash")),
            "csv": (self.tr("Save CSV"), self.tr("Save the table as it is shown")),
        }
        for name, (text, tip) in words.items():
            self.buttons[name].setText(text)
            self.buttons[name].setToolTip(tip)
        self.table.setAccessibleName(self.tr("All runs"))
        self.table.runs.retranslate()
        self._write_count()
        self._show_chosen()


def moved_to_trash(path: Path) -> bool:
    """Move a folder to the system's trash; whether that was possible. On Linux the trash lies in a folder that may not be there
    yet."""
    with suppress(OSError):
        Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)).mkdir(
            parents=True, exist_ok=True
        )
    moved: object = QFile.moveToTrash(str(path))
    return bool(moved[0] if isinstance(moved, tuple) else moved)
