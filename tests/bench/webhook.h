/* webhook.h -- what Meta posts to the bot, as whole HTTP requests, signed. */
#ifndef BENCH_WEBHOOK_H
#define BENCH_WEBHOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* A number per person: their phone number, user id and name follow from it. */
#define WEBHOOK_PHONE_FIRST INT64_C(31600000000)

struct webhook_message {
    int64_t person;
    uint64_t id;        /* no two alike in a run                     */
    const char *text;   /* typed; NULL for a tap                     */
    const char *choice; /* tapped: the button's id …                 */
    const char *title;  /* … and title, as they stood in the JSON    */
    const char *about;  /* … of this message                         */
    bool list;          /* it was a row of a list                    */
};

struct webhook_status {
    int64_t person;
    const char *id, *tracker, *status; /* "sent", "delivered", "read" */
};

/* Both append. */
void webhook_message(const struct webhook_message *m, struct buf *out);
void webhook_status(const struct webhook_status *s, struct buf *out);

#endif
