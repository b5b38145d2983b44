/* telegram_file.h -- the file of a message: Telegram sends an id, tells for it a path, and gives the bytes
 * there (Bot API, getFile).
 *
 * A path is good for an hour at least. Files of more than 20 MB have none: getFile answers 400 "file is
 * too big". What the bytes are is in the message; the answer that brings them says octet-stream of all. */
#ifndef TELEGRAM_FILE_H
#define TELEGRAM_FILE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct err;

/* telegram_get_file(file_id, out): the body of getFile. */
void telegram_get_file(const char *file_id, struct buf *out);

/* telegram_file_found(body, n, a, path, size, e): what an answer to getFile tells. `path` lives in `a`; size
 * in bytes, 0: not told. -1 when it tells no path that may stand in an address: segments of
 * [A-Za-z0-9._-] with a '/' between, none of them "." or ".." (a server of one's own in local mode has
 * absolute ones, which are not served). The error quotes nothing of the answer. */
int telegram_file_found(const char *body, size_t n, struct arena *a, const char **path, int64_t *size,
                        struct err *e);

/* telegram_file_url(base, token, path, out): where the bytes are. Holds the token: for no log. */
void telegram_file_url(const char *base, const char *token, const char *path, struct buf *out);

#endif
