# What people run. `make help` lists it. Each task installs what it needs from Debian first, which takes no time once done.

SHELL := /bin/bash
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_MINUTES ?= 2

.PHONY: help demo build test sanitize bench fuzz lint tidy format install clean
.DEFAULT_GOAL := help

# $(call compile,PRESET,PACKAGES,TARGET): ninja configures again by itself when a CMakeLists.txt changes, but not for presets.
define compile
@scripts/install-dependencies $(2)
@[[ build/$(1)/build.ninja -nt CMakePresets.json ]] || { cmake --preset $(1) && touch build/$(1)/build.ninja; }
@cmake --build build/$(1) --parallel $(JOBS) --target $(or $(3),all)
endef

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r t d; do printf '  make %-9s %s\n' "$$t" "$$d"; done

demo: build ## plan the example service and write report.html
	build/release/plumb plan examples/companion.toml --report report.html
	@echo "The report is in $(CURDIR)/report.html"

build: ## the program: build/release/plumb
	$(call compile,release,build)

test: ## the whole suite
	$(call compile,test,test)
	@ctest --test-dir build/test --output-on-failure --no-tests=error --parallel $(JOBS)

sanitize: ## the whole suite once more, all of it under address and undefined-behaviour sanitizers
	$(call compile,sanitize,test)
	@ctest --test-dir build/sanitize --output-on-failure --no-tests=error --parallel $(JOBS)

bench: ## speeds, as lines NAME VALUE UNIT
	$(call compile,bench,bench)
	@build/bench/plumb_bench

fuzz: ## libFuzzer on every target or on FUZZ_TARGETS, FUZZ_MINUTES (2) each
	$(call compile,fuzz,fuzz,fuzz_targets)
	@scripts/fuzz build/fuzz $$(($(FUZZ_MINUTES) * 60)) $(FUZZ_TARGETS)

lint: ## formatting, by clang-format-19
	@scripts/install-dependencies lint
	@scripts/sources | xargs -0 clang-format-19 --dry-run --Werror

tidy: ## clang-tidy-19 over src/ (minutes)
	$(call compile,release,lint)
	@run-clang-tidy-19 -quiet -p build/release -j $(JOBS) "$(CURDIR)/src/.*\.cpp"

format: ## format all C++ sources in place
	@scripts/install-dependencies lint
	@scripts/sources | xargs -0 clang-format-19 -i

install: build ## the program and its manual page under PREFIX (/usr/local); DESTDIR is honoured
	@cmake --install build/release --prefix $(PREFIX)

clean: ## remove what was built
	rm -rf build report.html
