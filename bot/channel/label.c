#include "label.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "outbound.h"
#include "utf8.h"

static const char ellipsis[] = "\xE2\x80\xA6";

/* `s` with `tail`, in at most `max` points; the whole of `s` when it fits. */
static void label_cut(const char *s, size_t max, const char *tail, char out[static LABEL_BYTES])
{
    size_t n = utf8_cut(s, max - utf8_count(tail));

    if (n >= LABEL_BYTES) n = 0; /* no limit of ours lets this happen */
    while (n > 0 && s[n - 1] == ' ') n--;
    memcpy(out, s, n);
    size_t tail_n = strlen(tail);
    if (tail_n > LABEL_BYTES - 1 - n) tail_n = 0;
    memcpy(out + n, tail, tail_n);
    out[n + tail_n] = '\0';
}

void label_fit(const char *s, size_t max, char out[static LABEL_BYTES])
{
    label_cut(s, max, utf8_count(s) > max ? ellipsis : "", out);
}

static bool stands_among(const char *label, char (*labels)[LABEL_BYTES], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(label, labels[i]) == 0) return true;
    return false;
}

void labels_fit(const struct outbound *o, size_t max, char (*labels)[LABEL_BYTES])
{
    for (size_t i = 0; i < o->choice_n; i++) {
        label_fit(o->choice[i].title, max, labels[i]);
        for (unsigned int k = 2; stands_among(labels[i], labels, i); k++) {
            char tail[16];
            (void)snprintf(tail, sizeof tail, " %u", k);
            label_cut(o->choice[i].title, max, tail, labels[i]);
        }
    }
}
