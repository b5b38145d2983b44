/* fuzz_content -- any bytes as flow, business, texts and phrases: refused, with every fault on a line of its
 * own, or loaded whole: then it can be proved, drawn, learnt and talked to, and what it says can be sent.
 *
 * The input is a bundle: pieces between form feeds, each a file by its first letter (`files` below). What the
 * bundle lacks is as in the seed `sound`, which must load. Between the braces of a locale stand the texts of
 * the dialogue itself, made here, so that an input need not carry them: piece 't' adds to these, 'n' is the
 * whole file. */
#include <sys/stat.h>
#include <unistd.h>

#include "business.h"
#include "content.h"
#include "faults.h"
#include "fuzz.h"
#include "fuzz_sent.h"
#include "log.h"
#include "parts.h"

static const char seed[] = "tests/fuzz/corpus/content/sound";

enum file { FLOW, BUSINESS, TEXTS, NL, EN, NL_PHRASES, EN_PHRASES, FILES };

static const struct {
    char letter;
    const char *name; /* NULL: a part of others */
} files[FILES] = {[FLOW] = {'f', "flow.json"},
                  [BUSINESS] = {'b', "business.json"},
                  [TEXTS] = {'t', NULL},
                  [NL] = {'n', "l/nl.json"},
                  [EN] = {'e', "l/en.json"},
                  [NL_PHRASES] = {'p', "l/nl.phrases.json"},
                  [EN_PHRASES] = {'q', "l/en.phrases.json"}};

struct piece_of {
    const uint8_t *bytes;
    size_t n;
};

struct bundle {
    struct piece_of of[FILES]; /* bytes NULL: not given */
};

static char dir[] = "/tmp/mailwijzer-fuzz-XXXXXX";
static struct bundle sound;
static struct buf engine; /* the dialogue's own texts, as members of an object */

/* ---- a bundle as files ---- */

static void cut(const uint8_t *data, size_t n, struct bundle *out)
{
    const uint8_t *end = n > 0 ? data + n : data;

    *out = (struct bundle){0};
    while (data < end) {
        const uint8_t *feed = memchr(data, '\f', (size_t)(end - data));
        const uint8_t *stop = feed != NULL ? feed : end;
        for (int i = 0; i < FILES && data < stop; i++)
            if (*data == (uint8_t)files[i].letter)
                out->of[i] = (struct piece_of){data + 1, (size_t)(stop - data - 1)};
        data = feed != NULL ? feed + 1 : end;
    }
}

static void path_of(enum file f, char out[static 64])
{
    (void)snprintf(out, 64, "%s/%s", dir, files[f].name);
}

static void save(enum file f, const void *bytes, size_t n)
{
    char path[64];

    path_of(f, path);
    FILE *out = fopen(path, "wb");
    must(out != NULL && fwrite(bytes, 1, n, out) == n && fclose(out) == 0);
}

static void save_all(const struct bundle *b)
{
    const struct piece_of *texts = b->of[TEXTS].bytes != NULL ? &b->of[TEXTS] : &sound.of[TEXTS];
    struct buf locale = {0};

    buf_adds(&locale, "{\n");
    buf_add(&locale, engine.data, engine.len);
    buf_add(&locale, texts->bytes, texts->n);
    buf_adds(&locale, "}\n");
    for (int i = 0; i < FILES; i++) {
        const struct piece_of *p = b->of[i].bytes != NULL ? &b->of[i] : &sound.of[i];
        if (files[i].name == NULL) continue;
        if (p->bytes != NULL)
            save((enum file)i, p->bytes, p->n);
        else
            save((enum file)i, buf_text(&locale), locale.len);
    }
    buf_free(&locale);
}

/* ---- the seed ---- */

static void tidy(void)
{
    char path[64];

    for (int i = 0; i < FILES; i++) {
        if (files[i].name == NULL) continue;
        path_of((enum file)i, path);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/l", dir);
    (void)rmdir(path);
    (void)rmdir(dir);
}

/* A text that uses what it must: "intro {{business}}". */
static void add_engine_text(const struct text_spec *spec, const char *form)
{
    buf_addf(&engine, "\"%s%s\": \"%.14s", spec->key, form, spec->key);
    for (int p = 0; p < PARAM_N_OF; p++)
        if ((spec->must & PARAM_BIT(p)) != 0) buf_addf(&engine, " {{%s}}", param_name((enum param)p));
    buf_adds(&engine, "\",\n");
}

static void read_seed(void)
{
    static uint8_t bytes[16384];
    FILE *in = fopen(seed, "rb");

    must(in != NULL);
    size_t n = fread(bytes, 1, sizeof bytes, in);
    must(n > 0 && n < sizeof bytes && fclose(in) == 0);
    cut(bytes, n, &sound);
    must(sound.of[FLOW].bytes != NULL && sound.of[BUSINESS].bytes != NULL && sound.of[TEXTS].bytes != NULL);
    must(sound.of[NL_PHRASES].bytes != NULL && sound.of[EN_PHRASES].bytes != NULL);
}

/* ---- what was loaded ---- */

static void must_be_state(const struct flow *f, int state)
{
    must(state >= 0 && state < (int)f->state_n);
}

static void must_be_option(const struct flow *f, const struct flow_option *o)
{
    const size_t n = o->kind == OPTION_COMMAND ? f->command_n
                     : o->kind == OPTION_TOPIC ? f->topic_n
                                               : f->state_n;

    must(o->index >= 0 && o->index < (int)n && o->label >= 0);
}

static void inspect_state(const struct flow *f, const struct flow_state *s)
{
    const struct flow_question *q;

    must(s->id != NULL && s->kind < STATE_KIND_N);
    if (s->kind == STATE_SAY || s->kind == STATE_BRANCH) must_be_state(f, s->to);
    for (size_t i = 0; i < s->case_n; i++) {
        must_be_state(f, s->cases[i].to);
        must(s->cases[i].question >= 0 && s->cases[i].question < (int)f->question_n);
    }
    for (size_t i = 0; i < s->option_n; i++) must_be_option(f, &s->option[i]);
    must((s->kind == STATE_ASK) == (s->question >= 0));
    if (s->kind != STATE_ASK) return;
    q = &f->question[s->question];
    must(q->answer_n > 0 && q->ask >= 0 && q->again >= 0 && q->noun >= 0);
    must_be_state(f, q->unsure_to);
    for (size_t i = 0; i < q->answer_n; i++) {
        must_be_state(f, q->answer[i].to);
        must(q->answer[i].label >= 0 && q->answer[i].points >= 0 && *q->answer[i].id != '\0');
    }
}

static void inspect(const struct content *c)
{
    const struct script *s = content_script(c);
    const struct flow *f = s->flow;

    must(f->id != NULL && f->state_n > 0 && f->question_n > 0 && f->outcome_n > 0 && s->locale_n > 0);
    must_be_state(f, f->welcome);
    must_be_state(f, f->begin);
    for (size_t i = 0; i < f->state_n; i++) inspect_state(f, &f->state[i]);
    for (size_t i = 0; i < s->locale_n; i++)
        for (size_t t = 0; t < c->texts->n; t++) {
            const struct text *text = &s->locales[i]->text[t];
            must(text->other != NULL && (text->other->literal != NULL || text->other->param != PARAM_N_OF));
            must(!c->texts->slot[t].plural || text->one != NULL);
        }
    must(s->business != NULL && s->business->name != NULL && s->business->human != NULL);
}

/* A few turns: every answer first, then words of the bundle's own. Once proved, all can be sent. */
static void talk(const struct content *c, bool proved)
{
    static const struct identity to = {
        .channel = "any", .account = "1", .phone = "31600000001", .user_id = "5"};
    const struct flow *f = content_script(c)->flow;
    struct arena *a = arena_new(16384);
    struct conversation talk;
    struct err e = {{0}};
    int64_t now = INT64_C(1795000000000);

    must(a != NULL);
    conversation_begin(&talk, content_script(c)->locales[0]->code);
    for (size_t turn = 0; turn < f->question_n + 4; turn++) {
        struct effects fx = {.arena = a};
        struct message m = {.kind = MESSAGE_TEXT, .id = "m", .text = "the first, please", .sent_ms = now};
        if (turn > 0 && talk.question >= 0) {
            const struct flow_question *q = &f->question[talk.question];
            m.kind = MESSAGE_TAP;
            m.choice = arena_printf(a, "%s=%s", q->id, q->answer[turn % q->answer_n].id);
        }
        must(content_step(c, &talk, &m, now, &fx, &e) == 0 || !proved);
        for (size_t i = 0; i < fx.n; i++)
            if (fx.effect[i].kind == EFFECT_SAY)
                must(sent_check(&fx.effect[i].say.out, &to, NULL) || !proved);
        now += 60000;
    }
    arena_free(a);
}

static void draw(const struct content *c)
{
    char *picture = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&picture, &n);

    must(out != NULL);
    content_graph(c, GRAPH_DOT, "nl", out);
    content_graph(c, GRAPH_MERMAID, "en", out);
    must(fclose(out) == 0 && n > 0);
    free(picture);
}

/* The whole proof of a large flow takes seconds, of one like the seed a moment. */
static bool small(const struct flow *f)
{
    size_t n = 1;

    for (size_t i = 0; i < f->question_n; i++) n *= f->question[i].answer_n + 1;
    return n <= 32 && f->state_n <= 12 && f->command_n <= 12;
}

/* Was all of it proved? */
static bool use(struct content *c, bool prove)
{
    struct faults *faults = faults_new();
    struct content_proof proof;
    struct err e = {{0}};
    bool proved = false;

    must(faults != NULL);
    inspect(c);
    draw(c);
    if (content_train(c, &e) != 0 || content_understanding(c, &e) == NULL) must(e.text[0] != '\0');
    if (prove && small(content_script(c)->flow)) {
        proved = content_check(c, faults, &proof) == 0;
        must(proved == (faults_errors(faults) == 0));
    }
    if (content_understanding(c, &e) != NULL) talk(c, proved);
    faults_free(faults);
    return proved;
}

/* ---- loading ---- */

static struct content *load(struct faults *faults)
{
    char flow[64], business[64], locales[64];
    struct content *c;

    path_of(FLOW, flow);
    path_of(BUSINESS, business);
    (void)snprintf(locales, sizeof locales, "%s/l", dir);
    const struct content_files where = {flow, business, locales, "nl", .retain_text_days = 30};
    int rc = content_load(&where, &c, faults);
    must((rc == 0) == (c != NULL) && (rc == 0) == (faults_errors(faults) == 0));
    for (size_t i = 0; i < faults_count(faults); i++) {
        const char *line = faults_line(faults, i);
        must(*line != '\0' && strpbrk(line, "\r\n\x1b") == NULL);
    }
    return c;
}

/* The same files give the same faults. */
static void again(const struct faults *before)
{
    struct faults *faults = faults_new();

    must(faults != NULL);
    content_free(load(faults));
    must(faults_count(faults) == faults_count(before));
    for (size_t i = 0; i < faults_count(faults); i++)
        must_be_one(faults_line(faults, i), faults_line(before, i));
    faults_free(faults);
}

/* ---- once ---- */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct bundle none = {0};
    struct faults *faults = faults_new();
    char locales[64];

    (void)argc;
    (void)argv;
    log_open(stderr, LOG_ERROR, LOG_LOGFMT);
    must(faults != NULL && mkdtemp(dir) != NULL && atexit(tidy) == 0);
    (void)snprintf(locales, sizeof locales, "%s/l", dir);
    must(mkdir(locales, 0700) == 0);
    for (int i = 0; i < TEXT_N; i++) {
        add_engine_text(&text_spec[i], text_spec[i].plural ? "_one" : "");
        if (text_spec[i].plural) add_engine_text(&text_spec[i], "_other");
    }
    read_seed();
    save_all(&none);
    struct content *c = load(faults);
    for (size_t i = 0; i < faults_count(faults); i++) (void)fprintf(stderr, "%s\n", faults_line(faults, i));
    must(c != NULL && use(c, true));
    content_free(c);
    faults_free(faults);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct faults *faults = faults_new();
    struct bundle b;

    must(faults != NULL);
    cut(data, n, &b);
    save_all(&b);
    struct content *c = load(faults);
    if (c != NULL)
        (void)use(c, n % 4 == 0); /* the proof takes ten times what the rest does */
    else
        again(faults);
    content_free(c);
    faults_free(faults);
    return 0;
}
