# The campaigns: a phone that fails, people who go on, a bot that is killed. tests/soak/README.md.

# A short one in `make test`: five schedules of four kills.
SOAK_SUITES := soak-rules="node --test --test-reporter=tap tests/soak/invariants.test.mjs" \
               soak="BUILD=$(BUILD) node tests/soak/soak.mjs --campaigns 5 --kills 4 --at-once 5" \
               soak-planted="BUILD=$(BUILD) node tests/soak/planted.mjs"

# The long one, about half an hour: CAMPAIGNS schedules of KILLS kills; SEED=n to begin at another seed.
CAMPAIGNS ?= 60
KILLS ?= 5
.PHONY: soak
soak: $(BUILD)/mailwijzer $(BUILD)/practice-phone $(BUILD)/test-deps.ok
	@BUILD=$(BUILD) node tests/soak/soak.mjs --campaigns $(CAMPAIGNS) --kills $(KILLS) $(if $(SEED),--seed $(SEED))
