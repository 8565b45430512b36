# Everything a newcomer needs: `make audit` and `make test` do their own set-up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint .ci/constraints.txt

.PHONY: help audit test test-browser lint planted example evidence clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

audit: $(VENV)/.installed ## audit the sample data into reports/abstracts
	$(BIN)/mtcheck audit data/abstracts.csv --glossary data/glossary.csv

test: $(VENV)/.installed-dev ## run the whole test suite
	$(BIN)/python -m pytest

test-browser: $(VENV)/.installed-dev ## the HTML report in a real Chromium, installed where it can be
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && timeout 60 apt-get update -qq && timeout 300 apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || echo "no Chromium: these tests will be skipped"
	$(PIP) --editable '.[browser]'
	$(BIN)/python -m pytest tests/browser

lint: $(VENV)/.installed-dev ## formatting, lint, types, import layers
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

planted: $(VENV)/.installed ## how many of the planted errors in data/ are found
	$(BIN)/mtcheck evaluate planted data/abstracts.csv data/labels.csv --glossary data/glossary.csv

example: $(VENV)/.installed ## renew the committed example report
	$(BIN)/mtcheck audit data/abstracts.csv --glossary data/glossary.csv --out reports/example

evidence: $(VENV)/.installed-dev ## measure every rule anew (needs the human judgements)
	$(BIN)/mtcheck evaluate evidence ../shared/data

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.installed: pyproject.toml .ci/constraints.txt
	@echo "setting up $(VENV): once, a few minutes"
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) --editable '.[dev]'
	@touch $@
