# Everything the project does, by name. `make run` and `make test` set up what they need themselves.
.DEFAULT_GOAL := help
.PHONY: help setup run train test check bench bench-nlu bench-scale bench-booking bench-wechat bench-identity lock clean

PYTHON ?= python3
UV := .cache/uv/bin/uv
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

help: ## show this
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: .venv/.installed ## install everything into .venv

run: setup ## the whole assistant, on embedded defaults
	@$(BIN)/onestop serve

train: setup ## train the model, if anything has changed
	@$(BIN)/onestop train

test: setup train .cache/browser .cache/interop ## every test: real Redis, PostgreSQL, browser, other people's clients
	@$(BIN)/python -m pytest

check: setup ## format, lint, types, import rules, knowledge, Rasa's own data check
	@scripts/check.sh

bench: setup train ## the benchmarks, side by side with stock Rasa
	@$(BIN)/python -m benchmarks

bench-nlu: setup train ## how well it understands: our own test set and public ones
	@$(BIN)/python -m benchmarks.understanding

bench-scale: setup train ## understanding with 309, 10,000 and 100,000 entries
	@$(BIN)/python -m benchmarks.scale

bench-booking: setup ## appointments: contention, throughput, availability, on both databases
	@$(BIN)/python -m benchmarks.booking

bench-wechat: setup train ## WeChat: turns a second beside stock Rasa, repeats, cold workers
	@$(BIN)/python -m benchmarks.wechat

bench-identity: setup train ## signing in: links made and used beside 10,000 others, and in a turn
	@$(BIN)/python -m benchmarks.identity

lock: $(UV) ## write requirements.lock anew from pyproject.toml
	@scripts/lock.sh

clean: ## remove what was installed, trained and stored
	rm -rf .venv .cache var build *.egg-info

$(UV):
	@scripts/bootstrap.sh $(PYTHON)

# uv finds or downloads the Python that .python-version names.
.venv/.installed: requirements.lock pyproject.toml .python-version $(UV)
	$(UV) venv --quiet --clear .venv
	VIRTUAL_ENV=.venv $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.cache/browser: .venv/.installed
	@$(BIN)/python scripts/browser.py
	@touch $@

# Without Node.js the tests against other people's clients say that they were skipped.
.cache/interop: tests/interop/package-lock.json tests/interop/package.json
	@if command -v npm >/dev/null; then cd tests/interop && npm ci --ignore-scripts --silent; fi
	@mkdir -p .cache && touch $@
