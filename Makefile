# Two commands matter: `make run` serves the demo desk, `make test` proves everything.
# Each sets up what it needs; what is in place already costs nothing.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
DONE := .venv/done
export PIP_DISABLE_PIP_VERSION_CHECK := 1
MAKEFLAGS += --no-print-directory
PIP := $(BIN)/python -m pip -qq install
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"
FRONT_END := $(shell find credo/web/assets -type f 2>/dev/null) package.json package-lock.json
CATALOGUES := $(wildcard credo/locale/*/LC_MESSAGES/*.po)

.PHONY: run setup setup-test test prove check wheel docs corpora messages bench lock clean

run: setup
	@exec $(BIN)/credo serve --demo

setup: $(DONE)/project $(DONE)/front-end $(DONE)/catalogues

test: setup $(DONE)/dev
	@tools/test

# The same tests of the condition language as in `make test`, ten times as many: minutes instead of seconds.
prove: setup $(DONE)/dev
	@CREDO_PROVE=1 $(BIN)/python -m tools.with_server $(BIN)/python -m pytest tests/conditions

check: setup $(DONE)/dev
	@tools/check

# A wheel that needs no Node: the built assets are inside.
wheel: setup
	$(BIN)/python -m hatchling build --target wheel --directory dist

docs: $(DONE)/dev
	$(BIN)/zensical build --clean --strict

# Scores of our mail reading per set of real mail, on any folder of the same layout.
corpora: setup $(DONE)/dev
	$(BIN)/python -m tests.corpora $(if $(DATA),$(DATA),../shared/data)

# Every text of the interface into the catalogues of credo/locale; fails while one waits for its translation.
messages: setup
	@$(BIN)/python -m tools.messages

bench: setup $(DONE)/dev
	$(BIN)/python -m bench.load --size large

# Locks carry hashes and no host; `make lock` after a change in pyproject.toml.
lock: $(DONE)/dev
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --group build --output-file requirements-build.txt
	$(LOCK) --group node --output-file requirements-node.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf .venv node_modules credo/web/static dist site

$(DONE)/venv:
	@test -n "$(PYTHON)" || { echo "Credo needs Python 3.11 or later; install it and try again." >&2; exit 1; }
	@echo "Making the virtual environment .venv …"
	@$(PYTHON) -m venv .venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/packages: $(DONE)/venv requirements.txt requirements-build.txt
	@echo "Installing the locked Python packages …"
	@$(PIP) --require-hashes -r requirements.txt -r requirements-build.txt
	@touch $@

$(DONE)/project: $(DONE)/packages pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/dev: $(DONE)/packages requirements-dev.txt
	@echo "Installing the locked packages for tests …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# Node 20 or later if there is one, else the one that comes as a Python package.
$(DONE)/node: $(DONE)/venv requirements-node.txt
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
		|| { echo "Installing Node as a Python package …"; $(PIP) --require-hashes -r requirements-node.txt; }
	@touch $@

$(DONE)/node-packages: $(DONE)/node package.json package-lock.json
	@echo "Installing the locked front-end packages …"
	@tools/with-node npm ci --silent --no-progress
	@touch $@

$(DONE)/front-end: $(DONE)/node-packages $(FRONT_END)
	@echo "Building the front end …"
	@tools/with-node npm run --silent build
	@touch $@

$(DONE)/catalogues: $(DONE)/packages $(CATALOGUES)
	@$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --domain credo --directory credo/locale)
	@touch $@
