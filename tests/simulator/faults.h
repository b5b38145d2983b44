/* faults.h -- what goes wrong on purpose: what is set, what is drawn, what was done.
 *
 * Three streams of events (sends, statuses, customers' webhooks), each with a generator of its own, seeded:
 * the same seed and the same events give the same faults, and one stream's draws never shift another's.
 * Knows nothing of the rest of the phone. */
#ifndef FAULTS_H
#define FAULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct faults;

enum fault_stream { STREAM_SENDS, STREAM_STATUSES, STREAM_WEBHOOKS, STREAMS };

enum fault {
    FAULT_NONE,
    /* sends: not accepted */
    FAULT_500,
    FAULT_429,
    FAULT_130429,
    FAULT_131056,
    FAULT_131000,
    FAULT_RESET_BEFORE,
    FAULT_HANG,
    /* sends: accepted */
    FAULT_RESET_AFTER,
    FAULT_FAIL_LATER,
    /* statuses of an accepted send */
    FAULT_BEFORE_ANSWER,
    FAULT_REORDERED,
    FAULT_READ_ONLY,
    FAULT_LATE,
    FAULT_LOST,
    /* messages of customers on their way to the bot */
    FAULT_DUPLICATE,
    FAULT_DUPLICATE_LATE,
    FAULT_BATCH,
    FAULT_DELAY,
    FAULT_REORDER,
    FAULTS_N
};

struct fault_kind {
    enum fault_stream stream;
    const char *name;   /* in what is set: "lost"                       */
    const char *record; /* in the record of a message: "lost_status"    */
};
extern const struct fault_kind fault_kinds[FAULTS_N]; /* FAULT_NONE has no name */
extern const char *const fault_stream_name[STREAMS];

struct faults *faults_new(void); /* nothing set; NULL when out of memory */
void faults_free(struct faults *f);

/* faults_set(f, json, e): what the README describes under "Hostile", from now on; generators begin anew at
 * the seed, counts go on. {} sets nothing. -1 with `e` naming the member and what was expected; what was set
 * stays then. faults_read(f, text, e): the same, JSON as text, or "@FILE" that holds it. */
int faults_set(struct faults *f, const json_t *json, struct err *e);
int faults_read(struct faults *f, const char *text, struct err *e);

/* faults_draw(f, stream, customer): the fault that this event meets. Scripted ones for this customer first.
 * Every event takes one number of its stream, scripted or not. `until_release` (may be NULL) is set when it
 * is a hang that lasts until it is released. Not counted yet. */
enum fault faults_draw(struct faults *f, enum fault_stream stream, const char *customer, bool *until_release);

/* faults_draw_media(f, until_release): the scripted fault for the next media call, or none. */
enum fault faults_draw_media(struct faults *f, bool *until_release);

void faults_count(struct faults *f, enum fault kind); /* it was done */

int64_t faults_hang_ms(const struct faults *f);
int64_t faults_late_ms(const struct faults *f);

/* faults_json(f): {"set":…, "done":{"sends.500":12,…}}; of `next` what is still to come. A new reference. */
json_t *faults_json(const struct faults *f);

/* fault_record(bits): names of the faults in a set of 1u << kind, a new array. */
json_t *fault_record(uint32_t bits);

#endif
