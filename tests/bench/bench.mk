# `make bench`: what a turn costs, and what the dialogue within it costs.

BENCH_USES := libcrypto sqlite3
BENCH_ROAD := $(filter-out tests/bench/count.c tests/bench/bench_steps.c,$(sort $(wildcard tests/bench/*.c)))
BENCH_CC    = $(CC) $(BASE_CFLAGS) -include bot/base/ban.h -iquote tests/bench

$(BUILD)/bench/%.o: tests/bench/%.c | $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(BENCH_CC) $(call room_include,content) $(call pkgs_cflags,$(BENCH_USES)) -c $< -o $@

$(BUILD)/bench/road: $(BENCH_ROAD:tests/bench/%.c=$(BUILD)/bench/%.o) $(call room_obj,base)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(BENCH_USES)) -lm -o $@

BENCH_STEPS := bench_steps count report times
$(BUILD)/bench/steps: $(BENCH_STEPS:%=$(BUILD)/bench/%.o) $(call room_closure,content)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(call room_libs,content)) -pthread -lm -o $@

# Preloaded into the bot, to count what it allocates.
$(BUILD)/bench/count.so: tests/bench/count.c tests/bench/count.h | $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(filter-out -fPIE,$(BASE_CFLAGS)) -iquote tests/bench -MF $@.d -fPIC -shared $< -o $@

.PHONY: bench
bench: $(BUILD)/mailwijzer $(BUILD)/bench/road $(BUILD)/bench/steps $(BUILD)/bench/count.so
	$(Q)$(BUILD)/bench/steps
	$(Q)$(BUILD)/bench/road $(BUILD)/mailwijzer $(BUILD)/bench/count.so $(BUILD)/bench/run
