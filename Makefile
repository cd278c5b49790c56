# Everything a person does with this repository. `make help` lists it.

PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock'
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)

# Tests start hundreds of processes: each would compile the whole source for itself again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-fast coverage attack check faults bench bench-growth demo messages diagrams screenshots format lock clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/runtime $(COMPILED) ## Start everything on http://127.0.0.1:5000; the first run makes demo data
	@$(FLASK) db upgrade
	@$(FLASK) demo --when-empty
	@exec $(FLASK) serve

test: .venv/development $(COMPILED) ## Run all tests, on SQLite and on PostgreSQL, in a real browser where there is one
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=10

test-fast: .venv/development $(COMPILED) ## Run the tests that need neither PostgreSQL nor a browser nor other processes
	$(BIN)/python -m pytest -n 2 -m "not browser and not processes" -k "not postgresql"

coverage: .venv/development $(COMPILED) ## Tell which lines TESTS (default: tests) do not reach, other processes counted: build/coverage/index.html
	@mkdir -p build
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadgroup $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage html --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

attack: .venv/development $(COMPILED) ## Attack the system at length: every parameter and field by itself, long games, both databases
	ATTACK=long $(BIN)/python -m pytest tests/attack -n 2 --dist loadgroup

check: .venv/development $(COMPILED) ## Lint, format, types, import rules, templates, catalogues
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m event_mgmt.i18n check

faults: .venv/development $(COMPILED) ## Kill, stop, starve and mislead the running system, for longer than `make test` does
	FAULTS_LONG=1 $(BIN)/python -m pytest -n 2 tests/faults tests/concurrency

bench: .venv/development $(COMPILED) ## Measure every promised speed beside its yardstick (a few minutes)
	$(BIN)/python -m benchmarks

bench-growth: .venv/development $(COMPILED) ## Measure all work with a hundred up to a million registrations (a few minutes)
	$(BIN)/python -m benchmarks.growth

demo: .venv/runtime $(COMPILED) ## Make the demo data in the configured database
	@$(FLASK) db upgrade
	@$(FLASK) demo

messages: .venv/development ## Bring the catalogues up to date with the source
	$(BIN)/python -m event_mgmt.i18n update
	$(BIN)/python -m event_mgmt.i18n compile

diagrams: .venv/development ## Draw the pictures of docs/domain.md and docs/architecture.md anew from the code
	$(BIN)/python -m diagrams

screenshots: .venv/development $(COMPILED) ## Take the pictures of README and docs anew
	$(BIN)/python -m tests.journeys.screenshots

format: .venv/development ## Format the code and mend what can be mended by machine
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## Pin all requirements anew (needs uv)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was installed and built (never the data in instance/)
	rm -rf .venv build .coverage .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed. Name it with: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing what runs the system ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt | .venv/bin/python
	@echo "Installing what runs and tests the system ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/runtime

%.mo: %.po | .venv/bin/python
	@test -e .venv/runtime || $(MAKE) --no-print-directory .venv/runtime
	@$(BIN)/python -m event_mgmt.i18n compile
