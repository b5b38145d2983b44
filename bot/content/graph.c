/* graph.c -- the flow as a picture's source: Graphviz DOT, or Mermaid as GitHub draws it. */
#include <limits.h>
#include <string.h>

#include "buf.h"
#include "business.h"
#include "flow.h"
#include "parts.h"
#include "text.h"
#include "utf8.h"

/* Enough of a question to know it by; whole ones make boxes nobody can read. */
enum { LABEL_POINTS_MAX = 48 };

struct picture {
    const struct flow *f;
    const struct locale *l;
    struct params p;
    enum graph_format format;
    FILE *out;
};

/* ---- what the formats differ in ---- */

enum { OUTCOME_NODE = STATE_KIND_N, NODE_KINDS };

static const struct {
    const char *dot;          /* attributes               */
    const char *open, *close; /* Mermaid's brackets       */
} shapes[] = {
    [STATE_ASK] = {"shape=box, style=rounded", "(", ")"},
    [STATE_SAY] = {"shape=note", "[/", "/]"},
    [STATE_BRANCH] = {"shape=diamond", "{", "}"},
    [STATE_ADVISE] = {"shape=hexagon", "{{", "}}"},
    [STATE_MENU] = {"shape=folder", "([", "])"},
    [OUTCOME_NODE] = {"shape=box, style=filled, fillcolor=lightgrey", "[[", "]]"},
};
_Static_assert(sizeof shapes / sizeof *shapes == NODE_KINDS, "draw each");

static const char *escape_dot(char c)
{
    return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n" : NULL;
}

/* Mermaid reads "#name;" as a character; the rest it would take for HTML or Markdown. */
static const char *escape_mermaid(char c)
{
    switch (c) {
    case '"': return "#quot;";
    case '#': return "#35;";
    case '<': return "#lt;";
    case '>': return "#gt;";
    case '&': return "#amp;";
    case '`': return "#96;";
    case '\n': return "<br/>";
    default: return NULL;
    }
}

static void put_label(const struct picture *pic, const char *s)
{
    for (; *s != '\0'; s++) {
        const char *escaped = pic->format == GRAPH_DOT ? escape_dot(*s) : escape_mermaid(*s);
        if (escaped != NULL)
            (void)fputs(escaped, pic->out);
        else
            (void)fputc(*s, pic->out);
    }
}

/* States and outcomes may share an id, and "end" is a word of Mermaid's: hence the prefix. */
static const char *prefix(int kind)
{
    return kind == OUTCOME_NODE ? "outcome_" : "state_";
}

static void put_node(const struct picture *pic, int kind, const char *id, const char *label)
{
    (void)fprintf(pic->out, "    %s%s", prefix(kind), id);
    (void)fprintf(pic->out, "%s\"", pic->format == GRAPH_DOT ? " [label=" : shapes[kind].open);
    put_label(pic, label);
    if (pic->format == GRAPH_DOT)
        (void)fprintf(pic->out, "\", %s]\n", shapes[kind].dot);
    else
        (void)fprintf(pic->out, "\"%s\n", shapes[kind].close);
}

/* Dashed: a button leads there, not an answer. */
static void put_edge(const struct picture *pic, const char *from, int to_kind, const char *to,
                     const char *label, bool dashed)
{
    const char *line = pic->format == GRAPH_DOT ? "->" : dashed ? "-.->" : "-->";

    (void)fprintf(pic->out, "    state_%s %s ", from, line);
    if (pic->format == GRAPH_MERMAID && *label != '\0') {
        (void)fputs("|\"", pic->out);
        put_label(pic, label);
        (void)fputs("\"| ", pic->out);
    }
    (void)fprintf(pic->out, "%s%s", prefix(to_kind), to);
    if (pic->format == GRAPH_DOT) {
        (void)fputs(" [label=\"", pic->out);
        put_label(pic, label);
        (void)fprintf(pic->out, "\"%s]", dashed ? ", style=dashed" : "");
    }
    (void)fputc('\n', pic->out);
}

/* ---- words ---- */

/* A text with its places filled in, without marks of bold, cut. */
static void add_text(const struct picture *pic, int text, struct buf *out)
{
    struct buf whole = {0};

    text_write(pic->l, text, &pic->p, &whole);
    const char *s = buf_text(&whole);
    size_t cut = utf8_cut(s, LABEL_POINTS_MAX);
    for (size_t i = 0; i < cut; i++)
        if (s[i] != '*') buf_addc(out, s[i] == '\n' ? ' ' : s[i]);
    if (s[cut] != '\0') buf_adds(out, "…");
    buf_free(&whole);
}

static void add_range(struct buf *out, const char *name, const struct range *r)
{
    if (r->from == 0 && r->to == INT_MAX) return;
    buf_addf(out, "%s%s %d", out->len > 0 && out->data[out->len - 1] != '\n' ? ", " : "", name, r->from);
    if (r->to == INT_MAX)
        buf_adds(out, " or more");
    else if (r->to != r->from)
        buf_addf(out, "-%d", r->to);
}

/* ---- one state after another ---- */

/* Answers that lead to the same state share an arrow. */
static void draw_answers(const struct picture *pic, const struct flow_state *s)
{
    const struct flow_question *q = &pic->f->question[s->question];
    struct buf label = {0};

    for (int to = 0; to < (int)pic->f->state_n; to++) {
        buf_clear(&label);
        for (size_t i = 0; i < q->answer_n; i++) {
            if (q->answer[i].to != to) continue;
            if (label.len > 0) buf_addc(&label, '\n');
            add_text(pic, q->answer[i].label, &label);
            buf_addf(&label, " +%d%s", q->answer[i].points, q->answer[i].decisive ? " (decisive)" : "");
        }
        if (q->unsure_to == to) {
            if (label.len > 0) buf_addc(&label, '\n');
            add_text(pic, TEXT_UNSURE_LABEL, &label);
        }
        if (label.len > 0) put_edge(pic, s->id, STATE_ASK, pic->f->state[to].id, buf_text(&label), false);
    }
    buf_free(&label);
}

static void draw_cases(const struct picture *pic, const struct flow_state *s)
{
    struct buf label = {0};

    for (size_t i = 0; i < s->case_n; i++) {
        const struct flow_question *q = &pic->f->question[s->cases[i].question];
        buf_clear(&label);
        buf_addf(&label, "%s:", q->id);
        for (size_t a = 0; a < q->answer_n; a++)
            if ((s->cases[i].answers & (1u << a)) != 0) buf_addf(&label, " %s", q->answer[a].id);
        if ((s->cases[i].answers & (1u << FLOW_ANSWERS_MAX)) != 0) buf_adds(&label, " unsure");
        put_edge(pic, s->id, STATE_ASK, pic->f->state[s->cases[i].to].id, buf_text(&label), false);
    }
    put_edge(pic, s->id, STATE_ASK, pic->f->state[s->to].id, "else", false);
    buf_free(&label);
}

static void draw_outcomes(const struct picture *pic, const struct flow_state *s)
{
    struct buf label = {0};

    for (size_t i = 0; i < pic->f->outcome_n; i++) {
        const struct flow_outcome *o = &pic->f->outcome[i];
        buf_clear(&label);
        for (size_t r = 0; r < o->rule_n; r++) {
            if (label.len > 0) buf_addc(&label, '\n');
            add_range(&label, "points", &o->rule[r].points);
            add_range(&label, "unsure", &o->rule[r].unsure);
            add_range(&label, "other points", &o->rule[r].other_points);
        }
        put_edge(pic, s->id, OUTCOME_NODE, o->id, buf_text(&label), false);
    }
    buf_free(&label);
}

static void draw_roads(const struct picture *pic, const struct flow_state *s)
{
    switch (s->kind) {
    case STATE_ASK: draw_answers(pic, s); break;
    case STATE_BRANCH: draw_cases(pic, s); break;
    case STATE_SAY: put_edge(pic, s->id, STATE_ASK, pic->f->state[s->to].id, "", false); break;
    case STATE_ADVISE: draw_outcomes(pic, s); break;
    default: break;
    }
    for (size_t i = 0; i < s->option_n; i++) {
        const struct flow_option *o = &s->option[i];
        if (o->kind == OPTION_STATE)
            put_edge(pic, s->id, STATE_MENU, pic->f->state[o->index].id, "", true);
        else if (o->kind == OPTION_COMMAND && pic->f->command[o->index].verb == VERB_BEGIN)
            put_edge(pic, s->id, STATE_ASK, pic->f->state[pic->f->begin].id, "", true);
    }
}

static void draw_state(const struct picture *pic, const struct flow_state *s)
{
    struct buf label = {0};

    buf_adds(&label, s->id);
    if (s->kind == STATE_ASK || s->text >= 0) {
        buf_addc(&label, '\n');
        add_text(pic, s->kind == STATE_ASK ? pic->f->question[s->question].ask : s->text, &label);
    }
    for (size_t i = 0; i < s->option_n; i++) {
        buf_adds(&label, "\n• ");
        add_text(pic, s->option[i].label, &label);
    }
    put_node(pic, (int)s->kind, s->id, buf_text(&label));
    buf_free(&label);
}

static void draw(const struct picture *pic)
{
    struct buf label = {0};

    for (size_t i = 0; i < pic->f->state_n; i++) draw_state(pic, &pic->f->state[i]);
    for (size_t i = 0; i < pic->f->outcome_n; i++) {
        buf_clear(&label);
        add_text(pic, pic->f->outcome[i].name, &label);
        put_node(pic, OUTCOME_NODE, pic->f->outcome[i].id, buf_text(&label));
    }
    for (size_t i = 0; i < pic->f->state_n; i++) draw_roads(pic, &pic->f->state[i]);
    buf_free(&label);
}

void content_graph(const struct content *c, enum graph_format format, const char *locale, FILE *out)
{
    const struct business *b = c->business;
    struct picture pic = {.f = c->flow, .l = c->locale[0], .format = format, .out = out};

    for (size_t i = 0; locale != NULL && i < c->locale_n; i++)
        if (strcmp(c->locale[i]->code, locale) == 0) pic.l = c->locale[i];
    pic.p.value[PARAM_BUSINESS] = b->name;
    pic.p.value[PARAM_HUMAN] = b->human;
    if (format == GRAPH_DOT)
        (void)fputs("digraph flow {\n"
                    "    rankdir=TB\n"
                    "    node [fontname=\"sans-serif\", fontsize=11]\n"
                    "    edge [fontname=\"sans-serif\", fontsize=10]\n",
                    out);
    else
        (void)fputs("flowchart TD\n", out);
    draw(&pic);
    if (format == GRAPH_DOT) (void)fputs("}\n", out);
}
