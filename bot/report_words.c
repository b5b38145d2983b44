#include "report_words.h"

#include <stdbool.h>
#include <string.h>

#include <jansson.h>

/* Each in English and Dutch. */
struct words {
    const char *name, *en, *nl;
};

static const struct words parts[] = {
    {"person", "Known", "Bekend"},
    {"names", "Numbers and names", "Nummers en namen"},
    {"chats", "Conversation", "Gesprek"},
    {"messages", "What this person wrote", "Wat deze persoon schreef"},
    {"held", "Written a moment ago, the rest is waited for",
     "Zojuist geschreven, er wordt op de rest gewacht"},
    {"replies", "What was written to this person", "Wat er aan deze persoon geschreven is"},
    {"told", "What the human's desk was told", "Wat er aan de balie van de medewerker verteld is"},
    {"lines", "What the desk is yet to be told", "Wat er nog aan de balie verteld wordt"},
    {"topics", "Where at the desk", "Waar aan de balie"},
    {"mentions", "Rows of nobody in particular", "Regels van niemand in het bijzonder"},
};

static const struct words columns[] = {
    {"about_account", "of the account", "van het account"},
    {"account", "account", "account"},
    {"added", "added", "toegevoegd"},
    {"attempt", "attempts", "pogingen"},
    {"billed", "billed by the platform", "door het platform berekend"},
    {"buttons", "buttons", "knoppen"},
    {"changed", "changed", "gewijzigd"},
    {"channel", "channel", "kanaal"},
    {"choice", "button", "knop"},
    {"code", "code", "code"},
    {"content", "content", "inhoud"},
    {"created", "made", "gemaakt"},
    {"desk", "desk", "balie"},
    {"detail", "detail", "bijzonderheid"},
    {"due", "due", "aan de beurt"},
    {"flood", "writes too much at once (calm: no)", "schrijft te veel achter elkaar (calm: nee)"},
    {"heard", "last heard of (within a day)", "laatst van gehoord (op een dag na)"},
    {"held", "held since", "vastgehouden sinds"},
    {"holder", "the chat is with", "het gesprek is bij"},
    {"holder_since", "since", "sinds"},
    {"human", "written by the human (1, 2: yes)", "door de medewerker geschreven (1, 2: ja)"},
    {"kept_until", "kept until", "bewaard tot"},
    {"kind", "kind", "soort"},
    {"lists", "lists on their way to the desk, which may name this person",
     "lijsten onderweg naar de balie, waar deze persoon in kan staan"},
    {"media", "file", "bestand"},
    {"missed", "messages before it that were not kept", "berichten ervoor die niet bewaard zijn"},
    {"name", "name", "naam"},
    {"next_try", "next try", "volgende poging"},
    {"our_number", "our number", "ons nummer"},
    {"platform_id", "id of the platform", "id van het platform"},
    {"raw", "as it came in", "zoals het binnenkwam"},
    {"reason", "reason", "reden"},
    {"said_tally", "replies count until", "antwoorden tellen mee tot"},
    {"sent", "sent", "verstuurd"},
    {"since", "since", "sinds"},
    {"state", "state", "stand"},
    {"taken", "taken in", "ontvangen"},
    {"text", "text", "tekst"},
    {"text_until", "text kept until", "tekst bewaard tot"},
    {"thread", "topic", "onderwerp"},
    {"unread", "messages that could not be read and may name this person; erased along, not shown",
     "berichten die niet gelezen konden worden en deze persoon kunnen noemen; worden mee gewist, niet "
     "getoond"},
    {"updated", "saved", "opgeslagen"},
    {"value", "value", "waarde"},
    {"wake", "the clock acts at", "de klok doet iets om"},
    {"words", "typed last", "laatst getypt"},
    {"words_at", "typed at", "getypt om"},
    {"wrote", "last wrote", "schreef het laatst"},
    {"wrote_tally", "messages count until", "berichten tellen mee tot"},
};

static const struct words nothing = {"", "nothing", "niets"};
static const struct words answers_heading = {"", "Answers to the questions", "Antwoorden op de vragen"};
static const struct words in_words = {"", "the words in it", "de woorden erin"};
static const struct words doubtful = {"", " (not certain that it was meant)",
                                      " (niet zeker of het zo bedoeld is)"};
static const struct words how_long = {"", "How long, and what as a hash", "Hoe lang, en wat als hash"};
static const struct words hashes = {"",
                                    "Kept as a keyed hash alone, which cannot be read back: the username "
                                    "(kind: username), the ids of messages that "
                                    "came in (for 8 days, or as long as their text, so that none is handled "
                                    "twice), and the name of this chat in "
                                    "the log: ",
                                    "Alleen als versleutelde hash bewaard, niet terug te lezen: de "
                                    "gebruikersnaam (soort: username), de id's van "
                                    "berichten die binnenkwamen (8 dagen, of zo lang als hun tekst, zodat "
                                    "geen bericht twee keer behandeld wordt), en "
                                    "de naam van dit gesprek in het logboek: "};

struct page {
    FILE *to;
    bool dutch;
};

static const char *in(const struct page *p, const struct words *w)
{
    return p->dutch ? w->nl : w->en;
}

static const char *label(const struct page *p, const struct words *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0) return in(p, &all[i]);
    return name;
}

/* Nothing that somebody wrote may speak to the terminal. */
static void put(const struct page *p, const char *s)
{
    for (; *s != '\0'; s++) (void)fputc((unsigned char)*s < 0x20 || *s == 0x7f ? ' ' : *s, p->to);
}

static void heading(const struct page *p, const char *words)
{
    (void)fprintf(p->to, "\n%s\n", words);
}

/* The words within what a platform sent or was sent: the first of the names that either uses for them. */
static const char *words_in(json_t *tree)
{
    static const char *const names[] = {"body", "text", "caption", "title", "filename", "file_name"};
    const char *found = NULL, *key;
    json_t *value;
    size_t i;

    for (i = 0; found == NULL && i < sizeof names / sizeof *names; i++)
        found = json_string_value(json_object_get(tree, names[i]));
    if (found != NULL) return found;
    json_object_foreach(tree, key, value)
    {
        if (found == NULL) found = words_in(value);
    }
    json_array_foreach(tree, i, value)
    {
        if (found == NULL) found = words_in(value);
    }
    return found;
}

static void print_words(const struct page *p, const char *text)
{
    json_t *tree = json_loads(text, 0, NULL);
    const char *found = words_in(tree);

    if (found != NULL) {
        (void)fprintf(p->to, "%s: ", in(p, &in_words));
        put(p, found);
        (void)fputs("\n  ", p->to);
    }
    json_decref(tree);
}

static void print_row(const struct page *p, json_t *row)
{
    const char *name, *lead = "- ";
    json_t *value;

    json_object_foreach(row, name, value)
    {
        if (json_is_null(value)) continue;
        (void)fputs(lead, p->to);
        if (strcmp(name, "raw") == 0 || strcmp(name, "content") == 0)
            print_words(p, json_string_value(value));
        (void)fprintf(p->to, "%s: ", label(p, columns, sizeof columns / sizeof *columns, name));
        if (json_is_string(value))
            put(p, json_string_value(value));
        else
            (void)fprintf(p->to, "%lld", (long long)json_integer_value(value));
        (void)fputc('\n', p->to);
        lead = "  ";
    }
}

static void print_answers(const struct page *p, json_t *answers)
{
    json_t *answer;
    size_t i;

    heading(p, in(p, &answers_heading));
    json_array_foreach(answers, i, answer)
    {
        (void)fputs("- ", p->to);
        put(p, json_string_value(json_object_get(answer, "about")));
        (void)fputs(": ", p->to);
        put(p, json_string_value(json_object_get(answer, "words")));
        if (json_is_true(json_object_get(answer, "doubtful"))) (void)fputs(in(p, &doubtful), p->to);
        (void)fputc('\n', p->to);
    }
    if (json_array_size(answers) == 0) (void)fprintf(p->to, "- %s\n", in(p, &nothing));
}

static void print_part(const struct page *p, const char *name, json_t *rows)
{
    json_t *row;
    size_t i;

    heading(p, label(p, parts, sizeof parts / sizeof *parts, name));
    json_array_foreach(rows, i, row)
    {
        print_row(p, row);
    }
    if (json_array_size(rows) == 0) (void)fprintf(p->to, "- %s\n", in(p, &nothing));
}

static const char *string_of(const json_t *answer, const char *name)
{
    const char *s = json_string_value(json_object_get(answer, name));
    return s == NULL ? "?" : s;
}

void report_print(const char *json, const char *language, FILE *to)
{
    const struct page p = {.to = to, .dutch = strcmp(language, "nl") == 0};
    json_t *answer = json_loads(json, 0, NULL), *rows;
    const char *name;

    (void)fprintf(to, p.dutch ? "Wat er over %s bewaard wordt\n" : "What is kept about %s\n",
                  string_of(answer, "person"));
    (void)fprintf(to,
                  p.dutch ? "Opgemaakt op %s; alle tijden zijn UTC.\n" : "Made at %s; all times are UTC.\n",
                  string_of(answer, "at"));
    print_answers(&p, json_object_get(answer, "answers"));
    json_object_foreach(json_object_get(answer, "kept"), name, rows)
    {
        print_part(&p, name, rows);
    }
    heading(&p, in(&p, &how_long));
    (void)fprintf(to,
                  p.dutch
                      ? "Teksten worden %d dagen bewaard, antwoorden en nummers tot %d dagen na het laatste "
                        "bericht.\n"
                      : "Texts are kept for %d days, answers and numbers until %d days after the last "
                        "message.\n",
                  (int)json_integer_value(json_object_get(answer, "texts_days")),
                  (int)json_integer_value(json_object_get(answer, "answers_days")));
    (void)fprintf(to, "%s%s\n", in(&p, &hashes), string_of(answer, "log_name"));
    json_decref(answer);
}
