/* talk.c -- plays the .talk files of this directory on the shipped flow and texts. Prints TAP, one line a file.
 *
 * The conversation is written and read back after every line, as the store does. The language of
 * the files is told in README.md beside this file. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advice.h"
#include "arena.h"
#include "buf.h"
#include "content.h"
#include "err.h"
#include "log.h"
#include "text.h"

enum { LINE_MAX_BYTES = 8192, FILES_MAX = 512, NAME_MAX_BYTES = 64 };

struct talk {
    const struct content *content;
    const char *path;
    int line;
    struct arena *arena;
    struct conversation c;
    struct effects fx;
    const struct outbound *out; /* of the last turn; NULL: silence   */
    const char *at;             /* expectations read on from here    */
    int64_t now_ms, sent_ms;    /* sent_ms 0: now                    */
    char name[NAME_MAX_BYTES], number[NAME_MAX_BYTES];
    int messages;
    char last_id[32];
    int replies, bad;
};

static void complain(struct talk *t, const char *what, const char *want, const char *have)
{
    printf("# %s:%d: %s: wanted '%s', have '%s'\n", t->path, t->line, what, want, have);
    t->bad++;
}

/* ---- turns ---- */

static void save_and_load(struct talk *t)
{
    const struct flow *f = content_script(t->content)->flow;
    struct conversation back;
    struct buf text = {0}, again = {0};
    struct err e = {0};

    conversation_write(&t->c, f, &text);
    if (conversation_read(&back, f, buf_text(&text), &e) != 0)
        complain(t, "reload", "a conversation", e.text);
    conversation_write(&back, f, &again);
    if (strcmp(buf_text(&text), buf_text(&again)) != 0)
        complain(t, "reload", buf_text(&text), buf_text(&again));
    t->c = back;
    buf_free(&text);
    buf_free(&again);
}

static void turn(struct talk *t, struct message *m)
{
    char id[sizeof t->last_id];
    struct err e = {0};

    (void)snprintf(id, sizeof id, "talk-%d", ++t->messages);
    m->id = id;
    m->name = t->name[0] != '\0' ? t->name : NULL;
    m->our_number = t->number[0] != '\0' ? t->number : NULL;
    m->sent_ms = t->sent_ms != 0 ? t->sent_ms : t->now_ms;
    arena_reset(t->arena);
    t->fx = (struct effects){.arena = t->arena};
    t->out = NULL;
    if (content_step(t->content, &t->c, m, t->now_ms, &t->fx, &e) != 0) complain(t, "step", "a turn", e.text);
    for (size_t i = 0; i < t->fx.n; i++) {
        if (t->fx.effect[i].kind != EFFECT_SAY) continue;
        t->out = &t->fx.effect[i].say.out;
        t->replies++;
    }
    t->at = t->out != NULL ? t->out->text : "";
    if (m->kind == MESSAGE_TEXT || m->kind == MESSAGE_MEDIA) memcpy(t->last_id, id, sizeof id);
    save_and_load(t);
    t->now_ms += 1000;
}

/* ---- the verbs of a file ---- */

static void do_text(struct talk *t, const char *rest)
{
    struct message m = {.kind = MESSAGE_TEXT, .text = rest};
    turn(t, &m);
}

/* A button by its title in the last message, else by its id. */
static void do_tap(struct talk *t, const char *rest)
{
    char id[256];

    (void)snprintf(id, sizeof id, "%s", rest);
    for (size_t i = 0; t->out != NULL && i < t->out->choice_n; i++)
        if (strcmp(t->out->choice[i].title, rest) == 0)
            (void)snprintf(id, sizeof id, "%s", t->out->choice[i].id);
    if (strpbrk(id, "=:") == NULL) complain(t, "tap", rest, "no such button in the last message");
    struct message m = {.kind = MESSAGE_TAP, .choice = id};
    turn(t, &m);
}

static void do_media(struct talk *t, const char *rest)
{
    char kind[32];
    size_t n = strcspn(rest, " ");
    struct message m = {.kind = MESSAGE_MEDIA, .text = rest[n] == ' ' ? rest + n + 1 : NULL};

    (void)snprintf(kind, sizeof kind, "%.*s", (int)n, rest);
    if (media_kind_from(kind, &m.media) != 0) complain(t, "media", "a kind of media", kind);
    turn(t, &m);
}

static void do_react(struct talk *t, const char *rest)
{
    struct message m = {.kind = MESSAGE_REACTION, .text = rest, .about = "talk-0"};
    turn(t, &m);
}

static void do_revoke(struct talk *t, const char *rest)
{
    struct message m = {.kind = MESSAGE_REVOKE, .about = rest};
    turn(t, &m);
}

static void do_open(struct talk *t, const char *rest)
{
    struct message m = {.kind = MESSAGE_OPEN};
    (void)rest;
    turn(t, &m);
}

static void do_edit(struct talk *t, const char *rest)
{
    char about[sizeof t->last_id];
    struct message m = {.kind = MESSAGE_EDIT, .text = rest, .about = about};

    memcpy(about, t->last_id, sizeof about);
    turn(t, &m);
}

static int64_t span_ms(struct talk *t, const char *s)
{
    char *end;
    long n = strtol(s, &end, 10);
    int64_t unit = *end == 's'   ? 1000
                   : *end == 'm' ? 60000
                   : *end == 'h' ? 3600000
                   : *end == 'd' ? 86400000
                                 : 0;

    if (unit == 0 || end[1] != '\0') complain(t, "time", "a time like 90s, 10m, 24h or 3d", s);
    return n * unit;
}

static void do_wait(struct talk *t, const char *rest)
{
    t->now_ms += span_ms(t, rest);
}

/* The following messages were written that long ago and reach us only now. */
static void do_late(struct talk *t, const char *rest)
{
    t->sent_ms = strcmp(rest, "no") == 0 ? 0 : t->now_ms - span_ms(t, rest);
}

static void do_clock(struct talk *t, const char *rest)
{
    struct tm tm = {0};
    const char *end = strptime(rest, "%Y-%m-%d %H:%M", &tm);

    if (end == NULL || *end != '\0') complain(t, "clock", "YYYY-MM-DD HH:MM (UTC)", rest);
    t->now_ms = (int64_t)timegm(&tm) * 1000;
}

static void do_name(struct talk *t, const char *rest)
{
    (void)snprintf(t->name, sizeof t->name, "%s", rest);
}

static void do_number(struct talk *t, const char *rest)
{
    (void)snprintf(t->number, sizeof t->number, "%s", rest);
}

/* ---- what must have come of it ---- */

static void want_text(struct talk *t, const char *rest)
{
    const char *found = t->out == NULL ? NULL : strstr(t->at, rest);

    if (found == NULL)
        complain(t, t->out == NULL ? "silence" : "the reply, from there on,", rest,
                 t->out == NULL ? "" : t->at);
    else
        t->at = found + strlen(rest);
}

static void want_not(struct talk *t, const char *rest)
{
    if (t->out != NULL && strstr(t->out->text, rest) != NULL)
        complain(t, "the reply holds", rest, t->out->text);
}

/* [A] [B] [C]: the choices, all of them, in order. */
static void want_choices(struct talk *t, const char *rest)
{
    struct buf have = {0};

    for (size_t i = 0; t->out != NULL && i < t->out->choice_n; i++)
        buf_addf(&have, "%s[%s]", i > 0 ? " " : "", t->out->choice[i].title);
    /* The verb took the first bracket. */
    if (have.len == 0 || strcmp(buf_text(&have) + 1, rest) != 0)
        complain(t, "choices", rest, buf_text(&have));
    buf_free(&have);
}

static void want_no_choices(struct talk *t, const char *rest)
{
    if (t->out == NULL || t->out->choice_n != 0) complain(t, "no choices", rest, "choices");
}

static void want_silence(struct talk *t, const char *rest)
{
    if (t->out != NULL) complain(t, "silence", rest, t->out->text);
}

static void want_state(struct talk *t, const char *rest)
{
    const struct flow *f = content_script(t->content)->flow;
    const char *have = t->c.state == CONVERSATION_ASKING ? f->question[t->c.question].id
                                                         : conversation_state_name(t->c.state);
    if (strcmp(have, rest) != 0) complain(t, "state", rest, have);
}

/* usage=light team=unsure: all answers there are, in the flow's order. */
static void want_answers(struct talk *t, const char *rest)
{
    const struct flow *f = content_script(t->content)->flow;
    struct buf have = {0};

    for (size_t q = 0; q < f->question_n; q++) {
        const struct answer *a = &t->c.answers.of[q];
        if (a->kind == ANSWER_NONE) continue;
        buf_addf(&have, "%s%s=%s", have.len > 0 ? " " : "", f->question[q].id,
                 a->kind == ANSWER_GIVEN    ? f->question[q].answer[a->index].id
                 : a->kind == ANSWER_UNSURE ? "unsure"
                                            : "skipped");
    }
    if (strcmp(buf_text(&have), strcmp(rest, "none") == 0 ? "" : rest) != 0)
        complain(t, "answers", rest, buf_text(&have));
    buf_free(&have);
}

static void want_advice(struct talk *t, const char *rest)
{
    const struct flow *f = content_script(t->content)->flow;
    struct advice adv = {.outcome = -1, .lean = -1};
    char have[128];

    if (t->c.state == CONVERSATION_AFTER) (void)advice_compute(f, &t->c.answers, &adv);
    (void)snprintf(have, sizeof have, "%s%s%s", adv.outcome < 0 ? "none" : f->outcome[adv.outcome].id,
                   adv.lean >= 0 ? " leans " : "", adv.lean >= 0 ? f->outcome[adv.lean].id : "");
    if (strcmp(have, rest) != 0) complain(t, "advice", rest, have);
}

static void want_link(struct talk *t, const char *rest)
{
    const char *have = t->out == NULL || t->out->link.url == NULL ? "none" : t->out->link.url;
    bool none = strcmp(rest, "none") == 0;

    if (none ? strcmp(have, "none") != 0 : strstr(have, rest) == NULL) complain(t, "link", rest, have);
}

static void want_footer(struct talk *t, const char *rest)
{
    const char *have = t->out == NULL || t->out->footer == NULL ? "none" : t->out->footer;
    if (strstr(have, rest) == NULL) complain(t, "footer", rest, have);
}

static void want_erased(struct talk *t, const char *rest)
{
    size_t i = 0;

    (void)rest;
    while (i < t->fx.n && t->fx.effect[i].kind == EFFECT_TELL) i++;
    if (i == t->fx.n || t->fx.effect[i].kind != EFFECT_ERASE)
        complain(t, "effects", "erase before all that is said", "none");
}

/* Bot messages so far. */
static void want_replies(struct talk *t, const char *rest)
{
    char have[16];

    (void)snprintf(have, sizeof have, "%d", t->replies);
    if (strcmp(have, rest) != 0) complain(t, "bot messages so far", rest, have);
}

static const struct {
    const char *word;
    void (*run)(struct talk *t, const char *rest);
} verbs[] = {{"> ", do_text},
             {"tap ", do_tap},
             {"media ", do_media},
             {"react ", do_react},
             {"revoke ", do_revoke},
             {"open", do_open},
             {"edit ", do_edit},
             {"wait ", do_wait},
             {"late ", do_late},
             {"clock ", do_clock},
             {"name ", do_name},
             {"number ", do_number},
             {"< ", want_text},
             {"! ", want_not},
             {"no choices", want_no_choices},
             {"[", want_choices},
             {"silence", want_silence},
             {"state ", want_state},
             {"answers ", want_answers},
             {"advice ", want_advice},
             {"link ", want_link},
             {"footer ", want_footer},
             {"erased", want_erased},
             {"replies ", want_replies}};

static void on_line(struct talk *t, char *line)
{
    size_t n = strlen(line);

    while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL) line[--n] = '\0';
    if (n == 0 || line[0] == '#') return;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t w = strlen(verbs[i].word);
        if (strncmp(line, verbs[i].word, w) != 0) continue;
        verbs[i].run(t, line + w);
        return;
    }
    complain(t, "line", "a verb of tests/talk/README.md", line);
}

static int play(const struct content *content, const char *path)
{
    struct talk t = {.content = content, .path = path, .at = ""};
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(path, "re");

    t.arena = arena_new(LINE_MAX_BYTES);
    if (f == NULL || t.arena == NULL) {
        printf("# %s: cannot be read\n", path);
        t.bad = 1;
    } else {
        conversation_begin(&t.c, content_script(content)->locales[0]->code);
        do_clock(&t, "2026-11-23 09:00"); /* a Monday, 10:00 in Amsterdam */
        while (fgets(line, sizeof line, f) != NULL) {
            t.line++;
            on_line(&t, line);
        }
        if (t.messages == 0) complain(&t, "file", "at least one message", "none");
    }
    if (f != NULL) (void)fclose(f);
    arena_free(t.arena);
    return t.bad;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();
    struct content *content = NULL;
    char *names[FILES_MAX];
    size_t n = 0;
    int failed = 0;

    log_open(stderr, LOG_WARN, LOG_LOGFMT);
    struct err e = {0};
    if (faults == NULL || content_load(&files, &content, faults) != 0 || content_train(content, &e) != 0) {
        printf("not ok 1 - the shipped content loads\n1..1\n");
        for (size_t i = 0; faults != NULL && i < faults_count(faults); i++)
            printf("# %s\n", faults_line(faults, i));
        faults_free(faults);
        return 1;
    }
    DIR *dir = argc > 1 ? NULL : opendir("tests/talk");
    for (int i = 1; i < argc && n < FILES_MAX; i++) names[n++] = strdup(argv[i]);
    for (struct dirent *d; dir != NULL && n < FILES_MAX && (d = readdir(dir)) != NULL;) {
        size_t len = strlen(d->d_name);
        char path[512];
        if (len < 6 || strcmp(d->d_name + len - 5, ".talk") != 0) continue;
        (void)snprintf(path, sizeof path, "tests/talk/%s", d->d_name);
        names[n++] = strdup(path);
    }
    if (dir != NULL) (void)closedir(dir);
    qsort(names, n, sizeof *names, compare);
    for (size_t i = 0; i < n; i++) {
        int bad = play(content, names[i]);
        printf("%s %zu - %s\n", bad == 0 ? "ok" : "not ok", i + 1, names[i]);
        failed += bad != 0;
        free(names[i]);
    }
    printf("1..%zu\n", n);
    content_free(content);
    faults_free(faults);
    return failed != 0 || n == 0;
}
