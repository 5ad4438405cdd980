SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSTALL := $(BIN)/python -m pip install -q --progress-bar on --require-hashes -r requirements.lock
export PYTHONUNBUFFERED = 1

.PHONY: help setup gen lint fmt test run demo quality bench train fuzz chaos migrate lock clean

help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(READY) ## venv, pinned dependencies, generated code, ontology, web build

# Everything the lock names, checked by hash; then our two packages; then what is compiled once.
$(READY): requirements.lock requirements-cpu.lock requirements-cuda.lock pyproject.toml gen/pyproject.toml gateway/web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(f"SkillSync needs Python 3.11 or later, this is {sys.version.split()[0]}: run make setup PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian or Ubuntu install the package python3-venv"; exit 1; }
	@if $(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-cpu.lock 2>/dev/null; then $(INSTALL); \
	else echo "The package index has no CPU build of torch: PyPI's is taken, with several GB of CUDA libraries (README, Start)."; $(INSTALL) -r requirements-cuda.lock; fi
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e gen -e .
	$(BIN)/skillsync ontology build
	$(BIN)/python gateway/web/build.py
	@touch $@

gen: setup ## regenerate gen/ and gateway/openapi.yaml from protos/
	$(BIN)/python protos/generate.py

lint: setup ## ruff, mypy, imports, contracts (stale gen/, buf lint, buf breaking)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy services gateway protos/generate.py protos/check.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/python protos/check.py

fmt: setup ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Byte code is kept, whatever the environment says: each worker would spend seconds on making that of the tests anew.
test: export PYTHONDONTWRITEBYTECODE =
test: setup ## all tests, on real servers: three systems side by side
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

run: setup ## start everything, show the demo, go on serving
	$(BIN)/skillsync up --demo

demo: setup ## the main job against a running stack
	$(BIN)/skillsync demo

quality: setup ## accuracy tables [DATA=dir] [ARGS="--only resumes --write"]
	$(BIN)/python -m tests.quality $(if $(DATA),--data $(DATA)) $(ARGS)

bench: setup ## speed tables
	$(BIN)/python -m tests.bench

train: setup ## the title encoder, anew from ESCO's and O*NET's tables: DATA=dir [ARGS="--seeds 1 2"]
	$(BIN)/python -m services.ai.titles.train --data $(or $(DATA),$(error make train DATA=dir: a folder with esco/ and onet/)) $(ARGS)

fuzz: setup ## a million mutated files through all that looks at files
	$(BIN)/python -m tests.fuzz --executions 1000000

chaos: setup ## kills and cuts
	$(BIN)/pytest tests/chaos -m chaos

migrate: setup ## bring the database of the running stack to the newest revision
	$(BIN)/skillsync migrate

lock: ## resolve pyproject.toml anew into requirements.lock and requirements-cuda.lock
	$(BIN)/python deploy/lock.py

clean: ## remove the environment and what was built, never data
	rm -rf $(VENV) gateway/web/dist gateway/web/node_modules services/ai/skills/_ontology
