/* fuzz_dialogue -- any events on the shipped flow, from any conversation: what dialogue.h and MAP.md promise
 * holds, what is said can be sent, and the human can read what she is told. The bytes are a script: how to
 * begin, then for each step a kind and what it needs. Saved and read back after every step. */
#include "content.h"
#include "dossier.h"
#include "fuzz.h"
#include "fuzz_sent.h"
#include "hash.h"
#include "log.h"

enum { STEPS_MAX = 48 };

#define YEAR_MS (INT64_C(365) * 86400 * 1000)

static struct content *content;
static struct script script;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30,
                                        .human_ms = INT64_C(12) * 3600 * 1000};
    struct faults *faults = faults_new();
    struct err e = {{0}};

    (void)argc;
    (void)argv;
    log_open(stderr, LOG_ERROR, LOG_LOGFMT);
    must(content_load(&files, &content, faults) == 0 && content_train(content, &e) == 0);
    must(content_understanding(content, &e) != NULL);
    faults_free(faults);
    script = *content_script(content);
    return 0;
}

/* ---- the same twice ---- */

static void must_be_same(const struct conversation *a, const struct conversation *b)
{
    for (size_t q = 0; q < FLOW_QUESTIONS_MAX; q++) {
        const struct answer *x = &a->answers.of[q], *y = &b->answers.of[q];
        must(x->kind == y->kind && x->index == y->index && x->order == y->order);
        must(x->doubtful == y->doubtful);
    }
    must(a->state == b->state && a->question == b->question);
    must_be_one(a->locale, b->locale);
    must(a->last_ms == b->last_ms && a->misses == b->misses && a->introduced == b->introduced);
    must(a->media_ms == b->media_ms && a->late_ms == b->late_ms);
    must(a->text_hash == b->text_hash && a->text_question == b->text_question);
    must(a->holder == b->holder && a->holder_ms == b->holder_ms);
    must(a->times.remind_ms == b->times.remind_ms && a->times.promise_ms == b->times.promise_ms);
    must(a->times.warn_ms == b->times.warn_ms && a->times.back_ms == b->times.back_ms);
    must(a->unanswered == b->unanswered && a->overdue == b->overdue && a->returned == b->returned);
}

static void must_say_same(const struct outbound *a, const struct outbound *b)
{
    must_be_one(a->text, b->text);
    must_be_one(a->footer, b->footer);
    must_be_one(a->list_title, b->list_title);
    must_be_one(a->link.url, b->link.url);
    must(a->choice_n == b->choice_n);
    for (size_t i = 0; i < a->choice_n; i++) {
        must_be_one(a->choice[i].id, b->choice[i].id);
        must_be_one(a->choice[i].title, b->choice[i].title);
        must_be_one(a->choice[i].note, b->choice[i].note);
    }
}

static void must_do_same(const struct effects *a, const struct effects *b)
{
    must(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct effect *x = &a->effect[i], *y = &b->effect[i];
        must(x->kind == y->kind);
        if (x->kind == EFFECT_SAY) must_say_same(&x->say.out, &y->say.out);
        if (x->kind == EFFECT_SAY) must(x->say.backlog == y->say.backlog);
        if (x->kind != EFFECT_TELL) continue;
        must(x->tell.news == y->tell.news && x->tell.told == y->tell.told && x->tell.at_ms == y->tell.at_ms);
    }
}

/* ---- a conversation as text ---- */

static void must_be_sound(const struct conversation *c)
{
    const struct flow *f = script.flow;

    must(c->state < CONVERSATION_N && c->holder < HOLDER_N);
    must(c->question >= -1 && c->question < (int)f->question_n);
    must(c->text_question >= -1 && c->text_question < (int)f->question_n);
    must(c->misses >= 0 && conversation_wake_ms(c) >= 0);
    for (size_t q = 0; q < FLOW_QUESTIONS_MAX; q++) {
        const struct answer *a = &c->answers.of[q];
        must(a->kind < ANSWER_N && (a->kind == ANSWER_NONE || q < f->question_n));
        must(a->kind != ANSWER_GIVEN || (a->index >= 0 && a->index < (int)f->question[q].answer_n));
        must(a->order <= c->order);
    }
}

/* Saved and read again it is the same. */
static void again(struct conversation *c)
{
    struct conversation back;
    struct err e = {{0}};
    struct buf text = {0};

    conversation_write(c, script.flow, &text);
    if (conversation_read(&back, script.flow, buf_text(&text), &e) != 0) {
        (void)fprintf(stderr, "%s: %s\n", e.text, buf_text(&text));
        abort();
    }
    must_be_same(c, &back);
    must(back.order <= c->order); /* the last answer may have been taken back */
    *c = back;
    buf_free(&text);
}

/* Any bytes as a stored conversation: refused and told, or sound. With a sum that holds they get further. */
static void begin(struct input *in, struct arena *a, bool summed, struct conversation *c)
{
    struct conversation none;
    struct err e = {{0}};
    const char *text = input_string(in, a);

    if (summed)
        text = arena_printf(a, "%s sum=%016llx", text, (unsigned long long)hash_bytes(text, strlen(text)));
    must(text != NULL);
    if (conversation_read(c, script.flow, text, &e) == 0) {
        must_be_sound(c);
        again(c);
        return;
    }
    must(e.text[0] != '\0');
    conversation_begin(&none, "");
    must_be_same(c, &none);
    conversation_begin(c, "nl");
}

/* ---- a step ---- */

static const char *const ids[] = {"usage=light",       "usage=unsure",  "calendar=yes",   "team=several",
                                  "security=critical", "sector=strict", "growth=no",      "topic:pop",
                                  "do:begin",          "do:back",       "do:change",      "do:human",
                                  "do:restart",        "do:stop",       "do:delete_data", "do:skip",
                                  "go:topics",         "ask:team",      "do:menu",        "do:language_en"};

/* What a platform's translator would give. */
static void read_message(struct input *in, struct arena *a, int step, int64_t now, struct message *m)
{
    uint8_t kind = input_byte(in), choice = input_byte(in);

    *m = (struct message){.kind = (enum message_kind)(kind % MESSAGE_N),
                          .media = (enum media_kind)(kind % MEDIA_N),
                          .id = arena_printf(a, "m%d", kind & 0x80 ? step : step / 2),
                          .text = input_text(in, a, 4096)};
    must(m->id != NULL);
    m->about = choice & 1 ? m->id : NULL;
    m->choice = choice < 0x80 ? ids[choice % (sizeof ids / sizeof *ids)] : m->text;
    if (choice & 2) {
        char *name = input_text(in, a, 64);
        for (char *s = name; *s != '\0'; s++)
            if (strchr("\r\n\t", *s) != NULL) *s = ' ';
        m->name = *name != '\0' ? name : NULL;
    }
    m->sent_ms = choice & 4 ? now - INT64_C(86400000) * choice : now;
}

static void must_be_told(const struct effect *tell, const struct conversation *c, const struct event *ev,
                         struct arena *a)
{
    static const struct message nothing = {.id = ""};
    const struct message *m = ev->message != NULL ? ev->message : &nothing;
    const struct person who = {
        .name = m->name, .platform = "WhatsApp", .words = m->text, .phone = "31600000001", .shut_ms = 1};
    struct buf text = {0};

    must(tell->tell.news < NEWS_N);
    must(dossier_news(&script, c, tell, &who, m, ev->now_ms, a, &text) == 0);
    /* Of a message without words there is nothing to tell. */
    must(text.len > 0 || tell->tell.news == NEWS_WROTE);
    must(utf8_valid(buf_text(&text), text.len));
    buf_free(&text);
}

/* Asked is what is open; who stopped halfway goes on there. */
static bool settled(const struct conversation *c)
{
    if (c->state == CONVERSATION_STOPPED) return true;
    return (c->state == CONVERSATION_ASKING) == (c->question >= 0);
}

static void inspect(const struct effects *fx, const struct conversation *before,
                    const struct conversation *after, const struct event *ev)
{
    static const struct identity to = {
        .channel = "any", .account = "1", .phone = "31600000001", .user_id = "5"};
    bool silent = before->holder == HOLDER_HUMAN && after->holder == HOLDER_HUMAN;

    must(fx->n <= EFFECTS_MAX);
    /* What came in unsettled may stay so while nothing is said. */
    must(settled(after) || !settled(before));
    must_be_sound(after);
    for (size_t i = 0; i < fx->n; i++) {
        const struct effect *x = &fx->effect[i];
        must(x->kind < EFFECT_N);
        if (x->kind == EFFECT_SAY) must(!silent && sent_check(&x->say.out, &to, NULL));
        if (x->kind == EFFECT_TELL) must_be_told(x, after, ev, fx->arena);
    }
}

static void step(struct input *in, int number, int64_t *now, struct conversation *c)
{
    static const int64_t windows[] = {0, INT64_C(86400000)};
    uint8_t kind = input_byte(in);
    struct arena *a = arena_new(16384);
    struct effects fx = {.arena = a}, twice = {.arena = a};
    struct conversation before = *c, other = *c;
    struct message m;
    struct err e = {{0}};
    struct event ev = {.kind = kind % 4 == 0 ? (enum event_kind)(kind / 4 % EVENT_N) : EVENT_MESSAGE,
                       .window_ms = windows[kind >> 7]};

    must(a != NULL);
    *now += INT64_C(1000) << (input_byte(in) % 24);
    if (ev.kind == EVENT_CLOCK && conversation_wake_ms(c) > *now && conversation_wake_ms(c) - *now < YEAR_MS)
        *now = conversation_wake_ms(c);
    ev.now_ms = *now;
    if (ev.kind == EVENT_MESSAGE) {
        read_message(in, a, number, *now, &m);
        ev.message = &m;
    }
    must(content_event(content, c, &ev, &fx, &e) == 0);
    must(content_event(content, &other, &ev, &twice, &e) == 0);
    must_be_same(c, &other);
    must(c->order == other.order);
    must_do_same(&fx, &twice);
    inspect(&fx, &before, c, &ev);
    again(c);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {data, data + n};
    int64_t now = INT64_C(1795000000000);
    struct conversation c;

    struct arena *a = arena_new(16384);
    must(a != NULL);
    uint8_t how = input_byte(&in);
    conversation_begin(&c, "nl");
    if (how & 1) begin(&in, a, how & 2, &c);
    for (int i = 0; in.p < in.end && i < STEPS_MAX; i++) step(&in, i, &now, &c);
    arena_free(a);
    return 0;
}
