# Four targets cover the day: demo, test, check, bench. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check lint bench chaos clean

help:
	@echo "make demo   run everything on this machine, no account needed: a page with two phones"
	@echo "make test   all tests (SQLite, PostgreSQL, stand-in, browser)"
	@echo "make check  lint, types and the messages"
	@echo "make bench  how fast and how well, as figures"

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Needling Bot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	-@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1  # on all cores; pip itself uses one
	@touch $(READY)

demo: $(READY)
	@$(BIN)/python -m bot demo

test: $(READY)
	@$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m bot check

bench: $(READY)
	@$(BIN)/python -m tests.bench

chaos: $(READY)
	@$(BIN)/python -m tests.chaos

clean:
	rm -rf $(VENV) .demo build *.egg-info
