# Thin names over plain commands; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build demo install uninstall dist test test-release test-slurm test-sqlite test-recorder test-python test-dist sanitize test-all coverage bench docs lint format snapshots reference clean

DEMO := demo
DIST := dist
PREFIX := /usr/local
GRADBOOK := .build/release/gradbook
# A folder of static libraries alone, so that the linker takes SQLite from there into the program.
SQLITE := $(CURDIR)/.build/sqlite
# Swift's runtime becomes part of the program, so that it stays whole when it is moved or Swift is updated.
SWIFT_RELEASE := -c release --static-swift-stdlib
# The compiler orders some things by hashes and addresses; .ci/same-each-time makes them the same, where that is allowed.
BUILD_PROGRAM := .ci/same-each-time swift build $(SWIFT_RELEASE) --product gradbook
# Twice as many tests at once as there are processors: a test's time limit counts from its own start, and not while it waits.
SWIFT_TEST := swift test --disable-xctest --explicit-target-dependency-import-check error \
	--experimental-maximum-parallelization-width $(shell expr 2 '*' "$$(nproc)")

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup:
	@sh .ci/setup

build: setup ## the program, in release mode: .build/release/gradbook
	@$(BUILD_PROGRAM)

demo: build ## the main job: two sweeps into one SQLite file, and their reports
	@sh .ci/demo $(GRADBOOK) $(DEMO)

# Nothing is built unless sources are newer than the program, so that `sudo make install` needs no Swift.
install: $(GRADBOOK) ## the program, its manual and completions below PREFIX, /usr/local
	@.ci/install '$(GRADBOOK)' '$(DESTDIR)$(PREFIX)'

uninstall: ## take away what `make install` installed below PREFIX
	@.ci/install --remove '$(DESTDIR)$(PREFIX)'

$(GRADBOOK): $(shell find Sources migrations -type f) Package.swift
	@command -v swift >/dev/null || { echo "Sources are newer than the program, and there is no Swift here;" \
		"type 'make build' as who has it, then the same again." >&2; exit 1; }
	@$(MAKE) --no-print-directory build && touch $@

$(SQLITE)/libsqlite3.a: | setup
	@mkdir -p $(SQLITE) && ln -sf "$$(cc -print-file-name=libsqlite3.a)" $(SQLITE)

dist: $(SQLITE)/libsqlite3.a ## a tarball, a Debian package and a wheel of the program, in dist
	@sh .ci/setup git=git xz=xz-utils objdump=binutils dpkg-deb=dpkg python3=python3
	@.ci/dist '$(SQLITE)' '$(DIST)' $(BUILD_PROGRAM)

test: build ## all tests of the quick tier; those of the command line start the program of `make build`
	@GRADBOOK_PROGRAM=$(CURDIR)/$(GRADBOOK) $(SWIFT_TEST)

test-release: setup ## the modules that compute, tested as the optimizer compiles them
	@$(SWIFT_TEST) -c release -Xswiftc -enable-testing \
		--filter '^(RandomnessTests|AutogradTests|LearningTests)\.'

test-slurm: build ## sweeps on a Slurm cluster of two nodes on this host, with faults
	@Tests/Slurm/test $(GRADBOOK)

test-sqlite: $(SQLITE)/libsqlite3.a ## the tests of Tracking once more, with SQLite linked into them
	@$(SWIFT_TEST) -Xlinker -L$(SQLITE) --filter '^TrackingTests\.'
	@! ldd .build/debug/gradbookPackageTests.xctest | grep sqlite

test-recorder: build ## kills and faults of the recorder, and what programs may write
	@sh .ci/setup python3=python3
	@Tests/Recorder/test $(GRADBOOK)

test-python: ## the Python client; what NumPy, PyTorch or mypy would test is left out where they are not installed
	@sh .ci/setup python3=python3
	@python3 -m unittest discover -s Sources/PythonClient/tests

test-dist: dist ## the archives, each installed where no Swift is to be seen
	@sh .ci/setup unshare=util-linux ensurepip=python3-venv
	@Tests/Archives/test '$(DIST)'

sanitize: setup ## memory and data races, where memory is managed by hand or several threads meet
	@$(SWIFT_TEST) --scratch-path .build-asan --sanitize=address --filter '^AutogradTests\.'
	@$(SWIFT_TEST) --scratch-path .build-tsan --sanitize=thread --filter '^(AutogradTests|TrackingTests)\.'

test-all: build ## the quick tier and the long one: simulations, release mode, sanitizers, Slurm, hundreds of kills
	@GRADBOOK_LONG=1 $(MAKE) --no-print-directory test test-release sanitize test-slurm test-recorder

coverage: setup ## how many lines of each module the quick tier reaches; under 90 % where it matters is an error
	@$(SWIFT_TEST) --scratch-path .build-coverage --enable-code-coverage
	@.ci/coverage "$$(swift test --scratch-path .build-coverage --show-codecov-path)"

bench: setup ## speed, as ratios measured in one run
	@swift run $(SWIFT_RELEASE) Benchmarks

docs: setup ## all modules' documentation as one site, .build/docs; a broken link is an error
	@sh .ci/docs .build/docs

lint: ## findings of the formatter and of .ci/lint; none is the rule
	@swift format lint --strict --parallel -r Sources Tests migrations Package.swift
	@.ci/lint

format: ## rewrite the sources as the formatter wants them
	@swift format -i --parallel -r Sources Tests migrations Package.swift

snapshots: build ## record expected outputs again; read the difference before you commit it
	@GRADBOOK_PROGRAM=$(CURDIR)/$(GRADBOOK) RECORD_SNAPSHOTS=1 $(SWIFT_TEST)

reference: build ## write the command reference from the help of all commands
	@$(GRADBOOK) manual --format markdown >Sources/gradbook/gradbook.docc/Commands.md

clean: ## remove everything that can be made again
	@rm -rf .build .build-* '$(DEMO)' dist
