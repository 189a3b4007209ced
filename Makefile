# `make run` and `make test` need nothing but Python 3.11 or later and make.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

AXE := 4.14.1
# Three at a time on two cores, since many wait. A file's tests stay together, for what they share; the files
# that take longest begin (tests/conftest.py).
SPREAD := -n 3 --dist loadfile --no-loadscope-reorder
# Otherwise every process would compile `wire` anew, which takes half a second (PYTHONDONTWRITEBYTECODE is set in
# many shells and images). `make setup` compiles it, so what is started by hand finds it compiled in any shell.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test quick crash check docs reference desk-matrix desk-soak bench bench-corpus lock

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*##/ { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv/compiled  ## make .venv, install what wire needs and compile wire

run: setup  ## start the daemon with config/wire.toml
	@$(BIN)/wire run --config config/wire.toml

test: setup-dev  ## run every test
	@$(BIN)/pytest $(SPREAD)

quick: setup-dev  ## run the tests that take no seconds
	@$(BIN)/pytest $(SPREAD) -m "not slow"

crash: setup-dev  ## kill it 1,000 times, break every call, pile up 40,000 files; PART=kills (every_call, floods …) does a part
	@WIRE_KILLS=1000 WIRE_PAIR_KILLS=100 WIRE_ROUND=50 WIRE_SWEEP=all WIRE_FILES=40000 $(BIN)/pytest -v -n 2 --dist worksteal --durations 0 \
		tests/crash$(if $(PART),/test_$(PART).py)

check: setup-dev  ## lint, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

docs: setup  ## make the documentation's pages in site/
	@$(BIN)/python -m tools.make_site

reference: setup  ## write the reference of the configuration anew, from the settings themselves
	@$(BIN)/python -m tools.make_reference

desk-matrix: setup  ## print what the desk makes of every event, wherever a story stands
	@$(BIN)/python -m wire.desk.matrix

desk-soak: setup-dev  ## live through 10,000 random schedules beside a simple model
	@$(BIN)/python -m tests.desk.soak

bench: setup-dev  ## measure speed and memory
	@$(BIN)/python -m bench.run

bench-corpus: setup-dev  ## measure what is read out of raw copy and pages
	@$(BIN)/python -m bench.corpus

# Repeated only when a lock or the project's own metadata changes; the stamps say what has been installed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wire needs Python 3.11 or later; try make PYTHON=python3.11")'
	@echo "making .venv ..."
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "installing what wire needs ..."
	@$(PIP) install --use-pep517 --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Newer sources are compiled again, so that whoever may not write here starts as fast as whoever may.
.venv/compiled: .venv/installed $(shell find wire -name '*.py')
	@$(BIN)/python -m compileall -q wire
	@touch $@

setup-dev: setup .venv/installed-dev .venv/axe-core-$(AXE).min.js

.venv/installed-dev: requirements-dev.lock .venv/installed
	@echo "installing the test tools ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# What judges pages' accessibility in tests, from its npm package; without npm those tests are skipped.
.venv/axe-core-$(AXE).min.js: | .venv/bin/python
	@if command -v npm > /dev/null; then cd .venv && npm pack --silent axe-core@$(AXE) > /dev/null \
	  && tar -xzOf axe-core-$(AXE).tgz package/axe.min.js > axe-core-$(AXE).min.js \
	  && rm axe-core-$(AXE).tgz; else echo "no npm: tests by axe-core will be skipped"; fi

# Only the names, versions and hashes go into the locks: no index, no path. What is tested with is what is run with:
# the tools' needs and ours are resolved together.
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
DEV_GROUP := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")

lock: .venv/bin/python  ## pin what is new among the dependencies; UPGRADE=--upgrade pins all of them anew
	@$(PIP) install pip-tools
	@$(BIN)/python -c '$(DEV_GROUP)' > .venv/dev.in
	@$(LOCK) $(UPGRADE) --output-file requirements-dev.lock .venv/dev.in pyproject.toml
	@$(LOCK) $(UPGRADE) --constraint requirements-dev.lock --build-deps-for editable --output-file requirements.lock pyproject.toml
