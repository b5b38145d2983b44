# `make understanding`: how well typed text is understood, and what that costs.

MEASURE := $(sort $(wildcard tests/understanding/*.c))

$(BUILD)/understanding/%.o: tests/understanding/%.c | $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(BASE_CFLAGS) -include bot/base/ban.h -iquote tests/understanding $(call room_include,content) \
	    $(call pkgs_cflags,$(call room_libs,content)) -c $< -o $@

$(BUILD)/understanding/measure: $(MEASURE:tests/understanding/%.c=$(BUILD)/understanding/%.o) $(call room_closure,content)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(call room_libs,content)) -pthread -lm -o $@

# Labelled sets: SET=path for another than the open set, which stands outside the repository.
SET ?= ../shared/utterances/dutch.jsonl
.PHONY: understanding
understanding: $(BUILD)/understanding/measure
	$(Q)$(BUILD)/understanding/measure $(SET) $(sort $(wildcard tests/understanding/*.jsonl))
