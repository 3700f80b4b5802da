"""The index types that Qt passes to a model. Called by the models of tables and trees."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

ModelIndex: TypeAlias = QModelIndex | QPersistentModelIndex
