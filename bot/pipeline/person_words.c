#include "person_words.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "content.h"
#include "dialogue.h"
#include "err.h"
#include "kept.h"
#include "store.h"
#include "text.h"
#include "turn.h"

json_t *person_time(int64_t at_ms)
{
    time_t seconds = (time_t)(at_ms / 1000);
    char text[32];
    struct tm tm;

    if (at_ms == 0) return json_null();
    if (at_ms == OUTBOX_KEPT_MS) return json_string("when they write");
    if (gmtime_r(&seconds, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return json_integer(at_ms);
    return json_string(text);
}

static const char *ends_in_ms(const char *name)
{
    size_t n = strlen(name);

    return n > 3 && strcmp(name + n - 3, "_ms") == 0 ? name + n - 3 : NULL;
}

/* What is no UTF-8 cannot stand in JSON; nothing of the kind is ever stored. */
static json_t *text_of(const char *text)
{
    json_t *s = json_string(text);

    return s != NULL ? s : json_string("?");
}

json_t *person_row(const struct kept_value *v, size_t n)
{
    json_t *row = json_object();
    char name[64];
    bool failed = row == NULL;

    for (size_t i = 0; i < n; i++) {
        const char *ms = ends_in_ms(v[i].name);
        size_t length = ms != NULL ? (size_t)(ms - v[i].name) : strlen(v[i].name);
        if (length >= sizeof name) continue;
        memcpy(name, v[i].name, length);
        name[length] = '\0';
        json_t *value = v[i].nothing        ? json_null()
                        : v[i].text != NULL ? text_of(v[i].text)
                        : ms != NULL        ? person_time(v[i].number)
                                            : json_integer(v[i].number);
        failed |= json_object_set_new(row, name, value) != 0;
    }
    if (!failed) return row;
    json_decref(row);
    return NULL;
}

/* ---- answers ---- */

static json_t *words(const struct locale *l, int text)
{
    static const struct params nothing;
    struct buf b = {0};

    text_write(l, text, &nothing, &b);
    json_t *s = json_string(buf_text(&b));
    buf_free(&b);
    return s;
}

static json_t *answer_of(const struct flow *f, const struct locale *l, const struct answer *a, int q)
{
    static const char *const kinds[] = {[ANSWER_NONE] = "",
                                        [ANSWER_GIVEN] = "given",
                                        [ANSWER_UNSURE] = "unsure",
                                        [ANSWER_SKIPPED] = "skipped"};
    const struct flow_question *question = &f->question[q];
    json_t *o = json_object();
    int text = a->kind == ANSWER_GIVEN     ? question->answer[a->index].label
               : a->kind == ANSWER_SKIPPED ? TEXT_SKIPPED_LABEL
                                           : TEXT_UNSURE_LABEL;

    (void)json_object_set_new(o, "question", json_string(question->id));
    (void)json_object_set_new(o, "about", words(l, question->noun));
    (void)json_object_set_new(
        o, "answer", json_string(a->kind == ANSWER_GIVEN ? question->answer[a->index].id : kinds[a->kind]));
    (void)json_object_set_new(o, "words", words(l, text));
    (void)json_object_set_new(o, "doubtful", json_boolean(a->doubtful));
    return o;
}

static void add_answers(const struct script *s, const char *text, json_t *out)
{
    struct conversation c;
    struct err e;

    if (text == NULL || conversation_read(&c, s->flow, text, &e) != 0) return;
    const struct locale *l = dialogue_locale(s, &c);
    for (int q = 0; q < (int)s->flow->question_n; q++)
        if (c.answers.of[q].kind != ANSWER_NONE)
            (void)json_array_append_new(out, answer_of(s->flow, l, &c.answers.of[q], q));
}

json_t *person_answers(struct turns *t, json_t *chats)
{
    json_t *out = json_array(), *chat;
    size_t i;

    if (t->content == NULL) return out;
    json_array_foreach(chats, i, chat)
    {
        add_answers(content_script(t->content), json_string_value(json_object_get(chat, "text")), out);
    }
    return out;
}
