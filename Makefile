# The developer's whole manual. On a fresh machine `make demo` and `make test` need nothing before them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test soak check lint bench quality speed lock clean
.DEFAULT_GOAL := help

help:            ## list these targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## build .venv from the pinned requirements

$(READY): .ci/requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)   ## try the whole bot in a browser, with no Slack account
	@$(BIN)/guidance demo

BOT := tests/bot tests/badday
SLACK := tests/serving tests/workspace
test: $(READY)   ## run the tests, three parts at the same time (what the first two print comes last)
	@mkdir -p build
	@$(BIN)/pytest $(BOT) >build/test-bot.txt 2>&1 & bot=$$!; \
	$(BIN)/pytest $(SLACK) >build/test-slack.txt 2>&1 & slack=$$!; \
	trap 'kill $$bot $$slack 2>/dev/null' INT TERM; \
	$(BIN)/pytest $(BOT:%=--ignore=%) $(SLACK:%=--ignore=%); others=$$?; \
	wait $$bot; bot=$$?; wait $$slack; slack=$$?; \
	cat build/test-bot.txt build/test-slack.txt; exit $$((bot + slack + others))

soak: $(READY)   ## the long form of the tests of bad days: minutes, not seconds (what it prints of the weather comes last)
	@mkdir -p build
	@$(BIN)/pytest -m soak -s tests/badday >build/soak-badday.txt 2>&1 & weather=$$!; \
	$(BIN)/pytest -m soak -s --ignore=tests/badday; others=$$?; \
	wait $$weather; badday=$$?; cat build/soak-badday.txt; exit $$((others + badday))

check: lint test ## the one gate: style, types, content, tests

lint: $(READY)   ## style, types, content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/guidance check --strict

QUESTIONS ?= ../shared/questions
FRESH := tests/data/questions
MEASURE := $(BIN)/guidance evaluate --markdown
bench: quality speed ## both of the next two: how good the answers are, and how fast

quality: $(READY) ## measure the answers (QUESTIONS=folder of labelled questions)
	@echo "Development questions\n"
	@$(MEASURE) $(QUESTIONS)/cherry-trees-*.jsonl $(QUESTIONS)/mercian-trust-*.jsonl 2>/dev/null
	@echo
	@$(MEASURE) -o cherry-trees $(QUESTIONS)/triage.jsonl 2>/dev/null
	@echo "\nFresh questions: no card, phrasing or constant has seen them\n"
	@$(MEASURE) $(FRESH)/cherry-trees-m.jsonl $(FRESH)/mercian-trust-m.jsonl 2>/dev/null
	@echo
	@$(MEASURE) -o cherry-trees $(FRESH)/triage-m.jsonl 2>/dev/null

BENCH :=
speed: $(READY)  ## measure speed, memory and load, into build/bench.json (BENCH="--only NAME")
	@echo "\nHow fast it is\n"
	@$(BIN)/python -m tests.bench $(BENCH)

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:            ## pin the requirements anew (needs uv)
	$(LOCK) --extra demo --extra ingest --extra plots --group dev pyproject.toml --output-file .ci/requirements.txt
	$(LOCK) --constraint .ci/requirements.txt pyproject.toml --output-file bot/deploy/requirements.txt
	$(LOCK) --constraint .ci/requirements.txt --group pyproject.toml:build --output-file bot/deploy/build.txt

clean:           ## remove what was built
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
