# Everything a newcomer types. `make` alone lists the targets.

# Libraries that the programs link (see Package.swift), a font for the figures, and what fetches data.
PACKAGES := libopenblas-dev libpng-dev zlib1g-dev libcairo2-dev \
            libturbojpeg0-dev fonts-dejavu-core pkg-config curl
# What Swift itself needs on a bare Debian.
NEEDED := ca-certificates g++ git make libcurl4 libncurses6 libsqlite3-0 libxml2
# The folder of `make kit`.
KIT := output/kit
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
CHAPTERS := $(notdir $(wildcard Chapters/*))
# Handed to each chapter, for example `make gallery FLAGS=--quick`.
FLAGS :=
FORMATTED := Package.swift Sources Chapters Tests
# The tests' own program: of two `swift test` at once one may find the other's database locked, and then no tests.
# (On macOS only SwiftPM can start them; there the second waits for the first.)
TESTS := .build/debug/DeepLearningWithSwiftPackageTests.xctest --testing-library swift-testing
ifeq ($(shell uname),Darwin)
TESTS := swift test --skip-build
endif
# No colours in a file.
QUIETLY := [ -t 1 ] || export NO_COLOR=1;

.PHONY: help setup demo test test-libraries test-programs lint format data gallery reproduce bench yardstick platforms clean docs kit
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z/%]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | \
	  awk -F'\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup:  ## install the system packages that are missing (Debian, Ubuntu)
	@command -v swift >/dev/null || { \
	  echo "Swift 6.1 or newer is needed: https://www.swift.org/install/linux" >&2; exit 1; }
	@command -v apt-get >/dev/null || { \
	  echo "There is no apt-get: what Debian calls $(PACKAGES) has to be here already."; exit 0; }; \
	missing=$$(for package in $(PACKAGES); do \
	    dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	  python3 -m pip --version >/dev/null 2>&1 || missing="$$missing python3-pip"; \
	  if [ -n "$$missing" ]; then \
	    echo "Installing" $$missing; \
	    $(SUDO) apt-get update -qq && \
	    $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends $$missing; \
	  fi

demo: setup  ## set up, then tell good film reviews from bad ones (chapter 3)
	swift run chapter3-imdb

test: setup  ## set up, then run all tests
	swift build --build-tests
	@$(MAKE) --no-print-directory -j2 test-libraries test-programs

# Side by side, so that no core waits.
test-libraries:
	@$(QUIETLY) $(TESTS) --skip ChapterTests

test-programs:
	@$(QUIETLY) $(TESTS) --filter ChapterTests

lint:  ## check the format of all Swift files
	swift format lint --strict --recursive $(FORMATTED)

format:  ## format all Swift files
	swift format --in-place --recursive $(FORMATTED)

docs:  ## build the engine's documentation into .build/docs; a warning is an error
	swift build --target DeepLearning
	mkdir -p .build/symbols
	swift symbolgraph-extract -module-name DeepLearning -minimum-access-level public \
	  -target $$(uname -m)-unknown-linux-gnu -I .build/debug/Modules -output-dir .build/symbols \
	  $(foreach library,COpenBLAS CVector,-Xcc -fmodule-map-file=Sources/$(library)/module.modulemap)
	docc convert Sources/DeepLearning/DeepLearning.docc --additional-symbol-graph-dir .build/symbols \
	  --fallback-display-name DeepLearning --fallback-bundle-identifier DeepLearning \
	  --warnings-as-errors --output-path .build/docs

data:  ## list the data sets and which of them are there
	swift run fetch-data

data/%:  ## fetch one data set, for example `make data/imdb`
	swift run fetch-data $*

gallery: setup  ## run all chapters (FLAGS=--quick: a rehearsal), then write one page of them
	swift build
	set -e; for chapter in $(CHAPTERS); do swift run --skip-build $$chapter $(FLAGS); done
	swift run --skip-build gallery page

reproduce: setup  ## run the whole book over its seeds (ONLY=chapter6 SEEDS=3 HOSTS=hosts.txt); a day
	@parallel --version 2>/dev/null | grep -q '^GNU parallel' || { \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends parallel; }
	swift build
	swift run --skip-build reproduce $(ONLY:%=--only %) $(SEEDS:%=--seeds %) $(HOSTS:%=--hosts %) $(FLAGS)

kit: setup  ## a workshop for machines without network in one folder (KIT=/media/stick/kit), with the data that is here
	Sources/Kit/build.sh "$(KIT)" $(PACKAGES) $(NEEDED)

bench: setup  ## time the book's training loops, beside Keras and PyTorch where they are installed
	swift run benchmark --peers keras-tf,keras-tf-jit,keras-jax,torch,torch-malloc

yardstick: setup  ## test the engine with oneDNN too, and time both (WORKLOADS="deepdream sepconv")
	dpkg -s libdnnl-dev >/dev/null 2>&1 || $(SUDO) apt-get install -y -qq --no-install-recommends libdnnl-dev
	DLWP_ENGINE_ONLY=1 swift test --traits OneDNN --scratch-path .build-onednn-tests
	swift run benchmark $(WORKLOADS)
	swift run --traits OneDNN --scratch-path .build-onednn benchmark $(WORKLOADS)

platforms:  ## try a bare Debian 12 and 13 (root, debootstrap), and vectors on ARM (qemu-user)
	Tests/Platforms/arm-vector.sh
	$(SUDO) env PATH="$$PATH" Tests/Platforms/debian.sh bookworm
	$(SUDO) env PATH="$$PATH" Tests/Platforms/debian.sh trixie

clean:  ## remove what was built and what the programs wrote; downloads stay
	rm -rf .build .build-kit .build-onednn .build-onednn-tests output data/cache
