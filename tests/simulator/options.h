/* options.h -- what was asked on the command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Strings are borrowed from argv or constant. */
struct options {
    const char *address; /* to listen on                                                    */
    int port;            /* 0: the system chooses                                           */
    const char *bot;     /* where webhooks go; NULL: nobody yet                             */
    const char *token, *app_secret, *verify_token, *phone_number_id, *number, *name;
    int64_t pair_step_ms;    /* 0: no pair limit                                           */
    int64_t pair_burst;      /* messages that may borrow from the future                   */
    bool closed_window_late; /* 131047 by failed status, not in the answer                 */
    int64_t keep;            /* messages, and as many on the wire; 0: the usual             */
    const char *faults;      /* JSON or "@FILE"; NULL: none                                 */
    bool quiet;
    char *const *spawn; /* argv of the bot; NULL: none                                */
    bool help;
    char address_text[64]; /* what `address` points to when --listen was given           */
};

/* options_read(argc, argv, out, e): 0, or -1 with `e` naming the option and what it takes. */
int options_read(int argc, char **argv, struct options *out, struct err *e);

extern const char options_help[];

#endif
