/* http_answers.h -- the letter-box between whoever answers and the server's thread. Of this room
 * alone. */
#ifndef HTTP_ANSWERS_H
#define HTTP_ANSWERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One answer, to one turn or to many. One block, texts included: free() ends it. */
struct answer {
    struct answer *next;
    int status;
    const char *type, *body; /* `type` may be NULL */
    size_t body_n;
    size_t ids_n;
    uint64_t ids[];
};

struct answers {
    pthread_mutex_t lock; /* guards the rest */
    struct answer *first, **end;
};

void answers_init(struct answers *box);
void answers_free(struct answers *box); /* with what nobody took */

/* answer_new(...): copies everything. NULL when out of memory. */
struct answer *answer_new(const uint64_t *ids, size_t ids_n, int status, const char *type, const char *body,
                          size_t body_n);

/* answers_put(box, a): any thread. True when the box was empty: someone has to be woken. */
bool answers_put(struct answers *box, struct answer *a);

/* answers_take(box): all there are, oldest first. */
struct answer *answers_take(struct answers *box);

#endif
