# `make run` makes the sample, to the report. `make check` looks at style, types and rules, `make quick` passes the tests that take no
# model, no server and no run of Snakemake, `make test` passes all. Each sets itself up in .venv.
SHELL := /bin/bash
PYTHON ?= python3
CORES ?= all
VENV ?= .venv
# On Linux, PyPI's torch brings gigabytes of CUDA. `make run TORCH=cpu` takes PyTorch's CPU build of the same version.
TORCH ?=
# More options for Snakemake, such as `make run OPTIONS="--configfile mine.yaml"`.
OPTIONS ?=

bin := $(VENV)/bin
pip := $(bin)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint envs/pip.txt

.PHONY: run models check quick test test_workflow test_e2e test_unit test_slurm test_terminal

# Python keeps its compiled modules: a run starts hundreds of programs, and Snakemake alone would compile 600 modules each time.
unexport PYTHONDONTWRITEBYTECODE

run: $(VENV)/.installed
	@$(bin)/trailerflow unlock
	@$(bin)/snakemake --cores $(CORES) $(OPTIONS)

models: $(VENV)/.installed
	@$(bin)/snakemake --cores $(CORES) models $(OPTIONS)

check: export PATH := $(abspath $(bin)):$(PATH)
check: $(VENV)/.installed-test
	@ruff check .
	@ruff format --check .
	@mypy src scripts benchmarks
	@snakefmt --check Snakefile rules workflow
	@snakemake --lint

quick: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/unit -m "not slow" $(TESTS)

ifdef TESTS
test: $(VENV)/.installed-test
	@$(bin)/python -m pytest $(TESTS)
else
# Most tests take one core, so two folders of them pass at a time; those that take longest begin.
test: $(VENV)/.installed-test
	@$(MAKE) --no-print-directory --keep-going --jobs 2 test_workflow test_e2e test_unit test_slurm test_terminal
endif

test_workflow: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/workflow

test_unit: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/unit

test_e2e: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/e2e

test_slurm: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/slurm -m "not long"

test_terminal: $(VENV)/.installed-test
	@$(bin)/python -m pytest tests/terminal

$(VENV)/.installed: pyproject.toml envs/pip.txt
	@echo "Setting up $(VENV) (some minutes, once) …"
	@start=$$SECONDS; \
	$(PYTHON) -c 'import sys; sys.exit("trailerflow needs Python 3.11 or 3.12; name one: make run PYTHON=python3.11") if not (3, 11) <= sys.version_info[:2] <= (3, 12) else None' && \
	$(PYTHON) -m venv $(VENV) && \
	{ [ "$(TORCH)" != cpu ] || $(pip) --index-url https://download.pytorch.org/whl/cpu torch==2.13.0; } && \
	$(pip) --editable . && \
	touch $@ && echo "Set up in $$((SECONDS - start)) s."

$(VENV)/.installed-test: $(VENV)/.installed
	@$(pip) --editable '.[test]'
	@touch $@
