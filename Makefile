# Everything here needs Python 3.11 or newer, make and git; the rest is fetched, pinned and checked.
# `make` alone lists what there is. PORT=, ALONGSIDE_HOME= and DATABASE_URL= are respected.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export ALONGSIDE_HOME ?= $(CURDIR)/var

BIN := .venv/bin
DONE := .venv/done
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes --no-deps
ASSETS := alongside/kernel/static/built
ASSET_SOURCES := $(shell find alongside/kernel/assets alongside/*/static -type f -not -path '$(ASSETS)/*' 2>/dev/null)
# The demonstration's own tables exist in its mode only.
MYPY := ALONGSIDE_MODE=demonstration $(BIN)/mypy alongside demo
PIN := $(BIN)/pip-compile --quiet --generate-hashes --no-header --no-annotate --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1|/' | while IFS='|' read -r name what; \
		do printf '%-16s %s\n' "$$name" "$$what"; done

.PHONY: run
run: $(DONE)/local $(DONE)/assets ## the whole demonstration in the foreground: prints the address and the sign-ins
	@exec $(BIN)/python -m alongside.config.run

.PHONY: migrate
migrate: $(DONE)/local ## bring the database to this version
	@$(BIN)/alongside migrate

.PHONY: test
test: lint $(DONE)/browser ## everything: checks, then all tests, the browser's included
	$(BIN)/python -m pytest -n 2 $(ARGS)

.PHONY: lint
lint: $(DONE)/dev $(DONE)/assets ## ruff, mypy, the floors of the house, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(MYPY)
	$(BIN)/djlint --lint --quiet alongside demo

.PHONY: types
types: $(DONE)/dev ## mypy alone
	$(MYPY)

.PHONY: bench
bench: $(DONE)/dev $(DONE)/assets ## every benchmark; each prints JSON
	@for file in bench/*.py; do echo "$$file" >&2; $(BIN)/python "$$file" || exit 1; done

.PHONY: reset
reset: ## forget the demonstration: its database, its secrets
	@if [ -e "$(ALONGSIDE_HOME)/database.lock" ]; then $(BIN)/python -m alongside.config.reset; \
		else echo "There is nothing to forget in $(ALONGSIDE_HOME)."; fi

.PHONY: assets
assets: $(DONE)/assets ## the stylesheet and scripts of the pages

.PHONY: lock
lock: $(DONE)/dev ## pin requirements*.in and package.json again
	$(PIN) -o requirements.lock requirements.in
	$(PIN) -o requirements-local.lock requirements-local.in
	$(PIN) -o requirements-dev.lock requirements-dev.in
	$(BIN)/npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

$(DONE)/python:
	@python= ; for one in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$one"; break; fi; done; \
	if [ -z "$$python" ]; then echo "Alongside needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python." >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "This Python can not make virtual environments: on Debian or Ubuntu, apt-get install python3-venv." >&2; exit 1; fi; \
	echo "Making a virtual environment with $$("$$python" --version) ..."; \
	"$$python" -m venv .venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/local: $(DONE)/python requirements.lock requirements-local.lock pyproject.toml
	@echo "Installing what Alongside runs on ..."
	@$(INSTALL) -r requirements.lock -r requirements-local.lock
	@$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/dev: $(DONE)/local requirements-dev.lock
	@echo "Installing what the checks and tests need ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(DONE)/npm: $(DONE)/local package.json package-lock.json
	@echo "Fetching what the pages are made of ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(DONE)/assets: $(DONE)/npm $(ASSET_SOURCES)
	@echo "Building the stylesheet and scripts ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@ALONGSIDE_MODE=demonstration $(BIN)/python -m django collectstatic --settings alongside.config.settings --noinput --clear --verbosity 0
	@touch $@

$(DONE)/browser: $(DONE)/dev
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else echo "The browser tests need Chromium: sudo apt-get install chromium" >&2; exit 1; fi
	@touch $@
