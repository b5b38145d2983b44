# Fuzzing with libFuzzer: `make fuzz T=600`, each target for T seconds; `make fuzz-coverage`, what the corpora reach.
#
# tests/fuzz/fuzz_THING.c is a target by being there. It is linked with FUZZ_ROOMS, and with FUZZ_FILES_THING (sources) and
# FUZZ_USES_THING (libraries) where it needs more; FUZZ_SEEDS_THING are directories with more seeds. What a run finds new is kept in build/fuzz/corpus-THING;
# what is worth keeping for all stands in tests/fuzz/corpus/THING.
T ?= 60
FUZZ ?= $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_ROOMS := base dialogue understanding content channel
FUZZ_FILES_settings := bot/pipeline/config.c bot/pipeline/env_file.c
# What reads requests, without libwebsockets: the target plays its part.
FUZZ_FILES_http := $(addprefix bot/http/,http_connection.c http_crowd.c http_head.c http_request.c)
FUZZ_SEEDS_whatsapp := tests/payload/whatsapp
FUZZ_SEEDS_telegram := tests/payload/telegram

FUZZ_SAN ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_FLAGS := -std=c11 -D_GNU_SOURCE -g -O1 $(FUZZ_SAN) -MMD -MP -DMAILWIJZER_VERSION='"$(VERSION)"'
fuzz_libs = $(sort $(foreach r,$(FUZZ_ROOMS),$(USES_$(r))) $(FUZZ_USES_$(1)))
fuzz_obj = $(patsubst bot/%.c,$(FUZZ)/obj/%.o,$(foreach r,$(FUZZ_ROOMS),$(call room_src,$(r))) $(FUZZ_FILES_$(1)))

define FUZZ_ROOM_RULE
$(FUZZ)/obj/$(1)/%.o: bot/$(1)/%.c | $(BUILD)/deep-deps.ok
	@mkdir -p $$(@D)
	@echo "  CC    $$< (fuzz)"
	$(Q)clang $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(call room_include,$(1)) \
	    $$(call pkgs_cflags,$(USES_$(1))) -c $$< -o $$@
endef
$(foreach r,$(filter-out program,$(ROOMS)),$(eval $(call FUZZ_ROOM_RULE,$(r))))

define FUZZ_RULE
$(FUZZ)/$(1): tests/fuzz/fuzz_$(1).c $(call fuzz_obj,$(1))
	@echo "  FUZZ  $$@"
	$(Q)clang $(FUZZ_FLAGS) -MF $$@.d -fsanitize=fuzzer $(foreach r,$(filter-out program,$(ROOMS)),-iquote $(call room_dir,$(r))) \
	    $$(call pkgs_cflags,$(call fuzz_libs,$(1))) $$(filter %.c %.o,$$^) \
	    $$(call pkgs_libs,$(call fuzz_libs,$(1))) -pthread -lm -o $$@
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call FUZZ_RULE,$(t))))

.PHONY: fuzz fuzz-targets fuzz-coverage
fuzz-targets: $(FUZZ_TARGETS:%=$(FUZZ)/%)

# Where the seeds of $(1) are; what a run finds goes in the first.
fuzz_corpora = $(BUILD)/fuzz/corpus-$(1) $(wildcard tests/fuzz/corpus/$(1)) $(FUZZ_SEEDS_$(1))
fuzz_words = $(patsubst %,-dict=%,$(wildcard tests/fuzz/$(1).dict))

define FUZZ_RUN
	@mkdir -p $(BUILD)/fuzz/corpus-$(1)
	@echo "fuzzing $(1) for $(T) s"
	@$(FUZZ)/$(1) -max_total_time=$(T) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
	    $(call fuzz_words,$(1)) -artifact_prefix=$(BUILD)/fuzz/$(1)- $(call fuzz_corpora,$(1)) 2>$(BUILD)/fuzz/$(1).log \
	    || { tail -40 $(BUILD)/fuzz/$(1).log; exit 1; }
	@grep -E ' (DONE|INITED) |^stat::(number_of_executed_units|average_exec_per_sec)' $(BUILD)/fuzz/$(1).log

endef

# One after the other: `make fuzz ONLY=content` for one.
ONLY ?= $(FUZZ_TARGETS)
fuzz: $(ONLY:%=$(FUZZ)/%)
	$(foreach t,$(ONLY),$(call FUZZ_RUN,$(t)))

fuzz-coverage:
	@+$(MAKE) --no-print-directory FUZZ=$(BUILD)/fuzz-cov \
	    FUZZ_SAN="-fprofile-instr-generate -fcoverage-mapping" fuzz-targets
	@sh tests/fuzz/coverage.sh $(BUILD)/fuzz-cov $(foreach t,$(FUZZ_TARGETS),"$(t) $(call fuzz_corpora,$(t))")

-include $(shell find $(FUZZ) -name '*.d' 2>/dev/null)
