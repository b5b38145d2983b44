# Mailwijzer. `make run` to try it, `make test` to prove it, `make help` for the rest.

BUILD ?= build
CC    ?= cc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0
Q := $(if $(V),,@)

# ---- The house: who may know whom. This table is the architecture diagram. -------------------
# A room is compiled with the include paths of the rooms it knows and no others, so an include
# that is not in its row is "file not found". tests/house.sh covers what include paths cannot see.
ROOMS := base dialogue understanding content channel store http pipeline program

KNOWS_base          :=
KNOWS_dialogue      := base
KNOWS_understanding := base dialogue
KNOWS_content       := base dialogue understanding
KNOWS_channel       := base dialogue
KNOWS_store         := base dialogue
KNOWS_http          := base
KNOWS_pipeline      := base dialogue understanding content channel store http
KNOWS_program       := base dialogue understanding content channel store http pipeline

# Third-party libraries of a room, by pkg-config name.
USES_base          :=
USES_dialogue      :=
USES_understanding := libutf8proc
USES_content       := jansson
USES_channel       := jansson libcrypto
USES_store         := sqlite3
USES_http          := libwebsockets libcurl
USES_pipeline      :=
USES_program       := jansson libedit

# ---- Compiling ------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wundef -Wformat=2 -Werror
OPT  ?= -O2 -g
SAN  ?=
HARDEN := -fstack-protector-strong -fPIE
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
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(ALL_LIBS)) -pthread -o $@

# What building needs is installed when it is missing, and said (deploy/packages.sh).
$(BUILD)/deps.ok: deploy/packages.sh
	@mkdir -p $(@D)
	@sh deploy/packages.sh build
	@touch $@

$(BUILD)/test-deps.ok: deploy/packages.sh
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
	    $$(call pkgs_libs,$(call room_libs,$(1)) cmocka) -pthread -o $$@
endef
$(foreach r,$(TESTED_ROOMS),$(eval $(call UNIT_RULE,$(r))))

# A tier with one runner for many files: $(1) tier, $(2) room whose closure it links.
define TIER_RULE
$(BUILD)/tests/$(1): $(wildcard tests/$(1)/*.c) $(call room_closure,$(2)) | $(BUILD)/test-deps.ok
	@mkdir -p $$(@D)
	@echo "  TEST  $$@"
	$(Q)$(CC) $(BASE_CFLAGS) -MF $$@.d -iquote tests/unit $(call room_include,$(2)) \
	    $$(call pkgs_cflags,$(call room_libs,$(2)) cmocka) $(LINK) $$(filter %.c %.o,$$^) \
	    $$(call pkgs_libs,$(call room_libs,$(2)) cmocka) -pthread -o $$@
endef
TIERS := $(foreach t,talk:content payload:channel store:store,$(if $(wildcard tests/$(firstword $(subst :, ,$(t)))/*.c),$(t)))
$(foreach t,$(TIERS),$(eval $(call TIER_RULE,$(firstword $(subst :, ,$(t))),$(lastword $(subst :, ,$(t))))))
TIER_BINS := $(foreach t,$(TIERS),$(BUILD)/tests/$(firstword $(subst :, ,$(t))))

FAST := $(UNIT_BINS) $(TIER_BINS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
