# The front door of everyday work.  Meson does the building; this file only
# remembers how it is called.  `make help` lists what there is.

BUILD  ?= build
SEC    ?= 60
SEED   ?= 1
PREFIX ?= /usr
NINJA   = ninja -C $(BUILD)

.PHONY: all help test check bench fuzz fuzz-all nightly deb install shots clean

all: $(BUILD)/build.ninja ## build ./build/kekiz
	@$(NINJA) --quiet

$(BUILD)/build.ninja:
	@meson setup --prefix=$(PREFIX) $(BUILD) > $(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@mv $(BUILD).log $(BUILD)/setup.log

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

test: all ## every test; W="words" runs those whose path has one of them
	@tools/run-tests --build $(BUILD) $(W)

check: ## sanitizers, analyzer, second compiler, lint; S="asan lint" runs these steps only
	@tools/check $(S)

bench: all ## every benchmark: machine, seed and a table
	@SEED=$(SEED) tools/bench $(W)

fuzz: ## make fuzz T=csv SEC=60: one fuzz target with clang's libFuzzer
	@tools/fuzz $(SEC) $(T)

fuzz-all: ## every fuzz target for SEC seconds
	@tools/fuzz $(SEC)

nightly: ## check, 10 minutes of every fuzz target, benchmarks, package, fresh Debian; S="guests fuzz" SEC=60 picks
	@SEC=$(if $(filter file,$(origin SEC)),600,$(SEC)) tools/nightly $(S)

deb: ## build-deb/kekiz_VERSION_ARCH.deb
	@tools/make-deb

install: all ## into DESTDIR
	@meson install --quiet --no-rebuild -C $(BUILD) $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

shots: all ## pictures of the public pages, phone and desk, in build/shots
	@tools/shots

clean: ## remove everything that was built
	@rm -rf build build-*
