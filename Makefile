# make run: set up and open the program. make test: set up and pass the tests. No more than Python 3.11 and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROGRAM := $(VENV)/.program
TOOLS := $(VENV)/.tools

.PHONY: run test test-programs lint bench snapshots docs format clean

run: $(PROGRAM)
	@$(BIN)/mipex-kb

test: $(TOOLS)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not needs"

# Against Virtuoso, browsers, a terminal and curl; what is not installed is skipped, but not where CI is set.
test-programs: $(TOOLS)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m needs

lint: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# About half an hour: against other programs, the endpoint under load, and collections of up to 100,000 studies.
bench: $(TOOLS)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.scale

snapshots: $(TOOLS)
	$(BIN)/python -m pytest tests/tui --snapshot-update

docs: $(TOOLS)
	$(BIN)/python -m kb.mappings
	$(BIN)/python -m tui.documents
	$(BIN)/python -m kb.synthesis.pages
	$(BIN)/python -m kb.briefing.pages
	$(BIN)/python -m kb.ontology_pages.pages
	$(BIN)/python -m kb.query_pages

format: $(TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m kb.canonical studies

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build

$(PROGRAM): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up (about a minute, once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(TOOLS): $(PROGRAM)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
