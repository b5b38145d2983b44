/* ask.h -- one HTTP request from a test, over a connection of its own. */
#ifndef ASK_H
#define ASK_H

#include <stddef.h>

struct asked {
    int status; /* 0: the other side hung up without one */
    char body[512];
};

/* ask(port, method, target, headers, body, n): `headers` are whole lines with \r\n, or NULL; one that
 * begins with "Host:" stands for ours. `body` NULL: none. Waits for the answer. */
struct asked ask(int port, const char *method, const char *target, const char *headers, const char *body,
                 size_t n);

/* ask_get(port, target): its status. */
int ask_get(int port, const char *target);

/* ask_webhook(port, body, n): posted and signed as Meta does. */
struct asked ask_webhook(int port, const char *body, size_t n);

/* The same in two steps: the connection, and its answer. */
int ask_begin(int port, const char *method, const char *target, const char *headers, const char *body,
              size_t n);
int ask_webhook_begin(int port, const char *body, size_t n);
struct asked ask_end(int connection);

#endif
