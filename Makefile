# Each target does all of its own set-up; a second call finds it done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
OFFSCREEN := QT_QPA_PLATFORM=offscreen

.PHONY: run test test-engine test-window shaken check style types demo bench books translations clean

run: $(VENV)/ready
	@$(BIN)/python app.py $(ARGS)

# The types are checked in one process for a minute: beside the engine's tests.
test: $(VENV)/ready-dev style
	@$(MAKE) --no-print-directory --jobs=2 types test-engine
	@$(MAKE) --no-print-directory test-window

# The tests start many processes: each would compile the program anew where Python is told to keep no compiled files. The bench
# would measure that.
test-engine test-window bench: export PYTHONDONTWRITEBYTECODE :=

test-engine: $(VENV)/ready-dev
	$(OFFSCREEN) $(BIN)/python -m pytest -p no:pytest-qt -n 2 --dist worksteal tests/engine

test-window: $(VENV)/ready-dev
	$(OFFSCREEN) $(BIN)/python -m pytest -n 2 --dist worksteal tests/gui

# Tests of the window whose threads rest here and there, to find what depends on timing: SEED=3 other rests, SLOW=worker one side.
# Those of the engine: make shaken TESTS=tests/engine/training WITHOUT="-p no:pytest-qt"
shaken: $(VENV)/ready-dev
	$(OFFSCREEN) SHAKEN_SEED=$(SEED) SHAKEN_SLOW=$(SLOW) $(BIN)/python -m pytest -p tests.shaken $(WITHOUT) $(or $(TESTS),tests/gui)

check: style types

style: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/ready-dev
	$(BIN)/mypy

demo: $(VENV)/ready
	$(OFFSCREEN) $(BIN)/python -m tests.demo

bench: $(VENV)/ready-dev
	$(OFFSCREEN) $(BIN)/python -m tests.bench $(ROWS)

# The experiments of 『밑바닥부터 시작하는 딥러닝』 1 and 2, computed anew: value, band, verdict.
books: $(VENV)/ready
	@$(BIN)/python -m engine books $(EXPERIMENTS)

# Collect the window's words for translation, and compile what is translated.
translations: $(VENV)/ready
	$(BIN)/pyside6-lupdate -no-obsolete -locations none app.py $$(find gui -name '*.py' | sort) -ts assets/translations/layerscope_ko.ts
	$(BIN)/pyside6-lrelease -silent assets/translations/layerscope_ko.ts assets/translations/layerscope_qt_ko.ts

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Layerscope needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/ready-dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/ready

clean:
	rm -rf $(VENV) build dist demo *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app.py assets engine gui tests -name __pycache__ -prune -exec rm -rf {} +
