# Alliage. `make` alone lists what there is.
# Stamps in .setup/ remember what is installed and built: a second run does nothing twice.

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .setup
# Tests start the program hundreds of times: each start would compile every module again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
NPM := npm --prefix web --no-audit --no-fund --no-update-notifier --loglevel=error

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' 2>/dev/null)

.PHONY: help web setup setup-dev demo test test-python test-web lint format docs references \
	bench soak sbom lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

web: $(STAMPS)/web  ## build the web UI

setup: $(STAMPS)/run $(STAMPS)/web  ## install what a node needs into .venv, build the web UI

setup-dev: setup $(STAMPS)/dev  ## the same and what developers need

demo: setup  ## start a node with a simulated feed and print a sign-in link
	@$(BIN)/alliage demo

test: setup-dev test-web test-python  ## the whole test suite

test-web: setup-dev
	@$(NPM) run --silent test

test-python: setup-dev test-web
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup-dev  ## style, types, import tiers, feed folders
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(STAMPS)/imports.log || { cat $(STAMPS)/imports.log; exit 1; }
	@$(BIN)/python -m alliage.feeds.validate
	@$(NPM) run --silent lint
	@$(NPM) run --silent check

format: setup-dev  ## put the code into its one form
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet
	@$(NPM) run --silent format

references: setup-dev  ## write the generated pages of docs/reference anew
	@$(BIN)/python -m scripts.references

docs: references  ## write the reference pages and build the site into docs/_build
	@$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: setup-dev $(STAMPS)/bench  ## measure beside our peers, write docs/benchmarks.md
	@$(BIN)/python -m benchmarks.run

soak: setup-dev $(STAMPS)/bench  ## long runs: memory, latency, nothing lost (ALLIAGE_SOAK_MINUTES, default 10)
	@$(BIN)/pytest -m soak

sbom: setup-dev  ## list what a node is made of, with licences (CycloneDX), in build/sbom
	@$(BIN)/python -m scripts.sbom

lock: setup-dev  ## write the lock files anew (needs uv)
	@requirements/lock.sh
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved

clean:  ## forget everything that can be made again
	rm -rf $(STAMPS) .venv .bench-venv web/node_modules src/alliage/server/static docs/_build build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Alliage needs Python 3.11 or newer; say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making the Python environment in .venv"
	@$(PYTHON) -m venv .venv \
		|| { echo "The venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(STAMPS)/run: requirements/run.txt pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMPS)
	@echo "Installing Python packages"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run
	@echo "Installing Python packages for developers"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Peers stand in an environment of their own. Without them the others are measured.
$(STAMPS)/bench: requirements/bench.txt
	@mkdir -p $(STAMPS)
	@$(PYTHON) -m venv .bench-venv
	@.bench-venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
		-r requirements/bench.txt && touch $@ || echo "Some peers could not be installed; left out"

$(STAMPS)/npm: web/package-lock.json
	@mkdir -p $(STAMPS)
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
		|| { echo "Alliage needs Node 20 or newer to build its web UI"; exit 1; }
	@echo "Installing web packages"
	@$(NPM) ci > $(STAMPS)/npm.log 2>&1 || { cat $(STAMPS)/npm.log; exit 1; }
	@touch $@

$(STAMPS)/web: $(STAMPS)/npm $(WEB_SOURCES)
	@echo "Building the web UI"
	@$(NPM) run --silent build > $(STAMPS)/web.log 2>&1 || { cat $(STAMPS)/web.log; exit 1; }
	@touch $@
