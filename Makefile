# The two commands most people want are `make demo` and `make test`.
# Both build once, in debug, into .build; `make release` and `make bench` build optimised code.

SHELL := /bin/bash
SWIFT := swift
CHECKED := --explicit-target-dependency-import-check error

# These watch deadlines go by, and want the threads of their process to themselves.
TIMED := ^ServerTests\.(BadEventsTests|ManyAtOnceTests|SlowClientTests)/
# These start processes and wait for them, or keep a core busy for a minute. In one process with the
# tests of the HTTP API they would hold the few threads that serve its requests, which then miss the
# deadlines that are under test.
APART := ^(BenchmarkTests|BrowserTests|CommandTests|ConformanceTests|CrashTests|PeriodTests|SimulationTests)\.|^StorageTests\.(BitFlipTests|SettledHistoriesTests)/|^ServerTests\.HTTPFuzzTests/

.PHONY: help demo test long-test schema access fuzz fuzz-http load build release release-bench image bench bench-100m callgrind lint \
  lint-deploy format packages test-packages image-packages deploy-packages clean

help:  ## Say what can be made
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: packages  ## Bill a real quarter of three airlines and show what comes of it
	$(SWIFT) build --product usance $(CHECKED)
	.build/debug/usance demo

test: packages test-packages lint  ## Build once and run every test
	$(SWIFT) build --build-tests $(CHECKED)
	$(SWIFT) test --skip-build --skip '$(APART)|$(TIMED)'
	$(SWIFT) test --skip-build --filter '$(TIMED)'
	$(SWIFT) test --skip-build --filter '$(APART)'

# Optimised code, which tests can still look into, in a folder of its own: building it takes as long as
# a release does, and then a history takes a fraction of the time.
OPTIMISED := -c release -Xswiftc -enable-testing --scratch-path .build/long
# Thousands of small databases are made, of which no test asks whether the disk was told.
IN_MEMORY := $(shell test -w /dev/shm && echo TMPDIR=/dev/shm)

long-test: packages test-packages  ## The long suites, optimised: 200 kills, 10,000 histories, 1,000 catalogs, 2,000 flips
	$(SWIFT) build --build-tests $(OPTIMISED) $(CHECKED)
	USANCE_CRASH_ROUNDS=200 $(SWIFT) test --skip-build $(OPTIMISED) --filter CrashTests
	$(IN_MEMORY) USANCE_HISTORIES=10000 USANCE_CATALOGS=1000 $(SWIFT) test --skip-build $(OPTIMISED) \
	  --filter 'SimulationTests|ApplyCatalogTests|SettledHistoriesTests|PeriodHistoriesTests'
	$(IN_MEMORY) USANCE_HISTORIES=500 $(SWIFT) test --skip-build $(OPTIMISED) \
	  --filter 'AccruedHistoriesTests|HeldBackHistoriesTests|LongerPeriodsTests|SameEitherWayTests|SharedAssetsTests'
	$(IN_MEMORY) USANCE_FLIPS=2000 $(SWIFT) test --skip-build $(OPTIMISED) --filter BitFlipTests

schema:  ## Write catalog.schema.json anew, from openapi.yaml
	USANCE_WRITE_SCHEMA=1 $(SWIFT) test --filter CatalogSchemaTests

access:  ## Write the tables of Documentation/Access.md anew, from the code
	USANCE_WRITE_ACCESS=1 $(SWIFT) test --filter AccessTableTests.documented

fuzz-http: packages  ## Give a running service requests nobody thought of, for FUZZ_SECONDS (600)
	$(SWIFT) build --build-tests $(CHECKED)
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(SWIFT) test --skip-build --filter '^ServerTests\.HTTPFuzzTests/'

fuzz:  ## Give the readers of events bytes nobody thought of, for FUZZ_SECONDS (60)
	Scripts/fuzz.sh

load: release  ## Put the binary under forty reports, large bodies, slow clients and forged tokens (minutes)
	Scripts/load.py --usance .build/release/usance $(LOAD)

build: packages  ## Build in debug
	$(SWIFT) build $(CHECKED)

release: packages  ## Build the one binary, optimised, with the Swift runtime inside
	$(SWIFT) build -c release --product usance --static-swift-stdlib $(CHECKED)

# The program that is measured lies beside the one that measures it.
release-bench: release
	$(SWIFT) build -c release --product usance-bench --static-swift-stdlib $(CHECKED)

BASELINE := .build/bench/baseline
MEASURE = .build/release/usance-bench --folder .build/bench --baseline $(BASELINE)

image: release image-packages  ## Assemble the container image without Docker, into .build/image/usance.tar
	deploy/scripts/assemble_image.py .build/release/usance .build/image/usance.tar

bench: release-bench $(BASELINE)  ## Measure ingest and usage on this machine, beside plain SQLite in C (minutes)
	$(MEASURE) --output .build/bench/ingest.json $(BENCH)

bench-100m: release-bench $(BASELINE)  ## The same, on to 100 million events (a quarter of an hour, 10 GB of disk)
	$(MEASURE) --output .build/bench/ingest-100m.json --baseline-max 10000000 \
	  --levels 0 1000000 10000000 100000000 $(BENCH)

callgrind: release-bench  ## Count the instructions that rating each clause takes, with valgrind
	@Scripts/install-packages.sh valgrind
	Scripts/callgrind.sh .build/release/usance-bench

$(BASELINE): Benchmarks/baseline.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -o $@ $< -lsqlite3

# Where packages cannot be had, lint.sh says what it did not check.
lint-deploy: deploy-packages  ## Check deploy/; with the binary of `make test`, also proxies and image
	deploy/lint.sh

lint:  ## Hold the code to .swift-format
	$(SWIFT) format lint --strict --recursive --parallel Sources Benchmarks Tests Migrations Package.swift

format:  ## Bring the code into shape
	$(SWIFT) format --in-place --recursive --parallel Sources Benchmarks Tests Migrations Package.swift

packages:
	@Scripts/install-packages.sh libsqlite3-dev zlib1g-dev

test-packages:
	@Scripts/install-packages.sh strace sqlite3 chromium faketime
	@Scripts/conformance-packages.sh

image-packages:
	@Scripts/install-packages.sh debian-archive-keyring mmdebstrap

deploy-packages:
	-@Scripts/install-packages.sh curl debian-archive-keyring mmdebstrap openssl python3-yaml shellcheck
	@Scripts/unpack-packages.sh caddy nginx prometheus

clean:  ## Remove what was built
	rm -rf .build
