#include "menu.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "content.h"
#include "err.h"
#include "graph.h"
#include "http_client.h"
#include "log.h"
#include "rig.h"
#include "unit.h"

int test_menu(void);

#define TOKEN "700900:rig-telegram-token-0123456789abcdef"

struct works {
    struct rig rig;
    struct graph graph;
    struct http_client *client;
    struct menu menu;
};

static int begin(void **state)
{
    struct works *w = calloc(1, sizeof *w);
    struct err e = {0};
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, base, NULL};

    if (w == NULL) return -1;
    graph_start(&w->graph, false);
    (void)snprintf(base, sizeof base, "TELEGRAM_API_BASE=http://127.0.0.1:%d", w->graph.port);
    rig_open(&w->rig, "sqlite::memory:", w->graph.port, more);
    rig_content(&w->rig);
    *state = w;
    return http_client_new(2, &w->client, &e);
}

static int end(void **state)
{
    struct works *w = *state;

    http_client_free(w->client);
    rig_close(&w->rig);
    graph_free(&w->graph);
    free(w);
    return 0;
}

static void offer(struct works *w, enum platform_id platform)
{
    menu_offer(&w->menu, &w->rig.platform[platform], content_script(w->rig.content), w->client);
}

static void finish(struct works *w, int status)
{
    graph_wait(&w->graph, w->client, 2);
    for (size_t i = 0; i < 2; i++) graph_answer(&w->graph, i, status, "{}");
    for (int k = 0; k < 60000 && http_client_open(w->client) > 0; k++) http_client_poll(w->client, 1);
    assert_int_equal(http_client_open(w->client), 0);
}

/* The description of `name` in what was asked; NULL: it is not among the commands. */
static char *described(struct works *w, size_t i, const char *name)
{
    json_t *body = json_loads(graph_body(&w->graph, i), 0, NULL), *command;
    char *found = NULL;
    size_t k;

    assert_non_null(body);
    json_array_foreach(json_object_get(body, "commands"), k, command)
    {
        const char *description = json_string_value(json_object_get(command, "description"));
        assert_true(description != NULL && *description != '\0');
        if (strcmp(json_string_value(json_object_get(command, "command")), name) == 0)
            found = strdup(description);
    }
    json_decref(body);
    return found;
}

static void expect_described(struct works *w, size_t i, const char *name, const char *description)
{
    char *is = described(w, i, name);

    if (description == NULL)
        assert_null(is);
    else if (is == NULL)
        fail_msg("'%s' is not offered", name);
    else
        assert_string_equal(is, description);
    free(is);
}

static void each_language_has_the_commands_that_have_a_button(void **state)
{
    struct works *w = *state;

    offer(w, PLATFORM_TELEGRAM);
    graph_wait(&w->graph, w->client, 2);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(graph_path(&w->graph, i), "/bot" TOKEN "/setMyCommands");
    size_t en = graph_find(&w->graph, "\"language_code\":\"en\""), nl = 1 - en;
    assert_null(strstr(graph_body(&w->graph, nl), "language_code"));
    expect_described(w, nl, "human", "Praat met Elisah");
    expect_described(w, nl, "language_en", "In English");
    expect_described(w, nl, "back", "E\xC3\xA9n vraag terug");
    expect_described(w, en, "back", "Back one question");
    expect_described(w, nl, "thanks", NULL); /* said, not tapped */
    expect_described(w, en, "skip", NULL);
    finish(w, 200);
    assert_false(w->menu.told);
}

/* The log is looked at while no other thread writes to it: before the works are there, and after. */
static void trouble_is_told_once_and_harms_nothing(void **state)
{
    char *log = NULL;
    size_t n = 0;
    FILE *sink = open_memstream(&log, &n);

    assert_non_null(sink);
    log_open(sink, LOG_DEBUG, LOG_LOGFMT);
    assert_int_equal(begin(state), 0);
    offer(*state, PLATFORM_TELEGRAM);
    finish(*state, 404);
    (void)end(state);
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(sink), 0);
    const char *first = strstr(log, "at=menu");
    assert_non_null(first);
    assert_non_null(strstr(first, "status=404"));
    assert_null(strstr(first + 1, "at=menu"));
    assert_null(strstr(log, "rig-telegram-token"));
    free(log);
}

static void a_platform_that_is_off_is_offered_nothing(void **state)
{
    struct works *w = *state;

    w->rig.platform[PLATFORM_TELEGRAM].on = false;
    offer(w, PLATFORM_TELEGRAM);
    assert_int_equal(http_client_open(w->client), 0);
}

int test_menu(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_language_has_the_commands_that_have_a_button, begin, end),
        cmocka_unit_test(trouble_is_told_once_and_harms_nothing),
        cmocka_unit_test_setup_teardown(a_platform_that_is_off_is_offered_nothing, begin, end),
    };
    return UNIT_RUN(tests);
}
