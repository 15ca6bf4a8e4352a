# bridgehead: `make` or `make help` lists what can be done.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
PORT ?= 8000
DATA ?= $(or $(BRIDGEHEAD_DATA),data)
# For the shell: DATA= means the default too, and a folder may have blanks in its name.
DATA_FOLDER = '$(subst ','\'',$(or $(DATA),$(BRIDGEHEAD_DATA),data))'
PIP := -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow bench prove lint docs messages pictures clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# A stamp is written only after its step ended well, so an interrupted install is done again.
$(VENV)/.made $(BENCH)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bridgehead needs Python 3.11 or newer: set PYTHON=python3.11"; exit 2; }
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D) || { rm -rf $(@D); echo "No environment could be made in $(@D): install python3-venv, then run make again"; exit 2; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@echo "Installing bridgehead into $(VENV) ..."
	@$(BIN)/python $(PIP) install --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.installed
	@echo "Installing the test, lint and documentation tools ..."
	@$(BIN)/python $(PIP) install --upgrade 'pip>=25.1'
	@$(BIN)/python $(PIP) install --group test --group lint --group docs
	@touch $@

install: $(VENV)/.installed ## Make .venv with the command bridgehead in it

run: $(VENV)/.installed ## Start the platform: make run [PORT=8123] [DATA=folder]
	@$(BIN)/bridgehead run --port $(or $(PORT),8000) --data $(DATA_FOLDER)

# On PostgreSQL the tests run against a server started for them from the system's packages.
ON = $(if $(filter postgresql,$(DATABASE)),$(BIN)/python scripts/postgres.py --fast --)

test: $(VENV)/.developer ## Run the default tests: make test [DATABASE=postgresql] [TESTS="tests/ground ..."]
	@$(ON) $(BIN)/python -m pytest --numprocesses auto --dist worksteal $(TESTS)

test-slow: $(VENV)/.developer ## Run the slow and browser tests (chromium must be installed) [DATABASE=postgresql]
	@$(ON) $(BIN)/python -m pytest -m 'slow or e2e' --numprocesses auto --dist worksteal $(TESTS)

$(BENCH)/.installed: $(BENCH)/.made pyproject.toml
	@echo "Installing the benchmarks and the programs they measure beside into $(BENCH) ..."
	@$(BENCH)/bin/python $(PIP) install --upgrade 'pip>=25.1'
	@$(BENCH)/bin/python $(PIP) install --editable . --group bench
	@touch $@

bench: $(BENCH)/.installed ## Run the benchmarks in an environment of their own: make bench [SMOKE=1]
	@$(BENCH)/bin/python -m benchmarks $(if $(SMOKE),--smoke)

prove: $(VENV)/.developer ## Try what the ground promises under load and faults: make prove [SMOKE=1] [DATABASE=postgresql] [PROOFS="kill load"]
	@$(BIN)/python -m proofs $(PROOFS) $(if $(SMOKE),--smoke) $(if $(DATABASE),--database $(DATABASE))

lint: $(VENV)/.developer ## Check style, types and layers, and build the documentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory docs

docs: $(VENV)/.developer ## Build the documentation into build/docs; an undocumented page, command or table fails
	@$(BIN)/python scripts/reference.py
	@$(BIN)/mkdocs build --strict --quiet

messages: $(VENV)/.developer ## Compile the message catalogues of every language
	@$(BIN)/python scripts/messages.py

pictures: $(VENV)/.developer ## Draw the picture of the home page for the README (chromium must be installed)
	@$(BIN)/python scripts/pictures.py

clean: ## Remove what the build made; your data folder stays
	@rm -rf $(VENV) $(BENCH) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
