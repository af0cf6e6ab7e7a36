# One folder (.venv), installed from hash-pinned files that are exported from poetry.lock; plain pip, no Poetry needed.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
TYPES := $(BIN)/mypy --no-error-summary
TESTS := $(BIN)/python -m pytest -q -n 3
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq --no-input
ARGS ?=
# Sentences of people who make music, with checks on what became of them. They are no part of the project: they lie beside a checkout.
WORDS ?= ../shared/words

.PHONY: help run test lint types tests soak models bench words docs site synthdefs requirements clean

help: ## show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: $(VENV)/run ## start hardcore; ARGS='render "acid 130 bpm" -o a.wav' passes arguments
	@$(BIN)/python -m hardcore $(ARGS)

# mypy keeps one core busy for a minute, so it works beside the tests, behind those that need the clock, and says after
# them what it found.
test: $(VENV)/test lint ## lint, types and tests
	@nice -n 5 $(TYPES) > $(VENV)/types.txt 2>&1 & types=$$!; \
	$(TESTS) tests; status=$$?; \
	wait $$types || { echo "types:"; cat $(VENV)/types.txt; status=1; }; \
	exit $$status

lint: $(VENV)/test
	@$(BIN)/ruff check --quiet hardcore tests
	@$(BIN)/ruff format --quiet --check hardcore tests

types: $(VENV)/test
	@$(TYPES)

tests: $(VENV)/test
	@$(TESTS) tests

soak: $(VENV)/test ## the long versions of the tests
	@HARDCORE_SOAK=1 $(BIN)/python -m pytest -q -m "soak or not soak" tests

models: $(VENV)/run ## the libraries of models that make sound, in an environment of their own (1.4 GB)
	@$(PYTHON) -m venv .venv-models
	@.venv-models/$(notdir $(BIN))/python -m pip install -qq --no-input -r requirements/run.txt
	@.venv-models/$(notdir $(BIN))/python -m pip install -qq --no-input "$$(grep ^torch requirements/models.txt)"
	@.venv-models/$(notdir $(BIN))/python -m pip install -qq --no-input -r requirements/models.txt

bench: $(VENV)/test ## measure what matters; ARGS='start --against HEAD~1' by turns with a parent
	@$(BIN)/python -m tests.bench $(ARGS)

ifneq (,$(wildcard $(WORDS)/run_corpus.py))
words: $(VENV)/test ## how much of a corpus of sentences is understood; WORDS=FOLDER holds it, ARGS='all --verbose' shows them
	@$(BIN)/python $(WORDS)/run_corpus.py . $(or $(ARGS),all --counts) --python $(abspath $(BIN)/python)
else
words:
	@echo "no sentences to run: there is no $(WORDS)/run_corpus.py; WORDS=FOLDER names another place"
endif

docs: $(VENV)/test ## write the generated documentation anew
	@$(BIN)/python -m tests.docs

site: $(VENV)/site ## the documentation as a site in site/, with a sound of each style; ARGS=--quick of a few
	@$(BIN)/python -m tests.site $(ARGS)

synthdefs: $(VENV)/run ## compile the SynthDefs
	@$(BIN)/python -m hardcore.engine.synthdefs

requirements: ## export requirements/ from poetry.lock (needs poetry with its export plug-in)
	poetry export --format requirements.txt --output requirements/run.txt
	poetry export --format requirements.txt --extras serve --output requirements/serve.txt
	poetry export --format requirements.txt --extras assistant --output requirements/assistant.txt
	poetry export --format requirements.txt --with dev --extras "serve assistant cluster chords link plugins" --output requirements/test.txt
	poetry export --format requirements.txt --only site --output requirements/site.txt

clean: ## remove the environment and caches
	rm -rf $(VENV) .venv-models site .pytest_cache .mypy_cache .ruff_cache .hypothesis dist

# `make -s` is for pipes: it prints nothing of its own.
ifeq (,$(findstring s,$(firstword -$(MAKEFLAGS))))
SAY := @echo >&2
else
SAY := @true
endif

$(BIN)/python:
	$(SAY) "setting up $(VENV), once: ten to thirty seconds"
	@$(PYTHON) -m venv $(VENV)

# What is never imported need not be compiled: that is a third of the time until the first sound.
$(VENV)/run: requirements/run.txt | $(BIN)/python
	@$(PIP) --no-compile --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/test: requirements/test.txt | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@ $(VENV)/run

$(VENV)/site: requirements/site.txt | $(VENV)/test
	@$(PIP) --require-hashes -r requirements/site.txt
	@touch $@
