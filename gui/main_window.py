"""The window: the list of labs, menus, shortcuts, the status bar, and what is remembered over restarts.

A lab is made when it is first shown, so that the first one is on screen soon. torch is imported after the first paint.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, QStringListModel, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListView,
    QMainWindow,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.experiments.experiment import Experiment, to_toml
from engine.runs.folder import default_root
from gui.documents import Documents
from gui.help.help_menu import HelpMenu
from gui.lab.base import Lab, Services
from gui.lab.names import LABS, NETWORK, TITLES, TRAINING, LabText, recognised
from gui.shell import settings as stored
from gui.shell import theme
from gui.shell.errors import LOG
from gui.shell.language import LANGUAGES, NAMES, Language, language, say, set_language, system_language
from gui.shell.loader import TorchLoader
from gui.shell.on_screen import frame_height
from gui.shell.settings import Settings
from gui.shell.status_line import report
from gui.shell.undo_keys import HandWatch, UndoKeys
from gui.widgets.page_stack import PageStack

CLOSING_S = 1.2  # for closing as a whole: joining the threads and saving the run
CORNER_PX = 31
LOW_PX = 760  # a screen that is lower has no room to spare for the frame of the window


class MainWindow(QMainWindow):
    """One window over one settings file.

    `lab` and `chosen_language` come from the command line and win over what is remembered.
    """

    first_painted = Signal()
    torch_is_ready = Signal()

    def __init__(self, settings_file: Path, *, lab: str | None = None, chosen_language: Language | None = None) -> None:
        super().__init__()
        self.setAnimated(False)  # an animation would be made for each part whenever anything inside is laid out
        self._file = settings_file
        self._settings, self._set_aside = stored.load(settings_file)
        set_language(chosen_language or self._settings.language or system_language())
        theme.apply(self._settings.theme)
        self._labs: dict[str, Lab] = {}
        self._painted = False
        self._torch = False
        self._services = Services(runs_folder=default_root())
        self._loader = TorchLoader(self)
        self._loader.ready.connect(self._torch_loaded)
        self._loader.failed.connect(self._torch_failed)
        self._documents = Documents(self, self, self._services.runs_folder)
        self._build()
        self._place()
        wanted = lab or self._settings.lab
        self.show_lab(wanted if wanted in LABS else next(iter(LABS)))
        self.retranslate()
        if not self._settings.tour_offered:
            self.help.offer_tour()

    # --- building

    def _build(self) -> None:
        self._titles = QStringListModel(list(LABS))
        self._list = QListView()
        self._list.setModel(self._titles)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setProperty("role", "labs")
        self._list.setFixedWidth(160)
        self._list.selectionModel().currentChanged.connect(self._lab_chosen)
        self._list.clicked.connect(self._lab_clicked)
        self._stack = PageStack()
        page = QWidget()
        page.setProperty("role", "ground")
        around = QVBoxLayout(page)
        around.setContentsMargins(12, 12, 12, 12)
        around.addWidget(self._stack)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addWidget(page, 1)
        self.setCentralWidget(centre)
        self._build_status_bar()
        self._build_menus()
        self.setMinimumSize(QSize(960, 620))
        self.setAcceptDrops(True)

    def _build_status_bar(self) -> None:
        self._state_label = QLabel()
        self._device_label = QLabel()
        self.statusBar().addWidget(self._state_label, 1)
        self.statusBar().addPermanentWidget(self._device_label)
        self.statusBar().setSizeGripEnabled(False)

    def _build_menus(self) -> None:
        bar = self.menuBar()
        self._brand = QLabel("Layerscope")
        self._brand.setProperty("role", "brand")
        bar.setCornerWidget(self._brand, Qt.Corner.TopLeftCorner)
        self._language_button = QPushButton()
        self._language_button.setProperty("role", "link")
        self._language_button.clicked.connect(self._other_language)
        corner = self._corner = QWidget()  # as high as the menus beside it, with the button in its middle
        corner.setMinimumHeight(CORNER_PX)
        middle = QHBoxLayout(corner)
        middle.setContentsMargins(0, 0, 8, 0)
        middle.addWidget(self._language_button, 0, Qt.AlignmentFlag.AlignVCenter)
        bar.setCornerWidget(corner, Qt.Corner.TopRightCorner)

        menus = [bar.addMenu("") for _ in range(5)]
        self._file_menu, self._edit_menu, self._lab_menu, self._view_menu, self._help_menu = menus
        keys = QKeySequence.StandardKey
        self._open_action = self._action(self._file_menu, self._documents.ask_and_open, keys.Open)
        self._save_action = self._action(self._file_menu, self._documents.ask_and_save, keys.Save)
        self._runs_action = self._action(self._file_menu, self._show_runs)
        self._file_menu.addSeparator()
        self._quit_action = self._action(self._file_menu, self.close, QKeySequence("Ctrl+Q"))
        self._undo_action = self._action(self._edit_menu, self._undo, QKeySequence("Ctrl+Z"))
        self._redo_action = self._action(self._edit_menu, self._redo)
        self._redo_action.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._edit_menu.addSeparator()
        self._copy_action = self._action(self._edit_menu, self._documents.copy, QKeySequence("Ctrl+Shift+C"))
        self._paste_action = self._action(self._edit_menu, self._documents.paste, QKeySequence("Ctrl+Shift+V"))
        UndoKeys([self._undo_action, self._redo_action], self)
        HandWatch(self)
        self._lab_menu.aboutToShow.connect(self._fill_lab_menu)
        self._lab_actions: dict[str, QAction] = {}
        for number, name in enumerate(LABS, start=1):
            action = self._action(self._view_menu, lambda name=name: self.show_lab(name), QKeySequence(f"Ctrl+{number}"))
            self._lab_actions[name] = action
        self._view_menu.addSeparator()
        self._theme_menu = self._view_menu.addMenu("")
        self._language_menu = self._view_menu.addMenu("")
        self._theme_actions = self._choices(self._theme_menu, theme.CHOICES, self._choose_theme)
        self._language_actions = self._choices(self._language_menu, LANGUAGES, self._choose_language)
        self._theme_actions[theme.choice()].setChecked(True)
        self._language_actions[language()].setChecked(True)
        self.help = HelpMenu(self._help_menu, self, self, self._documents.open_text)
        self._log_action = self._action(self._help_menu, self._show_log)
        self._about_action = self._action(self._help_menu, self._about)

    def _action(self, menu: QMenu, slot: object, shortcut: QKeySequence | QKeySequence.StandardKey | None = None) -> QAction:
        action = QAction(self)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: slot())  # type: ignore[operator]
        menu.addAction(action)
        return action

    def _choices(self, menu: QMenu, keys: tuple[str, ...], chosen: object) -> dict[str, QAction]:
        group = QActionGroup(self)
        actions = {}
        for key in keys:
            action = self._action(menu, lambda key=key: chosen(key))  # type: ignore[operator]
            action.setCheckable(True)
            group.addAction(action)
            actions[key] = action
        return actions

    def _place(self) -> None:
        """Take the remembered size and place, as far as the screens of today allow. On a small screen, or one whose text is
        enlarged, the window is as high as there is room for: else its lower edge could not be reached."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QRect(0, 0, 1440, 900)
        width, height = self._settings.size
        least = self.minimumSize()
        high = room.height() - (frame_height(self) if room.height() < LOW_PX else 0)
        self.resize(min(width, max(room.width(), 1024)), min(height, max(high, least.height())))
        if self._settings.position is not None:
            corner = QPoint(*self._settings.position)
            if any(each.availableGeometry().contains(corner) for each in QGuiApplication.screens()):
                self.move(corner)
        if self._settings.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    # --- labs

    @property
    def current_lab(self) -> str:
        index = self._list.currentIndex()
        return list(LABS)[index.row()] if index.isValid() else ""

    def lab(self, name: str) -> Lab:
        """The lab of that name; it is made when it is first asked for."""
        if name not in self._labs:
            row = LABS[name]
            made: Lab = getattr(importlib.import_module(row.module), row.kind)(self._services, self._stack)
            self._labs[name] = made
            self._stack.addWidget(made)
            self._restore(name, made)
            made.status_changed.connect(self._show_status)
            made.history_changed.connect(self._show_history)
            made.experiment_offered.connect(self._train)
            made.network_offered.connect(self._edit_network)
            made.setting_offered.connect(self._documents.open_text)
            if self._torch:
                made.torch_ready()
        return self._labs[name]

    def show_lab(self, name: str) -> None:
        self._list.setCurrentIndex(self._titles.index(list(LABS).index(name)))

    @Slot(QModelIndex)
    def _lab_chosen(self, _index: QModelIndex) -> None:
        before, lab, focus = self._stack.currentWidget(), self.lab(self.current_lab), QApplication.focusWidget()
        first = lab.focusWidget() is None  # the keyboard has not been in it; Qt would give it to its first control
        self._stack.setCurrentWidget(lab)
        if first and before is not lab and before is not None and focus is not None and before.isAncestorOf(focus):
            lab.setFocus(Qt.FocusReason.OtherFocusReason)
        self.help.lab_shown()
        self._show_title()
        self._show_status()
        self._show_history()

    @Slot(QModelIndex)
    def _lab_clicked(self, _index: QModelIndex) -> None:
        """Who clicks on a lab goes there with the keyboard; who walks through the list by keys stays in it."""
        self.lab(self.current_lab).setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self, name: str, lab: Lab) -> None:
        kept = self._settings.labs.get(name)
        if kept is None:
            return
        try:
            lab.set_state(msgspec.convert(kept, lab.state_type))
        except Exception:  # an old or edited state may do anything to a lab; the program then starts with the lab's first state
            LOG.warning("the remembered state of %s does not fit and is left out", name, exc_info=True)
        lab.forget_history()

    # --- torch

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)

    @Slot()
    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        self._loader.start()
        if self._set_aside is not None:
            text = self.tr("The settings could not be read and were set aside as {file}.")
            report(self, text.format(file=self._set_aside.name))

    @Slot()
    def _torch_loaded(self) -> None:
        self._torch = True
        for lab in self._labs.values():
            lab.torch_ready()
        self._show_device()
        self.torch_is_ready.emit()

    @Slot(str)
    def _torch_failed(self, error: str) -> None:
        LOG.error("torch cannot be imported: %s", error)
        sentence = self.tr("torch cannot be loaded, so nothing can be computed or trained.\n{error}")
        QMessageBox.warning(self, "Layerscope", sentence.format(error=error))

    def _show_device(self) -> None:
        import torch  # loaded by now

        if torch.cuda.is_available():
            self._device_label.setText(f"GPU: {torch.cuda.get_device_name(0)}")
        elif torch.backends.mps.is_available():
            self._device_label.setText("GPU: MPS")
        else:
            self._device_label.setText("CPU")
        self._device_label.setToolTip(f"torch {torch.__version__}")

    # --- status

    @Slot()
    def _show_status(self) -> None:
        """Write the status of the shown lab, then that of every other lab in which a run is in progress."""
        shown = self.current_lab
        names = [shown, *(name for name in self._labs if name != shown and self._labs[name].run_in_progress())]
        texts = [self._labs[name].status_text() for name in names if name in self._labs]
        self._state_label.setText("  ·  ".join(text for text in texts if text))

    @Slot(object)
    def _train(self, experiment: Experiment) -> None:
        """Show an experiment that another lab has made in the training lab."""
        self.lab(TRAINING).open_text(recognised(to_toml(experiment), experiment.name))
        self.show_lab(TRAINING)

    @Slot(object)
    def _edit_network(self, experiment: Experiment) -> None:
        """Show the network of an experiment that another lab has in the network lab."""
        self.lab(NETWORK).open_text(LabText(to_toml(experiment), experiment.name, NETWORK, is_setting=False))
        self.show_lab(NETWORK)

    # --- undo and redo

    @Slot()
    def _undo(self) -> None:
        self.lab(self.current_lab).undo()

    @Slot()
    def _redo(self) -> None:
        self.lab(self.current_lab).redo()

    @Slot()
    def _show_history(self) -> None:
        """Enable undo and redo as far as the shown lab can."""
        lab = self._labs.get(self.current_lab)
        self._undo_action.setEnabled(lab is not None and lab.can_undo)
        self._redo_action.setEnabled(lab is not None and lab.can_redo)

    # --- files

    def open_path(self, path: Path) -> bool:
        """Open an experiment's or a setting's file in its lab; says why where it cannot."""
        return self._documents.open_path(path)

    def open_text(self, found: LabText) -> bool:
        """Open a file's text, which has been read and recognised, in its lab; says why where it cannot."""
        return self._documents.open_text(found)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._documents.dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._documents.dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.open_path(path)

    @Slot()
    def _show_runs(self) -> None:
        self._services.runs_folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._services.runs_folder)))

    @Slot()
    def _show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(stored.log_file().parent)))

    @Slot()
    def _about(self) -> None:
        from importlib.metadata import version

        text = self.tr("A playground for learning how convolutional and recurrent networks work.")
        QMessageBox.about(self, "Layerscope", f"Layerscope {version('layerscope')}\n\n{text}")

    @Slot()
    def _fill_lab_menu(self) -> None:
        """Fill the menu with the shown lab's own entries."""
        self._lab_menu.clear()
        lab = self._labs.get(self.current_lab)
        for action in lab.actions_for_menu() if lab is not None else []:
            self._lab_menu.addAction(action)

    # --- language and theme

    def _choose_language(self, chosen: Language) -> None:
        set_language(chosen)

    @Slot()
    def _other_language(self) -> None:
        self._choose_language("en" if language() == "ko" else "ko")

    def _choose_theme(self, chosen: theme.Choice) -> None:
        theme.apply(chosen)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.statusBar().clearMessage()  # a sentence in the language before
        for number, name in enumerate(LABS):
            self._titles.setData(self._titles.index(number), say(TITLES, name))
            self._lab_actions[name].setText(say(TITLES, name))
        self._list.setAccessibleName(self.tr("Labs"))
        self._file_menu.setTitle(self.tr("&File"))
        self._edit_menu.setTitle(self.tr("&Edit"))
        self._lab_menu.setTitle(self.tr("&Lab"))
        self._view_menu.setTitle(self.tr("&View"))
        self._help_menu.setTitle(self.tr("&Help"))
        self._open_action.setText(self.tr("Open..."))
        self._save_action.setText(self.tr("Save..."))
        self._undo_action.setText(self.tr("Undo"))
        self._redo_action.setText(self.tr("Redo"))
        self._copy_action.setText(self.tr("Copy setting as text"))
        self._paste_action.setText(self.tr("Paste setting"))
        self._runs_action.setText(self.tr("Show the runs' folder"))
        self._quit_action.setText(self.tr("Quit"))
        self._theme_menu.setTitle(self.tr("Theme"))
        self._language_menu.setTitle(self.tr("Language"))
        themes = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for key, action in self._theme_actions.items():
            action.setText(themes[key])
        for chosen in LANGUAGES:
            self._language_actions[chosen].setText(NAMES[chosen])
        self._language_actions[language()].setChecked(True)
        self.help.retranslate()
        self._log_action.setText(self.tr("Show the log"))
        self._about_action.setText(self.tr("About Layerscope"))
        self._language_button.setText("한국어 / English")
        self._language_button.setToolTip(self.tr("Switch to the other language"))
        self._show_title()
        self._show_status()

    def _show_title(self) -> None:
        title = self._list.currentIndex().data()
        self.setWindowTitle(f"{title} - Layerscope" if title else "Layerscope")

    # --- the end

    def settings(self) -> Settings:
        """All that is remembered, as it is now."""
        labs = dict(self._settings.labs)
        for name, lab in self._labs.items():
            labs[name] = msgspec.to_builtins(lab.state())
        plain = self.normalGeometry() if self.isMaximized() else self.geometry()
        return Settings(
            language=language(),
            theme=theme.choice(),
            lab=self.current_lab,
            size=(max(plain.width(), 200), max(plain.height(), 200)),
            position=(self.x(), self.y()),
            maximized=self.isMaximized(),
            tour_offered=True,
            labs=labs,
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save everything, stop every thread, ask nothing."""
        deadline = time.monotonic() + CLOSING_S
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()  # it takes over a number that is half typed, a stroke that is half drawn
        with contextlib.suppress(OSError):  # a folder that cannot be written must not keep the window open
            stored.save(self.settings(), self._file)
        for lab in self._labs.values():
            lab.close_lab(max(0.1, deadline - time.monotonic()))
        self._documents.close(0.1)
        self.help.close_pages(0.1)
        self._loader.wait(max(0.0, deadline - time.monotonic()))
        event.accept()
