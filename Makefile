# Two commands matter: `make demo` shows the product, `make test` runs every check. Both set themselves up.
# Needs: Debian with git, make, python3 (3.11 or newer) and python3-venv. See .ci/setup for what it does.

SHELL = /bin/sh
PYTHON ?=
BIN = .venv/bin
# Coverage is measured by one process a core; more only wait for each other.
WORKERS ?= 2
UV_FLAGS = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: bench bench-cluster bench-service soak help demo test lint types tests setup setup-dev examples accuracy lock clean
.DEFAULT_GOAL := help

help: ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## */make \1|/' | awk -F'|' '{printf "  %-16s %s\n", $$1, $$2}'

demo: setup ## the whole story, offline: a portal, a draft, its final text, the alert
	@$(BIN)/watcher demo

test: lint types tests ## every check: lint, format, types, tests, coverage, house

lint: setup-dev ## ruff: rules and format
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: setup-dev ## mypy, strict
	$(BIN)/python -m mypy

tests: setup-dev ## pytest in parallel, with branch coverage of floors 0 to 3
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

setup: ## .venv with what the product needs
	@PYTHON="$(PYTHON)" sh .ci/setup run

setup-dev: ## .venv with what the checks need too
	@PYTHON="$(PYTHON)" sh .ci/setup dev

examples: setup-dev ## run the examples of the documentation and write what they print into it
	$(BIN)/python -m tests.console_examples README.md README.zh-CN.md docs/commands.md

accuracy: setup-dev ## the figures of docs/accuracy.md, from the labels in tests/
	@$(BIN)/python -m tests.accuracy --show

bench: setup-dev ## rounds over real HTTP beside urlwatch, webchanges and a script (PAGES=300): docs/performance.md
	@$(BIN)/python -m tests.bench.compare $(or $(PAGES),300)

bench-cluster: setup-dev ## what workers on other machines add, and where the one writer ends: docs/scale.md
	@$(BIN)/python -m tests.bench.cluster
	@$(BIN)/python -m tests.bench.cluster writer

bench-service: setup-dev ## the service with 20,000 sources: start, idle, lateness, speed, fairness
	@$(BIN)/python -m tests.bench.service

soak: setup-dev ## a simulated week of 2,000 sources with faults and restarts
	@$(BIN)/python -m tests.bench.service_soak

lock: setup-dev ## write the lock files anew (UPGRADE=1: with the newest versions)
	$(BIN)/uv pip compile $(UV_FLAGS) pyproject.toml --group build -o .ci/requirements.txt
	$(BIN)/uv pip compile $(UV_FLAGS) pyproject.toml --extra cluster --group build -c .ci/requirements.txt -o .ci/requirements-cluster.txt
	$(BIN)/uv pip compile $(UV_FLAGS) pyproject.toml --all-extras --group build --group dev -c .ci/requirements.txt -o .ci/requirements-dev.txt

clean: ## remove everything that set-up and checks made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
