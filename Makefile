# Mailwijzer. `make run` to try it, `make test` to prove it, `make help` for the rest.

BUILD ?= build
CC    ?= cc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0
Q := $(if $(V),,@)

# ---- The house: who may know whom. This table is the architecture diagram. -------------------
# A room is compiled with the include paths of the rooms it knows and no others, so an include
# that is not in its row is "file not found". tests/house.sh covers what include paths cannot see.
ROOMS := base confine dialogue understanding content channel store http pipeline program

KNOWS_base          :=
KNOWS_confine       := base
KNOWS_dialogue      := base
KNOWS_understanding := base dialogue
KNOWS_content       := base dialogue understanding
KNOWS_channel       := base dialogue
KNOWS_store         := base dialogue
KNOWS_http          := base
KNOWS_pipeline      := base dialogue understanding content channel store http
KNOWS_program       := base confine dialogue understanding content channel store http pipeline

# Third-party libraries of a room, by pkg-config name.
USES_base          :=
USES_confine       := libseccomp
USES_dialogue      :=
USES_understanding := libutf8proc
USES_content       := jansson
USES_channel       := jansson libcrypto
USES_store         := sqlite3
USES_http          := libwebsockets libcurl
USES_pipeline      := jansson
USES_program       := jansson libedit

# ---- Compiling ------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wundef -Wformat=2 -Werror
SAN  ?=
# The sanitizers look closer than fortified calls do.
# clang's headers make macros of what bot/base/ban.h bans, so it fortifies nothing.
OPT  ?= -O2 -g $(if $(SAN)$(findstring clang,$(CC)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
# The directory it is built in leaves no trace, so that the same source gives the same program.
HARDEN := -fstack-protector-strong -fPIE -fdebug-prefix-map=$(CURDIR)=.
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE $(WARN) $(OPT) $(SAN) $(HARDEN) -MMD -MP \
               -DMAILWIJZER_VERSION='"$(VERSION)"' $(CFLAGS)
LINK := $(SAN) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

pkgs_cflags = $(if $(strip $(1)),$(shell $(PKG_CONFIG) --cflags $(1)))
pkgs_libs   = $(if $(strip $(1)),$(shell $(PKG_CONFIG) --libs $(1)))

room_dir     = $(if $(filter program,$(1)),bot,bot/$(1))
room_src     = $(sort $(wildcard $(call room_dir,$(1))/*.c))
room_obj     = $(patsubst bot/%.c,$(BUILD)/bot/%.o,$(call room_src,$(1)))
room_include = $(foreach r,$(1) $(KNOWS_$(1)),-iquote $(call room_dir,$(r)))
room_libs    = $(sort $(foreach r,$(1) $(KNOWS_$(1)),$(USES_$(r))))
# A room with everything it may know, for a test binary.
room_closure = $(foreach r,$(1) $(KNOWS_$(1)),$(call room_obj,$(r)))

ALL_LIBS := $(sort $(foreach r,$(ROOMS),$(USES_$(r))))
ALL_OBJ  := $(foreach r,$(ROOMS),$(call room_obj,$(r)))
LIB_OBJ  := $(foreach r,$(filter-out program,$(ROOMS)),$(call room_obj,$(r)))

.PHONY: all
all: $(BUILD)/mailwijzer
.DELETE_ON_ERROR:

define ROOM_RULE
$(call room_obj,$(1)): $(BUILD)/bot/%.o: bot/%.c | $(BUILD)/deps.ok
	@mkdir -p $$(@D)
	@echo "  CC    $$<"
	$(Q)$(CC) $(BASE_CFLAGS) -include bot/base/ban.h $(call room_include,$(1)) \
	    $$(call pkgs_cflags,$(USES_$(1))) -c $$< -o $$@
endef
$(foreach r,$(ROOMS),$(eval $(call ROOM_RULE,$(r))))

$(BUILD)/mailwijzer: $(ALL_OBJ)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(ALL_LIBS)) -pthread -lm -o $@

# The same program with the places where a test may have it killed (bot/base/fault_point.h).
.PHONY: FORCE
$(BUILD)/faulty/mailwijzer: FORCE
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/faulty CFLAGS="$(CFLAGS) -DMAILWIJZER_FAULT_POINTS" $@

# What building needs is installed when it is missing, and said (deploy/packages.sh).
$(BUILD)/deps.ok: deploy/packages.sh
	@mkdir -p $(@D)
	@sh deploy/packages.sh build
	@touch $@

# One after the other, for apt lets in one at a time.
$(BUILD)/test-deps.ok: deploy/packages.sh $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@sh deploy/packages.sh build test
	@touch $@

# ---- Tests ------------------------------------------------------------------------------------
# Every suite is a program that prints TAP; tests/run.sh runs them and counts.
TESTED_ROOMS := $(foreach r,$(filter-out program,$(ROOMS)),$(if $(wildcard tests/unit/$(r)/test_*.c),$(r)))
UNIT_BINS    := $(TESTED_ROOMS:%=$(BUILD)/tests/unit_%)

# tests/unit/ROOM/test_THING.c holds `int test_THING(void)`, a cmocka group; the main is made here.
# A unit binary links its room and what that may know, nothing else.
define UNIT_RULE
$(BUILD)/tests/unit_$(1)_main.c: $(wildcard tests/unit/$(1)/test_*.c) | $(BUILD)/test-deps.ok
	@mkdir -p $$(@D)
	@{ for t in $$(basename $$(notdir $$^)); do echo "int $$$$t(void);"; done; \
	   echo "int main(void) { int bad = 0;"; \
	   for t in $$(basename $$(notdir $$^)); do echo "bad += $$$$t();"; done; \
	   echo "return bad != 0; }"; } > $$@
$(BUILD)/tests/unit_$(1): $(BUILD)/tests/unit_$(1)_main.c $(wildcard tests/unit/$(1)/*.c) $(call room_closure,$(1))
	@echo "  TEST  $$@"
	$(Q)$(CC) $(BASE_CFLAGS) -MF $$@.d -iquote tests/unit $(call room_include,$(1)) \
	    $$(call pkgs_cflags,$(call room_libs,$(1)) cmocka) $(LINK) $$(filter %.c %.o,$$^) \
	    $$(call pkgs_libs,$(call room_libs,$(1)) cmocka) -pthread -lm -o $$@
endef
$(foreach r,$(TESTED_ROOMS),$(eval $(call UNIT_RULE,$(r))))

# A tier with one runner for many files: $(1) tier, $(2) room whose closure it links.
define TIER_RULE
$(BUILD)/tests/$(1): $(wildcard tests/$(1)/*.c) $(call room_closure,$(2)) | $(BUILD)/test-deps.ok
	@mkdir -p $$(@D)
	@echo "  TEST  $$@"
	$(Q)$(CC) $(BASE_CFLAGS) -MF $$@.d -iquote tests/unit $(call room_include,$(2)) \
	    $$(call pkgs_cflags,$(call room_libs,$(2)) cmocka) $(LINK) $$(filter %.c %.o,$$^) \
	    $$(call pkgs_libs,$(call room_libs,$(2)) cmocka) -pthread -lm -o $$@
endef
TIERS := $(foreach t,talk:content payload:channel store:store faults:store,$(if $(wildcard tests/$(firstword $(subst :, ,$(t)))/*.c),$(t)))
$(foreach t,$(TIERS),$(eval $(call TIER_RULE,$(firstword $(subst :, ,$(t))),$(lastword $(subst :, ,$(t))))))
TIER_BINS := $(foreach t,$(TIERS),$(BUILD)/tests/$(firstword $(subst :, ,$(t))))

FAST := $(UNIT_BINS) $(TIER_BINS)

-include tests/simulator/simulator.mk
-include tests/bench/bench.mk
-include tests/understanding/understanding.mk
-include tests/fuzz/fuzz.mk
-include tests/soak/soak.mk

# A suite is NAME=COMMAND; every one prints TAP.
fast_suites = $(foreach b,$(FAST),$(1)$(notdir $(b))=$(b))
HOUSE := house="sh tests/house.sh $(BUILD) '$(CC)'"
SHELL_TESTS := $(sort $(wildcard tests/cli/*.sh))
CLI_SUITES := $(foreach t,$(SHELL_TESTS),$(basename $(notdir $(t)))="sh $(t) $(BUILD)/mailwijzer")
# deploy/ as far as it can be tried without installing anything.
DEPLOY_SUITES := $(foreach t,$(sort $(wildcard tests/deploy/*.sh)),deploy-$(basename $(notdir $(t)))="sh $(t) $(BUILD)/mailwijzer $(BUILD) $(VERSION)")

.PHONY: check fast test e2e asan tsan valgrind run lint coverage print-walls help clean objects deb deploy

# The binaries of the fast suites, for this BUILD and its flags.
fast: $(FAST)
objects: $(ALL_OBJ)

check: $(FAST) $(BUILD)/mailwijzer
	@sh tests/run.sh $(BUILD)/log $(call fast_suites,) $(HOUSE) $(CLI_SUITES)

ASAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN_FLAGS := -fsanitize=thread
sub_suites = $(foreach b,$(FAST),$(1)-$(notdir $(b))=$(b:$(BUILD)/%=$(BUILD)/$(1)/%))

asan:
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SAN="$(ASAN_FLAGS)" fast
	@sh tests/run.sh $(BUILD)/log $(call sub_suites,asan)

tsan:
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan SAN="$(TSAN_FLAGS)" fast $(BUILD)/tsan/mailwijzer
	@sh tests/run.sh $(BUILD)/log $(call sub_suites,tsan)

# The fast suites once more under valgrind's memcheck: what the sanitizers cannot see, bytes that nobody set.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
            --suppressions=tests/valgrind.supp
VALGRIND_SUITES = $(foreach b,$(FAST),valgrind-$(notdir $(b))="$(VALGRIND) $(b)")
valgrind: $(FAST) $(BUILD)/deep-deps.ok
	@sh tests/run.sh $(BUILD)/log $(VALGRIND_SUITES)

# Real processes, a real browser. Node's packages come from the lock file, into build/.
E2E := e2e="sh tests/e2e/run.sh $(BUILD)"
PHONE := practice-phone="sh tests/simulator/test.sh $(BUILD)"
e2e: $(BUILD)/mailwijzer $(BUILD)/faulty/mailwijzer $(BUILD)/practice-phone
	@sh tests/run.sh $(BUILD)/log $(PHONE) $(E2E)

# Everything a contributor must see green.
test: $(FAST) $(BUILD)/mailwijzer $(BUILD)/faulty/mailwijzer $(BUILD)/practice-phone
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SAN="$(ASAN_FLAGS)" fast
	@sh tests/run.sh $(BUILD)/log $(call fast_suites,) $(HOUSE) $(CLI_SUITES) $(DEPLOY_SUITES) $(call sub_suites,asan) $(PHONE) $(E2E) $(SOAK_SUITES)

# What it is run for real with (deploy/README.md).
deploy: $(BUILD)/mailwijzer $(BUILD)/test-deps.ok
	@sh tests/run.sh $(BUILD)/log $(DEPLOY_SUITES)

$(BUILD)/deb-deps.ok: deploy/packages.sh $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@sh deploy/packages.sh build deb
	@touch $@

deb: $(BUILD)/mailwijzer $(BUILD)/deb-deps.ok
	@sh deploy/deb.sh $< $(VERSION) $(BUILD)/deb

# The bot with SQLite and the practice phone, for whoever wants to see it.
run: $(BUILD)/mailwijzer $(BUILD)/practice-phone
	@rm -rf $(BUILD)/practice && mkdir -p $(BUILD)/practice
	@DATABASE_URL=sqlite:$(BUILD)/practice/mailwijzer.db $(BUILD)/practice-phone --spawn $(BUILD)/mailwijzer serve

# ---- Lint: the other compiler, the format, two analysers ----------------------------------------
LINTED := $(foreach r,$(ROOMS),$(call room_src,$(r)))
define TIDY_RULE
$(patsubst bot/%.c,$(BUILD)/tidy/%.ok,$(call room_src,$(1))): $(BUILD)/tidy/%.ok: bot/%.c .clang-tidy
	@mkdir -p $$(@D)
	@echo "  TIDY  $$<"
	@clang-tidy --quiet --warnings-as-errors='*' $$< -- -std=c11 -D_GNU_SOURCE \
	    -DMAILWIJZER_VERSION='"$(VERSION)"' -include bot/base/ban.h $(call room_include,$(1)) \
	    $$(call pkgs_cflags,$(USES_$(1))) 2>$$@.log || { cat $$@.log; exit 1; }
	@touch $$@
endef
$(foreach r,$(ROOMS),$(eval $(call TIDY_RULE,$(r))))

$(BUILD)/lint-deps.ok: deploy/packages.sh $(BUILD)/test-deps.ok
	@mkdir -p $(@D)
	@sh deploy/packages.sh build test lint
	@touch $@

# What searches deeper than a change needs: fuzzers, valgrind.
$(BUILD)/deep-deps.ok: deploy/packages.sh $(BUILD)/lint-deps.ok
	@mkdir -p $(@D)
	@sh deploy/packages.sh deep
	@touch $@

.PHONY: tidy
tidy: $(patsubst bot/%.c,$(BUILD)/tidy/%.ok,$(LINTED))

lint: $(BUILD)/lint-deps.ok
	@sh tests/house.sh $(BUILD) '$(CC)'
	@+$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/clang objects fast
	@sh tests/format.sh
	@cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	    $(foreach r,$(ROOMS),-I $(call room_dir,$(r))) $(LINTED)
	@+$(MAKE) --no-print-directory tidy
	@echo "lint: clean"

# ---- Coverage of bot/ by the fast suites, the program's shell tests among them -------------------
# A compiler that does not optimise warns of less and of more; the other builds are the ones that count.
COV := $(BUILD)/cov
coverage:
	@+$(MAKE) --no-print-directory BUILD=$(COV) OPT="-O0 -g" SAN="--coverage" CFLAGS="$(CFLAGS) -Wno-error" \
	    fast $(COV)/mailwijzer
	@sh tests/coverage.sh $(COV) $(foreach b,$(FAST),$(b:$(BUILD)/%=$(COV)/%)) \
	    $(foreach t,$(SHELL_TESTS),"sh $(t) $(COV)/mailwijzer")

# The walls as data, for tests/house.sh: "room: knows | may use".
print-walls:
	@$(foreach r,$(ROOMS),echo "$(r): $(KNOWS_$(r)) | $(USES_$(r))";)

help:
	@echo "make            the binary: $(BUILD)/mailwijzer"
	@echo "make run        try it: the bot and the practice phone; prints the address to open"
	@echo "make test       everything a contributor must see green"
	@echo "make check      the fast part, for every edit"
	@echo "make understanding  how well typed text is understood (SET=messages.jsonl)"
	@echo "make e2e        real processes, a real browser"
	@echo "make asan tsan valgrind  the fast suites under sanitizers; under memcheck"
	@echo "make fuzz T=60  each fuzz target for T seconds (ONLY=content: one); make fuzz-coverage: lines reached"
	@echo "make soak       half an hour of failing phones and killed bots; prints its seeds"
	@echo "make deb        the Debian package, in $(BUILD)/deb; make deploy: what deploy/ holds, tried"
	@echo "make lint       clang, formats, analysers"
	@echo "make bench      figures; make coverage: lines covered, enough or not"

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
