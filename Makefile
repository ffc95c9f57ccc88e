# Needs make and Python 3.11 or newer, nothing else. `make help` lists what there is.

# The first of these that is new enough is taken: make run PYTHON=/opt/python3.13/bin/python3
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
# More for pytest: make test PYTEST_ARGS="-k settings"
PYTEST_ARGS ?=
# More for the bench: make bench BENCH_ARGS="--quick", or some of its parts: BENCH_ARGS="look worst"
BENCH_ARGS ?=
# make lock UPGRADE=--upgrade takes the newest versions; without it only what must change changes.
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(VENV)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help run test check format bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## start the bot: the room in the browser, or Discord where DISCORD_TOKEN is set
	@$(BIN)/python -m bot run

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 $(PYTEST_ARGS)

check: $(VENV)/.dev ## look at the code: format, lint, types, rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/caveat-bot rules check

format: $(VENV)/.dev ## put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.bench ## measure what a look at a message costs, in about eight minutes
	$(BIN)/python -m bench $(BENCH_ARGS)

lock: $(VENV)/uv/bin/uv ## write the lock files anew from pyproject.toml
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements-build.lock
	$(COMPILE) --group bench --constraint requirements-dev.lock --output-file requirements-bench.lock

clean: ## remove what these targets made; data/ stays
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for candidate in $(PYTHON); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			if ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then \
				echo "$$candidate has no venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
			fi; \
			echo "making $(VENV) with $$("$$candidate" --version)"; \
			"$$candidate" -m venv $(VENV) && touch $@ && exit 0; \
			exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed, and none of these is: $(PYTHON)" >&2; \
	echo "If you have one elsewhere: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1

# --require-hashes: what is installed is, byte for byte, what the lock file names.
$(VENV)/.run: requirements.lock $(VENV)/.made
	@echo "installing what requirements.lock names"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml $(VENV)/.made
	@echo "installing what requirements-dev.lock names"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

# Package by package: what does not install on this system is reported as such and left out.
$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@echo "installing what is measured beside the bot"
	@$(BIN)/python -m bench.install requirements-bench.lock
	@touch $@

$(VENV)/uv/bin/uv: $(VENV)/.made
	@$(BIN)/python -m venv $(VENV)/uv
	@$(VENV)/uv/bin/python -m pip --disable-pip-version-check --quiet install "uv>=0.5"
