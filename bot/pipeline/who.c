#include "who.h"

#include <stdio.h>
#include <string.h>

#include "channel.h"
#include "telegram.h"
#include "whatsapp.h"

const char who_expected[] = "a phone number (+31 6 12345678, 0031612345678, 0612345678), an id of WhatsApp "
                            "(NL.55512), a @username or an "
                            "id of Telegram (digits); whatsapp: or telegram: before it when it may be either";

/* E.164: at most 15 digits with the country's. Shorter than 5 is nobody's; Telegram's ids are shorter at times. */
enum { PHONE_MIN = 5, PHONE_MAX = 15, ID_MAX = 19 };

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* The value as it stands, when it fits and holds nothing else. */
static bool keep(const char *s, const char *set, struct who *out)
{
    size_t n = strlen(s);

    if (n == 0 || n >= sizeof out->value || strspn(s, set) != n) return false;
    memcpy(out->value, s, n + 1);
    return true;
}

static bool read_username(const char *s, struct who *out)
{
    out->kind = WHO_USERNAME;
    return keep(s, DIGITS LETTERS "._", out);
}

/* "NL.55512", "NL.ENT.77". */
static bool read_user_id(const char *s, struct who *out)
{
    out->kind = WHO_USER_ID;
    out->channel = whatsapp.name;
    return strspn(s, LETTERS) == 2 && s[2] == '.' && s[3] != '\0' && keep(s, DIGITS LETTERS ".", out);
}

/* Digits alone, without what people put between those of a number. */
static bool read_digits(char *s, bool *parted)
{
    char *to = s;

    *parted = false;
    for (const char *from = s; *from != '\0'; from++) {
        if (*from >= '0' && *from <= '9')
            *to++ = *from;
        else if (strchr(" -./()", *from) != NULL)
            *parted = true;
        else
            return false;
    }
    *to = '\0';
    return to > s;
}

/* Digits with the country's before them. "(0)" is for who calls from within the country. */
static void internationalise(const char *digits, bool plus, struct who *out)
{
    bool zeros = !plus && strncmp(digits, "00", 2) == 0, zero = !plus && !zeros && *digits == '0';

    (void)snprintf(out->value, sizeof out->value, "%s%s", zero ? "31" : "", digits + (zeros ? 2 : zero));
}

static bool read_number(const char *s, struct who *out)
{
    char plain[WHO_BYTES_MAX - 4]; /* a country fits before it */
    bool plus = *s == '+', parted;
    const char *zero = strstr(s, "(0)");

    out->kind = WHO_PHONE;
    if (zero == NULL || (!plus && strncmp(s, "00", 2) != 0)) zero = s + strlen(s);
    int n = snprintf(plain, sizeof plain, "%.*s%s", (int)(zero - s - plus), s + plus,
                     *zero != '\0' ? zero + 3 : "");
    if (n < 0 || (size_t)n >= sizeof plain || !read_digits(plain, &parted)) return false;
    internationalise(plain, plus, out);
    size_t digits = strlen(out->value);
    out->either_id = !plus && !parted && *plain != '0';
    if (out->either_id) return digits <= ID_MAX;
    out->channel = whatsapp.name; /* Telegram tells no numbers */
    return digits >= PHONE_MIN && digits <= PHONE_MAX;
}

static bool read_channel(const char **text, const char **channel)
{
    const char *const names[] = {whatsapp.name, telegram.name};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(*text, names[i], n) != 0 || (*text)[n] != ':') continue;
        *text += n + 1;
        *channel = names[i];
    }
    return **text != '\0';
}

bool who_read(const char *text, struct who *out)
{
    const char *channel = NULL;
    bool ok;

    *out = (struct who){.kind = WHO_PHONE};
    text += strspn(text, " ");
    if (!read_channel(&text, &channel)) return false;
    if (*text == '@')
        ok = read_username(text + 1, out);
    else if (strchr(LETTERS, *text) != NULL)
        ok = read_user_id(text, out);
    else
        ok = read_number(text, out);
    if (!ok || (out->channel != NULL && channel != NULL && strcmp(out->channel, channel) != 0)) return false;
    if (channel != NULL) out->channel = channel;
    return true;
}
