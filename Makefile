# The two that matter: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN    := .venv/bin
STAMPS := .venv/.stamps
NODE   := scripts/with-node.sh
ASSETS := src/admit/static/manifest.json

PINS       := pyproject.toml requirements-bootstrap.txt scripts/environment.sh
STYLESHEET := $(shell find frontend -type f 2>/dev/null)
# More than there are cores: many tests wait for another process.
WORKERS    ?= 4

# ---------------------------------------------------------------- what is made once and kept

$(STAMPS)/run: requirements.txt $(PINS)
	@scripts/environment.sh requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt requirements.txt $(PINS)
	@scripts/environment.sh requirements-dev.txt
	@touch $@ $(STAMPS)/run

node_modules/.package-lock.json: package.json package-lock.json | $(STAMPS)/run
	@echo "admit  fetching what styles and scripts are made of (once)"
	@$(NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): node_modules/.package-lock.json $(STYLESHEET)
	@$(NODE) npm run --silent build
	@touch $@

# ---------------------------------------------------------------- what people type

# A shell that forbids bytecode would make every start compile everything again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test test-long prove setup check format coverage bench wheel lock hooks clean help

run: $(STAMPS)/run $(ASSETS) ## start the app, the Stripe simulator and the mailbox (PORT, STRIPE_SIMULATOR_PORT, ADMIT_DATA_DIR)
	@exec $(BIN)/admit run

test: $(STAMPS)/dev $(ASSETS) ## every test, on SQLite and PostgreSQL and in a browser (WORKERS=1 for one at a time)
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

test-long: $(STAMPS)/dev $(ASSETS) ## the long property, fault and packaging runs
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -n $(WORKERS) --dist worksteal -m long

prove: $(STAMPS)/dev $(ASSETS) ## every order of six and seven events, for hours (docs/proof.md)
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal -m prove

setup: $(STAMPS)/dev $(ASSETS) ## everything that development needs, without starting anything
	@echo "Ready: make run, make test, make help."

check: $(STAMPS)/dev $(ASSETS) ## format, lint, types, import contracts, templates, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src
	$(NODE) npm run --silent format:check
	$(NODE) npm run --silent markdown
	$(BIN)/pytest --quiet tests/shape

format: $(STAMPS)/dev $(ASSETS) ## put everything into the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NODE) npm run --silent format

coverage: $(STAMPS)/dev $(ASSETS) ## the tests with coverage; the report is htmlcov/index.html
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=html --cov-report=term:skip-covered

bench: $(STAMPS)/dev $(ASSETS) ## measure the hot roads beside their bare limits, into bench/results.json
	@$(BIN)/python -m bench

wheel: $(STAMPS)/dev $(ASSETS) ## build dist/admit-*.whl, assets included
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist

lock: $(STAMPS)/run ## pin the requirements again from pyproject.toml (UPGRADE=1 takes newer releases)
	@scripts/lock.sh

hooks: $(STAMPS)/dev ## run the checks on every commit of this clone
	@$(BIN)/pre-commit install --hook-type pre-commit --hook-type commit-msg

clean: ## forget everything that was built (the data in ./var stays)
	rm -rf .venv node_modules src/admit/static dist build htmlcov .coverage* .*_cache .hypothesis

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
