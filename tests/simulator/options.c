#include "options.h"

#include "err.h"

#include <stdlib.h>
#include <string.h>

/* Invented values: enough to practise with, and worth nothing anywhere else. */
#define PRACTICE_TOKEN  "practice-access-token"
#define PRACTICE_SECRET "practice-app-secret"
#define PRACTICE_VERIFY "practice-verify-token"
#define PRACTICE_ID     "700800"
#define PRACTICE_NUMBER "31201234567"
#define PRACTICE_NAME   "Mailwijzer"

const char options_help[] =
    "usage: practice-phone [options] [--spawn PROGRAM [ARGS...]]\n"
    "A stand-in for WhatsApp: Meta's Graph API, Meta's webhooks, and a phone in the browser.\n"
    "\n"
    "  --listen ADDRESS:PORT     where to listen (127.0.0.1:0; port 0: the system chooses)\n"
    "  --bot URL                 where webhooks go; without a path: URL/webhook/whatsapp\n"
    "  --token T                 access token that sends must carry (" PRACTICE_TOKEN ")\n"
    "  --app-secret S            signs the webhooks (" PRACTICE_SECRET ")\n"
    "  --verify-token V          shown in the GET check (" PRACTICE_VERIFY ")\n"
    "  --phone-number-id ID      of the business (" PRACTICE_ID ")\n"
    "  --number DIGITS           of the business (" PRACTICE_NUMBER ")\n"
    "  --name NAME               of the business, as the phone shows it (" PRACTICE_NAME ")\n"
    "  --pair-limit meta|MS:N    refuse with 131056 beyond one message per MS, N of them borrowed\n"
    "                            (meta: 6000:45; without this option: no limit)\n"
    "  --closed-window answer|status   refuse at once with 131047, or accept and fail later (answer)\n"
    "  --faults JSON|@FILE       what goes wrong on purpose (README.md, \"Hostile\")\n"
    "  --keep N                  remember N messages at least, and N entries of the wire\n"
    "                            (100000 and 1000)\n"
    "  --quiet                   warnings only\n"
    "  --spawn PROGRAM [ARGS...] start the bot with settings that point here; takes the rest of the line\n"
    "  --help\n"
    "\n"
    "Exit: 0 stopped by SIGINT or SIGTERM; 1 failed, or the bot died; 2 wrong usage.\n";

static int take_listen(struct options *o, const char *value, struct err *e)
{
    const char *colon = strrchr(value, ':');
    if (colon == NULL || colon == value || (size_t)(colon - value) >= sizeof o->address_text)
        return err_set(e, "--listen '%s': expected ADDRESS:PORT", value);
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || port < 0 || port > 65535)
        return err_set(e, "--listen '%s': the port must be 0 to 65535", value);
    memcpy(o->address_text, value, (size_t)(colon - value));
    o->address_text[colon - value] = '\0';
    o->address = o->address_text;
    o->port = (int)port;
    return 0;
}

static int take_bot(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->bot = value;
    return 0;
}

static int take_token(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->token = value;
    return 0;
}

static int take_secret(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->app_secret = value;
    return 0;
}

static int take_verify(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->verify_token = value;
    return 0;
}

static int take_name(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->name = value;
    return 0;
}

static int digits_only(const char *name, const char *value, struct err *e)
{
    if (*value == '\0' || strspn(value, "0123456789") != strlen(value))
        return err_set(e, "%s '%s': expected digits", name, value);
    return 0;
}

static int take_id(struct options *o, const char *value, struct err *e)
{
    o->phone_number_id = value;
    return digits_only("--phone-number-id", value, e);
}

static int take_number(struct options *o, const char *value, struct err *e)
{
    o->number = value;
    return digits_only("--number", value, e);
}

static int take_pair(struct options *o, const char *value, struct err *e)
{
    /* Meta: one message per 6 s to one person, bursts up to 45 borrowed from the future. */
    if (strcmp(value, "meta") == 0) value = "6000:45";
    char *end = NULL;
    o->pair_step_ms = strtoll(value, &end, 10);
    if (end == value || *end != ':') return err_set(e, "--pair-limit '%s': expected meta or MS:N", value);
    const char *burst = end + 1;
    o->pair_burst = strtoll(burst, &end, 10);
    if (end == burst || *end != '\0' || o->pair_step_ms < 1 || o->pair_burst < 1)
        return err_set(e, "--pair-limit '%s': expected two numbers of 1 or more", value);
    return 0;
}

static int take_window(struct options *o, const char *value, struct err *e)
{
    o->closed_window_late = strcmp(value, "status") == 0;
    if (o->closed_window_late || strcmp(value, "answer") == 0) return 0;
    return err_set(e, "--closed-window '%s': expected answer or status", value);
}

static int take_keep(struct options *o, const char *value, struct err *e)
{
    char *end = NULL;
    o->keep = strtoll(value, &end, 10);
    if (end == value || *end != '\0' || o->keep < 1000 || o->keep > 10000000)
        return err_set(e, "--keep '%s': expected 1000 to 10000000", value);
    return 0;
}

static int take_faults(struct options *o, const char *value, struct err *e)
{
    (void)e;
    o->faults = value; /* read when there is somebody to set them */
    return 0;
}

static const struct {
    const char *name;
    int (*take)(struct options *, const char *, struct err *);
} with_value[] = {
    {"--listen", take_listen},        {"--bot", take_bot},
    {"--token", take_token},          {"--app-secret", take_secret},
    {"--verify-token", take_verify},  {"--phone-number-id", take_id},
    {"--number", take_number},        {"--pair-limit", take_pair},
    {"--closed-window", take_window}, {"--name", take_name},
    {"--faults", take_faults},        {"--keep", take_keep},
};

static int take_valued(struct options *o, const char *name, const char *value, struct err *e)
{
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        if (strcmp(name, with_value[i].name) != 0) continue;
        if (value == NULL) return err_set(e, "%s: a value is missing", name);
        return with_value[i].take(o, value, e);
    }
    return err_set(e, "unknown option '%s'", name);
}

int options_read(int argc, char **argv, struct options *out, struct err *e)
{
    *out = (struct options){.address = "127.0.0.1",
                            .token = PRACTICE_TOKEN,
                            .app_secret = PRACTICE_SECRET,
                            .verify_token = PRACTICE_VERIFY,
                            .phone_number_id = PRACTICE_ID,
                            .number = PRACTICE_NUMBER,
                            .name = PRACTICE_NAME};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            out->help = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            out->quiet = true;
        } else if (strcmp(argv[i], "--spawn") == 0) {
            if (i + 1 == argc) return err_set(e, "--spawn: a program is missing");
            out->spawn = argv + i + 1;
            break;
        } else {
            if (take_valued(out, argv[i], i + 1 < argc ? argv[i + 1] : NULL, e) != 0) return -1;
            i++;
        }
    }
    if (out->spawn != NULL && out->bot != NULL) return err_set(e, "--bot and --spawn exclude each other");
    return 0;
}
