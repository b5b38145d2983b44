/* who.h -- whom an operator means: a phone number, an id or a username, as people write them. */
#ifndef WHO_H
#define WHO_H

#include <stdbool.h>
#include <stddef.h>

enum { WHO_BYTES_MAX = 140 };

enum who_kind { WHO_PHONE, WHO_USER_ID, WHO_USERNAME };

struct who {
    enum who_kind kind;
    const char *channel; /* NULL: either                                    */
    bool either_id;      /* digits alone: a phone number, or an id of Telegram's */
    char value[WHO_BYTES_MAX];
};

/* What the words may be, for whoever has to write them. */
extern const char who_expected[];

/* who_read(text, out): "+31 6 1234 5678", "0031…", "06…" (a number of the Netherlands), "NL.55512", "@name",
 * "5500004242"; "whatsapp:" or "telegram:" before it says which is meant. False when it is none of these. */
bool who_read(const char *text, struct who *out);

#endif
