#include "env_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"

static const char blanks[] = " \t\r\n";

const char *env_file_value(const struct env_pair *pairs, const char *name)
{
    for (; pairs != NULL; pairs = pairs->next)
        if (strcmp(pairs->name, name) == 0) return pairs->value[0] != '\0' ? pairs->value : NULL;
    return NULL;
}

unsigned env_file_open_to(const char *path)
{
    struct stat file;

    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) return 0;
    /* One that is somebody else's, root's as a rule, is read by way of its group. */
    mode_t others = S_IRWXO | (file.st_uid == geteuid() ? S_IRWXG : S_IWGRP | S_IXGRP);
    return (file.st_mode & others) != 0 ? (unsigned)(file.st_mode & 07777) : 0;
}

static bool is_name(const char *s, size_t n)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

    return n > 0 && strspn(s, set) >= n && (*s < '0' || *s > '9');
}

/* The value's bytes within `s`; NULL when a quote does not end, or something follows it. */
static const char *value_in(const char *s, size_t *n)
{
    s += strspn(s, blanks);
    if (*s == '"' || *s == '\'') {
        const char *end = strchr(s + 1, *s);
        if (end == NULL) return NULL;
        const char *rest = end + 1 + strspn(end + 1, blanks);
        *n = (size_t)(end - s - 1);
        return *rest == '\0' || (*rest == '#' && rest > end + 1) ? s + 1 : NULL;
    }
    *n = 0;
    for (size_t i = 0; s[i] != '\0'; i++) {
        bool blank = strchr(blanks, s[i]) != NULL;
        if (s[i] == '#' && (i == 0 || strchr(blanks, s[i - 1]) != NULL)) break;
        if (!blank) *n = i + 1;
    }
    return s;
}

/* What is wrong with the line; NULL: nothing. */
static const char *read_line(const char *line, size_t len, struct arena *a, const struct env_pair **out)
{
    size_t n;

    /* What follows a zero byte would be lost without a word. */
    if (strlen(line) != len) return "expected text, found a zero byte";
    line += strspn(line, blanks);
    if (*line == '\0' || *line == '#') return NULL;
    if (strncmp(line, "export ", 7) == 0) line += 7 + strspn(line + 7, blanks);
    size_t name_n = strcspn(line, "= \t");
    const char *equals = line + name_n + strspn(line + name_n, " \t");
    if (*equals != '=' || !is_name(line, name_n)) return "expected NAME=value";
    const char *value = value_in(equals + 1, &n);
    if (value == NULL) return "expected a quote that ends, and nothing after it";

    struct env_pair *p = arena_alloc(a, sizeof *p);
    if (p == NULL) return "out of memory";
    *p = (struct env_pair){
        .next = *out, .name = arena_strndup(a, line, name_n), .value = arena_strndup(a, value, n)};
    if (p->name == NULL || p->value == NULL) return "out of memory";
    *out = p;
    return NULL;
}

int env_file_read(const char *path, struct arena *a, const struct env_pair **out, FILE *faults)
{
    struct err e = {0};
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int bad = 0;

    *out = NULL;
    FILE *f = fopen(path, "re");
    if (f == NULL && errno == ENOENT) return 0;
    for (int number = 1; f != NULL && (n = getline(&line, &size, f)) >= 0; number++) {
        const char *wrong = read_line(line, (size_t)n, a, out);
        if (wrong == NULL) continue;
        (void)fprintf(faults, "%s: line %d: %s\n", path, number, wrong);
        bad++;
    }
    if (f == NULL || !feof(f)) {
        (void)err_errno(&e, path, errno);
        (void)fprintf(faults, "%s\n", e.text);
        bad++;
    }
    if (f != NULL) (void)fclose(f);
    free(line);
    return bad;
}
