/* http_descriptors.h -- how many file descriptors the process may open. Of this room alone. */
#ifndef HTTP_DESCRIPTORS_H
#define HTTP_DESCRIPTORS_H

struct err;

/* What the rest of the program opens beside a server's connections: the store's files, a socket for
 * each call that is under way, the other listener. */
enum { DESCRIPTORS_ELSEWHERE = 192 };

/* http_descriptors_want(n, e): room for `n` more beside those of the rest. Raises the process's own
 * limit (RLIMIT_NOFILE) as far as the system lets it. How many there is room for, `n` at most; -1
 * with `e` when there is none at all. */
int http_descriptors_want(int n, struct err *e);

#endif
