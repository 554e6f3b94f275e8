# Two commands: `make run` starts a demo federation, `make test` runs the whole suite.
# Both need Python >= 3.11 (with venv and pip) and nothing else.

VENV := .venv
PY := $(VENV)/bin/python
TOOLS := .venv-chart
NODE := PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH"
SUITABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
BASE_PYTHON = $(shell for p in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(SUITABLE)' 2>/dev/null && echo "$$p" && break; done)

.PHONY: help run manage stack test-stack test test-slow chart chart-readme sbom messages install install-dev lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## start everything; HUILIAN_PORT, HUILIAN_DATA_DIR and HUILIAN_PRESET choose how
	@exec $(PY) -m config.launcher

manage: $(VENV)/run.stamp ## a management command beside what `make run` runs; ARGS="reconcile --repair"
	@$(PY) -m config.launcher.beside $(ARGS)

stack: $(VENV)/dev.stamp ## the production stack on this machine: PgBouncer, Redis or RabbitMQ (STACK_BROKER), S3, nginx
	@exec $(PY) -m tests.stack

test-stack: $(VENV)/dev.stamp ## journeys, isolation and kills against that stack, with either broker
	@$(PY) -m pytest tests/stack $(or $(ARGS),-v)

test: $(VENV)/dev.stamp ## the test suite, in minutes; ARGS="-k name" for a part
	@$(PY) -m pytest $(or $(ARGS),-m "not slow")

test-slow: $(VENV)/dev.stamp ## the rest: real browsers, kills, journeys through the running whole; ARGS="--last-failed"
	@$(PY) -m pytest -m slow $(ARGS)

chart: $(VENV)/dev.stamp $(TOOLS)/made.stamp ## the chart in every combination, by both Helms, against every schema
	@HUILIAN_CHART_WHOLE=1 $(PY) -m pytest tests/chart -m "not slow"

chart-readme: $(TOOLS)/made.stamp ## write the tables of the chart's README from the comments in values.yaml
	@$(NODE) helm/tools/node_modules/.bin/readme-generator -v helm/huilian/values.yaml -r helm/huilian/README.md

sbom: $(VENV)/run.stamp ## what Huilian consists of, as CycloneDX: dist/huilian.cdx.json
	@$(PY) helm/sbom.py dist/huilian.cdx.json && echo "dist/huilian.cdx.json"

messages: $(VENV)/dev.stamp ## bring the translations up to date with what the sources say
	@$(PY) -m tests.language extract

install: $(VENV)/run.stamp ## only make the environment
install-dev: $(VENV)/dev.stamp ## the environment with the tools of development

$(VENV)/run.stamp: requirements.lock | $(VENV)/made.stamp
	@echo "Installing what Huilian runs on (once) ..."
	@$(PY) platform/config/launcher/install.py $<
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/made.stamp
	@echo "Installing the tools of development (once) ..."
	@$(PY) platform/config/launcher/install.py $<
	@touch $@

# Checkov's requirements are its own, so it has its own environment; npm comes with Node, and Node as a wheel.
$(TOOLS)/made.stamp: helm/tools/requirements.lock helm/tools/package-lock.json
	@echo "Installing what looks at the chart (once) ..."
	@rm -rf $(TOOLS) && "$(BASE_PYTHON)" -m venv $(TOOLS)
	@$(TOOLS)/bin/python platform/config/launcher/install.py helm/tools/requirements.lock
	@cd helm/tools && $(NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The .pth makes the packages of this folder and of platform/ importable; relative, so a clone can be moved.
$(VENV)/made.stamp:
	@test -n "$(BASE_PYTHON)" || { echo "Huilian needs Python 3.11 or newer with venv and pip; found" \
		"$$(python3 --version 2>&1 || true). (Debian: apt install python3-venv; or make PYTHON=/path/to/python3)"; exit 2; }
	@echo "Making the environment in $(VENV) with $(BASE_PYTHON) ..."
	@rm -rf $(VENV) && "$(BASE_PYTHON)" -m venv $(VENV)
	@$(PY) -c 'import pathlib, sysconfig; \
		pathlib.Path(sysconfig.get_path("purelib"), "huilian.pth").write_text("../../../..\n../../../../platform\n")'
	@touch $@

lock: ## choose the newest versions and write the lock files, with hashes and without index addresses
	@"$(BASE_PYTHON)" -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	@rm -f requirements.lock requirements-image.lock requirements-dev.lock
	.venv-lock/bin/uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras -c requirements.lock $(LOCK) -o requirements-image.lock
	.venv-lock/bin/uv pip compile pyproject.toml --group dev -c requirements-image.lock $(LOCK) -o requirements-dev.lock
	.venv-lock/bin/uv pip compile helm/tools/requirements.in --upgrade $(LOCK) -o helm/tools/requirements.lock
# One version of each package for every Python: what is tested is what runs.
LOCK := --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

clean: ## remove the environment (the data stay)
	rm -rf $(VENV) $(TOOLS) helm/tools/node_modules .venv-lock
