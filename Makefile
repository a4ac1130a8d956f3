# Everything a newcomer needs, with nothing but Python (3.11 to 3.13) and make on the machine.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SLURM := bmg_assets_tests/distributed/test_computing_centre.py

.PHONY: help setup demo test test-all test-pythons test-faults test-distributed test-slurm cluster-demo mutants fuzz check advisories hooks format ui data bench docs lock clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 15

setup: $(READY)  ## install the locked versions into .venv

$(READY): requirements.lock pyproject.toml setup.cfg
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Found Python %d.%d; this project needs 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.12 ..." % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## from the literature to the next two alloys of Zr-Al-Cu, in minutes
	$(BIN)/bmg demo

data: $(READY)  ## download the published data sets and verify them
	$(BIN)/bmg data

ui: $(READY)  ## open the Dagster UI on http://localhost:3000, with the sensor and the nightly schedule at work
	$(BIN)/bmg ui

test: $(READY)  ## the tests (minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(READY)  ## all tests, those that train for minutes too
	$(BIN)/python -m pytest

test-pythons:  ## the tests with each of Python 3.11, 3.12 and 3.13 that is installed
	.ci/pythons

mutants: $(READY)  ## write faults into the science and see whether its tests notice (minutes; MUTANTS=all for all)
	$(BIN)/python -m bmg_assets_tests.mutants $(MUTANTS)

fuzz: $(READY)  ## a million wrong and odd inputs: formulas, keys, lab files, YAML files (a quarter of an hour; FUZZ=20000 for fewer)
	$(BIN)/python -m bmg_assets_tests.fuzz $(FUZZ)

test-faults: $(READY)  ## kill, fill disks and harm files on purpose, and count what is lost (half an hour; FAULTS=--short)
	$(BIN)/python -m bmg_assets_tests.faults $(FAULTS)

cluster-demo: $(READY)  ## PostgreSQL, a broker, two workers of separate users here: twenty systems, and their table (needs root)
	$(BIN)/python -m bmg_assets_tests.distributed $(CLUSTER)

test-distributed: $(READY)  ## several machines: kill one, restart the database, pull cables (needs root; three quarters of an hour)
	$(BIN)/python -m pytest -s bmg_assets_tests/distributed --ignore $(SLURM)

test-slurm: $(READY)  ## workers as jobs of Slurm, one of which has too little time (needs root; ten minutes)
	$(BIN)/python -m pytest -s $(SLURM)

bench: $(READY)  ## measure speed and memory beside matminer and the authors' procedure (a quarter of an hour)
	$(BIN)/python -m bmg_assets_tests.benchmarks $(BENCH)

check: $(READY)  ## linter, formatter, type checker, contract of the layers, vulnerabilities and licences of packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m bmg_assets_tests.dependencies

advisories: $(READY)  ## ask for known vulnerabilities, and keep the answer for machines without a network
	$(BIN)/python -m bmg_assets_tests.dependencies --store

hooks: $(READY)  ## run these checks before each commit
	$(BIN)/pre-commit install

format: $(READY)  ## let the formatter and the linter fix what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## write the data dictionary anew from the tables
	$(BIN)/python -m bmg_assets.store.tables.dictionary

lock:  ## resolve the versions anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --extra dev --extra cluster --output-file requirements.lock pyproject.toml

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) data/store
