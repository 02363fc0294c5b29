# make demo   sets up what is missing, trains, starts, and lets you talk      make test   checks and tests everything
# Both set up .venv first: Python 3.10 (found, or fetched by uv) and the packages of requirements.lock.
# PYTHON=/path/to/python3.10 chooses one; ARGS="..." is passed on to the command.

.DEFAULT_GOAL := help
.PHONY: help setup demo test train lint clean bench-turn bench-language bench-alternatives bench-plans
SHELL := /bin/sh
READY := .venv/ready
BIN := .venv/bin
# Without bytecode every start of Rasa takes 20 seconds longer.
unexport PYTHONDONTWRITEBYTECODE
export UV_NO_PROGRESS = 1

help:
	@sed -n '1,3s/^# //p' Makefile
	@echo "Targets: setup demo test train lint clean bench-turn bench-language bench-alternatives bench-plans"

setup: $(READY)

$(READY): requirements.lock pyproject.toml .ci/setup.sh
	@sh .ci/setup.sh
	@touch $@

demo: setup
	@$(BIN)/zhuhuan demo $(ARGS)

train: setup
	@$(BIN)/zhuhuan train $(ARGS)

lint: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@found=$$($(BIN)/lint-imports 2>&1) || { echo "$$found"; exit 1; }
	@echo "lint: ruff, mypy and import-linter found nothing wrong"

test: lint
	@$(BIN)/zhuhuan train > /dev/null
	@$(BIN)/python -m pytest $(ARGS)

bench-turn: setup
	@$(BIN)/python -m benchmarks.bench_turn $(ARGS)

bench-language: setup
	@$(BIN)/python -m benchmarks.bench_language $(ARGS)

bench-alternatives: setup
	@$(BIN)/python -m benchmarks.bench_alternatives $(ARGS)

bench-plans: setup
	@$(BIN)/python -m benchmarks.bench_plans $(ARGS)

# All that can be made again; the loan book in var/ stays.
clean:
	rm -rf .venv .uv .bench .rasa models var/log build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
