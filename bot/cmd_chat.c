/* cmd_chat.c -- the conversation in a terminal: for a person with line editing, for scripts plain.
 *
 * The same road as a webhook's message from content_step() on; nothing is stored or sent. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>

#include "advice.h"
#include "arena.h"
#include "buf.h"
#include "clock.h"
#include "cmd.h"
#include "config.h"
#include "content.h"
#include "err.h"
#include "text.h"
#include "utf8.h"
#include "wire.h"

static const char usage[] =
    "usage: mailwijzer chat [--json] [--name NAME]\n\n"
    "Every line is a message; lines that begin with ':' are commands:\n"
    "  :tap ID           tap a button (its id, an answer's id, or its number in the last message)\n"
    "  :media KIND       send a voice, audio, image, video, document, sticker, location or contact\n"
    "  :react EMOJI      put a reaction on the last message\n"
    "  :edit TEXT        change the last message\n"
    "  :wait 24h         let time pass: s, m, h or d\n"
    "  :quit\n"
    "With --json, one object for each line that causes a turn.\n";

struct chat {
    const struct content *content;
    struct conversation c;
    struct arena *arena; /* of one turn                                     */
    struct effects fx;   /* of the last turn: what :tap chooses from        */
    const char *name;
    int64_t now_ms;
    int number;       /* of the last message typed or sent               */
    char last_id[32]; /* of the message that :edit changes               */
    bool json, colour;
    int line;
    bool ended;
};

/* ---- out ---- */

/* *bold* as the terminal's bold. */
static void print_marked(const char *s, bool colour)
{
    bool bold = false;

    for (; *s != '\0'; s++) {
        if (*s != '*' || !colour) {
            (void)putchar(*s);
            continue;
        }
        bold = !bold;
        (void)fputs(bold ? "\033[1m" : "\033[22m", stdout);
    }
}

static void print_outbound(const struct outbound *o, bool colour)
{
    print_marked(o->text, colour);
    (void)putchar('\n');
    if (o->link.url != NULL) (void)printf("\n%s: %s\n", o->link.lead, o->link.url);
    for (size_t i = 0; i < o->choice_n; i++) {
        (void)printf("  [%zu] %s", i + 1, o->choice[i].title);
        if (o->choice[i].note != NULL) (void)printf(" - %s", o->choice[i].note);
        (void)putchar('\n');
    }
    if (o->footer != NULL) (void)printf(colour ? "\033[2m%s\033[22m\n" : "%s\n", o->footer);
    (void)putchar('\n');
}

static void json_outbound(const struct outbound *o, struct buf *out)
{
    buf_adds(out, "{\"text\":");
    wire_put(out, o->text);
    buf_adds(out, ",\"choices\":[");
    for (size_t i = 0; i < o->choice_n; i++) {
        buf_adds(out, i > 0 ? ",{\"id\":" : "{\"id\":");
        wire_put(out, o->choice[i].id);
        buf_adds(out, ",\"title\":");
        wire_put(out, o->choice[i].title);
        buf_addc(out, '}');
    }
    buf_adds(out, "],\"link\":");
    if (o->link.url != NULL)
        wire_put(out, o->link.url);
    else
        buf_adds(out, "null");
    if (o->footer != NULL) {
        buf_adds(out, ",\"footer\":");
        wire_put(out, o->footer);
    }
    buf_addc(out, '}');
}

static void json_answers(const struct flow *f, const struct answers *a, struct buf *out)
{
    const char *between = "";

    for (size_t q = 0; q < f->question_n; q++) {
        const struct answer *given = &a->of[q];
        if (given->kind == ANSWER_NONE) continue;
        buf_adds(out, between);
        wire_put(out, f->question[q].id);
        buf_addc(out, ':');
        wire_put(out, given->kind == ANSWER_GIVEN    ? f->question[q].answer[given->index].id
                      : given->kind == ANSWER_UNSURE ? "unsure"
                                                     : "skipped");
        between = ",";
    }
}

/* Where the conversation stands: the open question's id, "after" an advice, else "start". */
static void json_standing(const struct chat *chat, struct buf *out)
{
    const struct flow *f = content_script(chat->content)->flow;
    const struct conversation *c = &chat->c;
    struct advice adv = {.outcome = -1, .lean = -1};
    struct walk w;

    bool advised = c->question < 0 && answers_last(&c->answers, f) >= 0 &&
                   dialogue_walk(f, &c->answers, f->begin, &w) == 0 &&
                   f->state[w.state].kind == STATE_ADVISE && advice_compute(f, &c->answers, &adv) == 0;
    buf_adds(out, "\"state\":");
    wire_put(out, c->question >= 0 ? f->question[c->question].id : advised ? "after" : "start");
    buf_adds(out, ",\"answers\":{");
    json_answers(f, &c->answers, out);
    buf_adds(out, "},\"advice\":");
    if (advised)
        wire_put(out, f->outcome[adv.outcome].id);
    else
        buf_adds(out, "null");
    buf_adds(out, ",\"lean\":");
    if (adv.lean >= 0)
        wire_put(out, f->outcome[adv.lean].id);
    else
        buf_adds(out, "null");
}

static void show_json(const struct chat *chat, const char *line)
{
    struct buf out = {0};
    size_t said = 0;

    buf_adds(&out, "{\"in\":");
    wire_put(&out, line);
    buf_adds(&out, ",\"out\":[");
    for (size_t i = 0; i < chat->fx.n; i++) {
        if (chat->fx.effect[i].kind != EFFECT_SAY) continue;
        if (said++ > 0) buf_addc(&out, ',');
        json_outbound(&chat->fx.effect[i].say.out, &out);
    }
    buf_adds(&out, "],");
    json_standing(chat, &out);
    buf_adds(&out, "}\n");
    (void)fputs(buf_text(&out), stdout);
    buf_free(&out);
}

static void show(const struct chat *chat, const char *line)
{
    if (chat->json) {
        show_json(chat, line);
    } else {
        if (!chat->colour) (void)printf("> %s\n\n", line);
        for (size_t i = 0; i < chat->fx.n; i++)
            if (chat->fx.effect[i].kind == EFFECT_SAY)
                print_outbound(&chat->fx.effect[i].say.out, chat->colour);
    }
    (void)fflush(stdout);
}

/* ---- a turn ---- */

static int turn(struct chat *chat, const char *line, const struct message *what)
{
    struct message m = *what;
    char id[sizeof chat->last_id];
    struct err e = {0};

    (void)snprintf(id, sizeof id, "chat-%d", ++chat->number);
    m.id = id;
    m.name = chat->name;
    m.sent_ms = chat->now_ms;
    arena_reset(chat->arena);
    chat->fx = (struct effects){.arena = chat->arena};
    if (content_step(chat->content, &chat->c, &m, chat->now_ms, &chat->fx, &e) != 0) {
        (void)fprintf(stderr, "line %d: %s\n", chat->line, e.text);
        return EXIT_FAILED;
    }
    if (m.kind == MESSAGE_TEXT || m.kind == MESSAGE_MEDIA) memcpy(chat->last_id, id, sizeof id);
    show(chat, line);
    chat->now_ms += 1000;
    return EXIT_DONE;
}

static int bad_line(const struct chat *chat, const char *line, const char *expected)
{
    (void)fprintf(stderr, "line %d: '%s': expected %s\n", chat->line, line, expected);
    return EXIT_FAILED;
}

/* What the person points at: an id of the last message, a number in it, or an answer's own id at
 * the open question; anything else is taken as the id of a button of long ago. */
static const char *tapped(const struct chat *chat, const char *word)
{
    const struct flow *f = content_script(chat->content)->flow;
    const struct outbound *o = NULL;
    char *end;
    unsigned long number = strtoul(word, &end, 10);

    for (size_t i = 0; i < chat->fx.n; i++)
        if (chat->fx.effect[i].kind == EFFECT_SAY) o = &chat->fx.effect[i].say.out;
    if (o != NULL && *end == '\0' && number >= 1 && number <= o->choice_n) return o->choice[number - 1].id;
    if (chat->c.question >= 0 && strchr(word, '=') == NULL && strchr(word, ':') == NULL &&
        (strcmp(word, "unsure") == 0 || flow_answer_find(f, chat->c.question, word) >= 0))
        return arena_printf(chat->arena, "%s=%s", f->question[chat->c.question].id, word);
    return word;
}

static int do_tap(struct chat *chat, const char *line, const char *rest)
{
    if (*rest == '\0') return bad_line(chat, line, ":tap ID");
    const char *id = tapped(chat, rest);
    /* The id may live in the arena that the turn empties. */
    char *keep = strdup(id == NULL ? "" : id);
    struct message m = {.kind = MESSAGE_TAP, .choice = keep};
    int rc = keep == NULL ? EXIT_FAILED : turn(chat, line, &m);
    free(keep);
    return rc;
}

static int do_media(struct chat *chat, const char *line, const char *rest)
{
    struct message m = {.kind = MESSAGE_MEDIA};

    if (media_kind_from(rest, &m.media) != 0)
        return bad_line(
            chat, line,
            ":media voice, audio, image, video, document, sticker, location, contact, order or other");
    return turn(chat, line, &m);
}

static int do_react(struct chat *chat, const char *line, const char *rest)
{
    struct message m = {.kind = MESSAGE_REACTION, .text = rest, .about = "chat-0"};
    return turn(chat, line, &m);
}

static int do_edit(struct chat *chat, const char *line, const char *rest)
{
    char about[sizeof chat->last_id];

    if (*rest == '\0' || chat->last_id[0] == '\0')
        return bad_line(chat, line, "a message before it, and :edit TEXT");
    memcpy(about, chat->last_id, sizeof about);
    struct message m = {.kind = MESSAGE_EDIT, .text = rest, .about = about};
    return turn(chat, line, &m);
}

static int do_wait(struct chat *chat, const char *line, const char *rest)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    char *end;
    unsigned long n = strtoul(rest, &end, 10);

    for (size_t i = 0; end != rest && n <= 100000 && i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].unit) != 0) continue;
        chat->now_ms += (int64_t)n * units[i].ms;
        return EXIT_DONE;
    }
    return bad_line(chat, line, ":wait and a time like 90s, 10m, 24h or 3d");
}

static int do_quit(struct chat *chat, const char *line, const char *rest)
{
    (void)line;
    (void)rest;
    chat->ended = true;
    return EXIT_DONE;
}

static const struct {
    const char *word;
    int (*run)(struct chat *chat, const char *line, const char *rest);
} commands[] = {{":tap", do_tap},   {":media", do_media}, {":react", do_react},
                {":edit", do_edit}, {":wait", do_wait},   {":quit", do_quit}};

static int on_command(struct chat *chat, const char *line)
{
    size_t n = strcspn(line, " \t");
    const char *rest = line + n + strspn(line + n, " \t");

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strlen(commands[i].word) == n && strncmp(line, commands[i].word, n) == 0)
            return commands[i].run(chat, line, rest);
    return bad_line(chat, line, ":tap, :media, :react, :edit, :wait or :quit");
}

static int on_line(struct chat *chat, char *line)
{
    size_t n = strlen(line);

    chat->line++;
    while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL) line[--n] = '\0';
    if (n == 0) return EXIT_DONE;
    if (line[0] == ':') return on_command(chat, line);

    struct buf clean = {0};
    utf8_clean(line, n, &clean);
    struct message m = {.kind = MESSAGE_TEXT, .text = buf_text(&clean)};
    int rc = turn(chat, m.text, &m);
    buf_free(&clean);
    return rc;
}

/* ---- in ---- */

static int read_script(struct chat *chat)
{
    char *line = NULL;
    size_t size = 0;
    int rc = EXIT_DONE;

    while (rc == EXIT_DONE && !chat->ended && getline(&line, &size, stdin) >= 0) rc = on_line(chat, line);
    free(line);
    return rc;
}

static int read_person(struct chat *chat)
{
    char *line;

    (void)puts("Type as a customer would; a number picks a choice. :quit ends, --help tells of the rest.\n");
    while (!chat->ended && (line = readline("> ")) != NULL) {
        if (*line != '\0') (void)add_history(line);
        (void)putchar('\n');
        (void)on_line(chat, line); /* a slip of a person does not end the chat */
        free(line);
    }
    return EXIT_DONE;
}

int cmd_chat(int argc, char **argv)
{
    struct chat chat = {0};
    const struct option_spec specs[] = {{"--json", &chat.json, NULL}, {"--name", NULL, &chat.name}};
    struct config config = {0};
    struct content *content = NULL;
    bool ended;
    int rc = cmd_options(usage, specs, 2, argc, argv, &ended);

    if (ended || rc != EXIT_DONE) return rc;
    rc = cmd_open(argv[0], NULL, TOLD_FAULTS, &config, &content);
    if (rc == EXIT_DONE) rc = cmd_train(argv[0], content);
    chat.arena = arena_new(16384);
    if (rc == EXIT_DONE && chat.arena != NULL) {
        bool person = isatty(STDIN_FILENO) && !chat.json;
        log_open(stderr, config.log_level, config.log_format);
        chat.content = content;
        chat.colour = person && isatty(STDOUT_FILENO);
        chat.now_ms = clock_now_ms();
        conversation_begin(&chat.c, content_script(content)->locales[0]->code);
        rc = person ? read_person(&chat) : read_script(&chat);
    }
    arena_free(chat.arena);
    content_free(content);
    config_free(&config);
    return rc;
}
