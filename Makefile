# Everything here needs only Python 3.11 or newer and make: each command first puts what it uses into .venv, in the
# versions of uv.lock. CONTRIBUTING.md says more.

.DEFAULT_GOAL := help
.PHONY: help music news test test-train check format clean

# The first Python that is new enough; `make PYTHON=/path/to/python3 ...` names another one.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# uv only turns uv.lock into a list for pip: pip follows the machine's own settings for indexes and certificates, and
# knows where it finds a build of torch without CUDA.
UV_VERSION := 0.13.9
EXPORT := $(BIN)/uv export --quiet --frozen --no-emit-project
SOURCES := pyproject.toml uv.lock

help:
	@echo "make music       read the bundled page and draw what was seen on it, into out/"
	@echo "make news        cut the bundled newspaper page into its articles, into out/"
	@echo "make test        run the tests of everything that ships without torch"
	@echo "make test-train  add torch and run the tests of training"
	@echo "make check       formatting, lint, types and layers"
	@echo "make format      format the code"
	@echo "make clean       remove .venv, out and caches"

music: .venv/.reading
	$(BIN)/leggio music examples/forelle.png -o out --draw
	@echo
	@echo "The score is out/forelle.musicxml: any notation program opens it."
	@echo "What was seen on the page is drawn in out/forelle.drawn.png."

news: .venv/.reading
	$(BIN)/leggio news examples/newspaper.png -o out --draw --format markdown --format clips
	@echo
	@echo "The articles are in out/newspaper.md, a clipping of each in out/newspaper.clips."
	@echo "What was found is drawn in out/newspaper.drawn.png."

test: .venv/.testing
	$(BIN)/python -m pytest -m "not train" --ignore=tests/train

test-train: .venv/.training
	$(BIN)/python -m pytest -m train

check: .venv/.testing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/.testing
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv out .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- set-up: a stamp for each stage, made anew when pyproject.toml or uv.lock change

.venv/.made:
	@test -n "$(PYTHON)" || { echo "leggio needs Python 3.11 or newer: install it, or name it: make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) uv==$(UV_VERSION)
	@touch $@

.venv/.reading: .venv/.made $(SOURCES)
	$(EXPORT) --no-dev --extra news --output-file .venv/reading.txt >/dev/null
	$(PIP) --requirement .venv/reading.txt
	$(PIP) --no-deps --editable .
	@touch $@

.venv/.testing: .venv/.reading
	$(EXPORT) --extra eval --extra news --extra synth --output-file .venv/testing.txt >/dev/null
	$(PIP) --requirement .venv/testing.txt
	@touch $@

# The lock fixes the versions here, too, and leaves the choice among builds of one version to pip.
.venv/.training: .venv/.testing
	$(EXPORT) --all-extras --no-hashes --output-file .venv/training.txt >/dev/null
	$(PIP) --constraint .venv/training.txt --editable ".[train]"
	@touch $@
