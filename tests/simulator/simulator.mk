# The practice phone: a program of its own, never linked into the bot. It knows the base room and
# nothing else of bot/, so that it judges the bot independently.

SIM_USES := libwebsockets jansson libcurl libcrypto
SIM_SRC  := $(sort $(wildcard tests/simulator/*.c))
SIM_OBJ  := $(SIM_SRC:%.c=$(BUILD)/%.o) $(BUILD)/tests/simulator/web_files.o
SIM_WEB  := $(sort $(wildcard tests/simulator/web/*))
SIM_CC    = $(CC) $(BASE_CFLAGS) -include bot/base/ban.h -iquote tests/simulator -iquote bot/base \
            $(call pkgs_cflags,$(SIM_USES))

$(SIM_SRC:%.c=$(BUILD)/%.o): $(BUILD)/%.o: %.c | $(BUILD)/deps.ok
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(SIM_CC) -c $< -o $@

# The page is built in, so that the binary stands alone. od is everywhere; xxd is not.
$(BUILD)/tests/simulator/web_files.c: $(SIM_WEB) tests/simulator/simulator.mk
	@mkdir -p $(@D)
	@echo "  EMBED $(notdir $(SIM_WEB))"
	@{ echo '#include "web_file.h"'; n=0; table=; \
	   for f in $(SIM_WEB); do \
	     n=$$((n + 1)); name=$${f##*/}; \
	     case $$name in \
	       *.html) type='text/html; charset=utf-8' ;; *.css) type='text/css; charset=utf-8' ;; \
	       *.js) type='text/javascript; charset=utf-8' ;; *.svg) type='image/svg+xml' ;; \
	       *.png) type=image/png ;; *.webp) type=image/webp ;; *.ogg) type=audio/ogg ;; \
	       *.mp4) type=video/mp4 ;; *.pdf) type=application/pdf ;; \
	       *) type=application/octet-stream ;; \
	     esac; \
	     echo "static const unsigned char file_$$n[] = {"; \
	     od -An -v -tx1 "$$f" | sed 's/ \(..\)/0x\1,/g'; \
	     echo "};"; \
	     table="$$table    {\"$$name\", \"$$type\", file_$$n, sizeof file_$$n},\n"; \
	   done; \
	   echo "const struct web_file web_files[] = {"; printf "$$table"; \
	   echo "    {0, 0, 0, 0}};"; } > $@

$(BUILD)/tests/simulator/web_files.o: $(BUILD)/tests/simulator/web_files.c | $(BUILD)/deps.ok
	$(Q)$(SIM_CC) -c $< -o $@

$(BUILD)/practice-phone: $(SIM_OBJ) $(call room_obj,base)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LINK) $^ $(call pkgs_libs,$(SIM_USES)) -pthread -o $@
