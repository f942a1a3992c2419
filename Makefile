# Two commands do everything: `make demo` and `make test`. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.netact-installed

.PHONY: demo test check lock messages generated schemas importers methods clean

demo: $(STAMP)
	$(VENV)/bin/netact demo -o netact-demo

test: $(STAMP) check
	$(PY) -m pytest

check: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

# The environment is made again only when what it is made from has changed.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "netact needs Python 3.11 or newer; found $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@test -x "$(PY)" || $(PYTHON) -m venv "$(VENV)"
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch "$@"

lock:
	uv pip compile pyproject.toml --extra dev --extra dashboard --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

# Gathers every sentence into the catalogues of netact/locales; what is new is then to be translated there.
messages: $(STAMP)
	$(VENV)/bin/pybabel -q extract --mapping netact/locales/babel.cfg --no-default-keywords -k _ -k _n:1,2 -k _p:1c,2 \
	  -k Message -k counting:1,2 --add-comments Translators: --strip-comments --sort-output --add-location file --width 110 \
	  --project netact --output-file $(VENV)/messages.pot netact dashboards/netact_dashboards
	for language in ar es fr; do $(VENV)/bin/pybabel -q update --input-file $(VENV)/messages.pot --output-file \
	  netact/locales/$$language.po --locale $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
	  --width 110 || exit 1; done

# Writes everything that is made of the code; tests fail where it is not as the code says.
generated: schemas importers methods

# Writes the JSON Schema of study files, for the documentation and for the package.
schemas: $(STAMP)
	$(PY) -m netact.study.schema docs/study.schema.json netact/study/study.schema.json

# Writes the page on the formats from the importers themselves.
importers: $(STAMP)
	$(VENV)/bin/netact formats --markdown > docs/importers.md

# Writes the pages on the methods from the measures themselves.
methods: $(STAMP)
	$(PY) -m netact.report.method_pages docs/methods

clean:
	rm -rf "$(VENV)" netact-demo dist
