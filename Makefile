# All commands work in a fresh clone with Python 3.11+ and make; docs/commands.md explains each.
PYTHON ?= python3
PY := .venv/bin/python
READY := .local/ready
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: demo manage test check bench drill mutants screenshots lock setup clean

demo: setup
	@exec $(PY) -m tools.demo

manage: setup
	@$(PY) -m tools.manage $(CMD)

# RANDOM_ORDER=1 runs the tests in random order and prints its seed.
# CLOCK="2028-02-28 23:57" runs the suite as at that moment; CLOCK=drawn draws one from tools/suite_clock.py.
test: setup
	@export TEST_CLOCK="$(if $(filter drawn,$(CLOCK)),$$($(PY) -m tools.suite_clock),$(CLOCK))"; \
	echo "The suite runs as at: $${TEST_CLOCK:-now}"; \
	$(PY) -m pytest -n auto --dist worksteal --durations 15 $(if $(RANDOM_ORDER),,-p no:randomly) $(ARGS)

check: setup
	@$(PY) -m tools.check

bench: setup
	@exec $(PY) -m tools.bench

# ONLY="P2 P4" runs only these, SHORT=1 uses small numbers, CHAOS=600 runs P10 (all faults at once) for 600 s.
drill: setup
	@exec $(PY) -m tools.drills $(if $(SHORT),--short) $(if $(CHAOS),--chaos $(CHAOS)) $(ONLY)

# ONLY="path path:first-last" names files, folders or lines; TABLES="shadowing.request" changes transition tables;
# TESTS="path" runs these instead of the tests nearest to the files.
mutants: setup
	@exec $(PY) -m tools.mutants $(ONLY) $(if $(TABLES),--tables $(TABLES)) $(if $(TESTS),--tests $(TESTS))

screenshots: setup
	@$(PY) -m tools.screenshots

setup: $(READY)/venv $(READY)/assets

$(READY)/venv: requirements-dev.txt requirements-uv.txt tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py
	@mkdir -p $(READY) && touch $@

$(READY)/assets: package-lock.json tools/assets.py tools/icons.py $(READY)/venv
	@$(PY) -m tools.assets
	@touch $@

# Needs uv on the PATH. The lock files hold versions and hashes, but no address of a registry.
lock:
	@$(UV_COMPILE) pyproject.toml --output-file requirements.txt
	@$(UV_COMPILE) pyproject.toml --extra saml --constraints requirements.txt --output-file requirements-saml.txt
	@$(UV_COMPILE) pyproject.toml --extra mailbox --constraints requirements.txt --output-file requirements-mailbox.txt
	@$(UV_COMPILE) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	@echo uv | $(UV_COMPILE) - --output-file requirements-uv.txt
	@npm install --package-lock-only --no-audit --no-fund

clean:
	@rm -rf .venv .tools .local node_modules
