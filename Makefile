# Lunas. `make` alone lists what there is.
#
# Everything Python goes into .venv. What is installed there is stamped with a digest of what asked for it, so a second
# run finds the stamp and starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
pip_install := $(BIN)/python -m pip install --quiet --no-input

digest = $(firstword $(shell { echo '$(1)'; cat $(2) /dev/null; } | sha256sum))
python_minor := $(shell $(PYTHON) -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null)
# A virtual environment can neither move nor change its Python.
empty_venv := .venv/empty-$(call digest,$(CURDIR) $(python_minor),)
runtime := .venv/runtime-$(call digest,$(empty_venv),pyproject.toml requirements.lock)
testing := .venv/testing-$(call digest,$(runtime),requirements-test.lock)
vm_disk := build/vm/disk-$(call digest,$(python_minor),$(wildcard tests/vm/image/*) requirements.lock)

.PHONY: help setup demo test lint bench soak vm vm-soak lock clean debian-to-run debian-for-tests debian-for-vm

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s%s\n", $$1, $$2}' Makefile

setup: $(runtime) ## install what Lunas needs to run, into .venv
	@echo "Ready: .venv/bin/lunas --help"

demo: $(runtime) ## try the main job in a seeded shop: shelf, till, gate, alarm
	@exec $(BIN)/lunas demo

# One process more than there are processors: tests of outages wait.
test: lint ## check and test everything, on SQLite and on PostgreSQL
	@$(BIN)/pytest --numprocesses $$(($$(nproc) + 1)) --dist worksteal

lint: $(testing) debian-for-tests ## check style, types and who imports whom
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(testing) debian-for-tests ## measure; prints a table and writes build/bench.json
	@$(BIN)/python -m tests.bench

soak: $(testing) debian-for-tests ## the long tests
	@$(BIN)/pytest -m 'soak and not vm' --timeout 0

vm: $(testing) $(vm_disk) ## test with real kernel drivers and systemd, in a virtual machine
	@$(BIN)/pytest -m 'vm and not soak' tests/vm

vm-soak: $(testing) $(vm_disk) ## cut the virtual machine's power again and again
	@$(BIN)/pytest -m 'vm and soak' tests/vm

lock: ## resolve the dependencies anew (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	backend() { $(PYTHON) -c 'import tomllib
	print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'; }
	resolve() { backend | $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml - "$$@"; }
	resolve --output-file requirements.lock
	resolve --extra test --constraints requirements.lock --output-file requirements-test.lock

clean: ## remove what was installed and built
	@rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# ---- the virtual environment

$(empty_venv):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
	    echo "Lunas needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then
	    $(call debian_install,python3-venv)
	fi
	$(PYTHON) -m venv --clear .venv
	touch $@

$(runtime): | debian-to-run $(empty_venv)
	@echo "Installing what Lunas needs into .venv ..."
	$(pip_install) --require-hashes --requirement requirements.lock
	$(pip_install) --no-deps --no-build-isolation --editable .
	rm -f .venv/runtime-*
	touch $@

$(testing): | $(runtime)
	@echo "Installing what the tests need into .venv ..."
	$(pip_install) --require-hashes --requirement requirements-test.lock
	rm -f .venv/testing-*
	touch $@

# ---- the virtual machine's disk

$(vm_disk): | $(runtime) debian-for-vm
	@echo "Building the virtual machine's disk ..."
	tests/vm/image/build.sh build/vm $(BIN)/python
	rm -f build/vm/disk-*
	touch $@

# ---- Debian's packages

# evdev comes as source, and is compiled; pyzbar loads zbar's library.
python_header := $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_paths()["include"])' 2>/dev/null)/Python.h
missing_to_run := $(if $(shell command -v gcc),,gcc libc6-dev) $(if $(wildcard $(python_header)),,python3-dev)
missing_to_run += $(if $(wildcard /usr/include/linux/input.h),,linux-libc-dev)
missing_to_run += $(if $(wildcard /usr/lib/*/libzbar.so.0),,libzbar0)

caddy := build/caddy/usr/bin/caddy

debian-to-run:
	@$(if $(strip $(missing_to_run)),$(call debian_install,$(strip $(missing_to_run))))

initdb := $(wildcard /usr/lib/postgresql/1[5-9]/bin/initdb /usr/lib/postgresql/[2-9][0-9]/bin/initdb)
missing_for_tests := $(if $(initdb),,postgresql) $(if $(shell command -v chromium-headless-shell),,chromium-headless-shell)
# Playwright drives Chromium through a Node.js that it brings, which is linked against libatomic.
missing_for_tests += $(if $(wildcard /usr/lib/*/libatomic.so.1),,libatomic1)
missing_for_tests += $(if $(wildcard /usr/sbin/mosquitto),,mosquitto)

debian-for-tests: $(caddy)
	@$(if $(strip $(missing_for_tests)),$(call debian_install,$(strip $(missing_for_tests))))

# The proxy of the TLS recipe is only unpacked: installed, it would start with the machine and take its port 80.
$(caddy):
	@echo "Fetching Debian package: caddy ..."
	mkdir -p build/caddy
	cd build/caddy
	[ "$$(id -u)" != 0 ] || apt-get update > update.log 2>&1 || { cat update.log >&2; exit 1; }
	apt-get download caddy > download.log 2>&1 || { cat download.log >&2; exit 1; }
	dpkg-deb --extract caddy_*.deb .

missing_for_vm := $(if $(shell command -v qemu-system-x86_64),,qemu-system-x86 qemu-utils)
missing_for_vm += $(if $(shell command -v mmdebstrap),,mmdebstrap) $(if $(shell command -v cpio),,cpio)
missing_for_vm += $(if $(wildcard /sbin/modprobe),,kmod) $(if $(wildcard /sbin/mkfs.ext4),,e2fsprogs)

debian-for-vm:
	@$(if $(strip $(missing_for_vm)),$(call debian_install,$(strip $(missing_for_vm))))

# $(call debian_install,PACKAGES): as root or through sudo, quietly; else prints the one line to run.
define debian_install
	install='apt-get update && apt-get install -y --no-install-recommends $(1)'
	if [ "$$(id -u)" = 0 ]; then as_root="env"
	elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then as_root="sudo env"
	else
	    printf 'Debian packages are missing. Run this line as root, then make again:\n  %s\n' "$$install" >&2
	    exit 1
	fi
	echo "Installing Debian packages: $(1) ..."
	$$as_root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 sh -euc '
	    log=$$(mktemp)
	    trap "rm -f $$log $(no_cluster)" EXIT
	    $(if $(findstring postgresql,$(1)),$(refuse_cluster))
	    { '"$$install"'; } > $$log 2>&1 < /dev/null || { cat $$log >&2; exit 1; }
	    $(if $(findstring mosquitto,$(1)),$(no_broker))
	'
endef

# The tests start PostgreSQL clusters of their own: Debian need not make one, and start it with the machine.
no_cluster := /etc/postgresql-common/createcluster.d/no-cluster-for-tests.conf
refuse_cluster := mkdir -p $(dir $(no_cluster)) && echo "create_main_cluster = false" > $(no_cluster)
# Debian starts a broker with the machine; the tests start brokers of their own.
no_broker := systemctl disable --now mosquitto > $$log 2>&1 || true
