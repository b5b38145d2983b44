#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "env_file.h"
#include "rig.h"

int test_config(void);

/* What was read, and what was complained of. */
struct reading {
    struct config c;
    int rc;
    char *faults;
    size_t n;
};

static void read_settings(struct reading *r, const char *const *environment, const char *env_file)
{
    *r = (struct reading){0};
    FILE *out = open_memstream(&r->faults, &r->n);
    assert_non_null(out);
    r->rc = config_read(&r->c, (char *const *)environment, env_file, out); /* as in environ(7) */
    assert_int_equal(fclose(out), 0);
}

static void reading_end(struct reading *r)
{
    config_free(&r->c);
    free(r->faults);
}

static void expect_line(const struct reading *r, const char *line)
{
    const char *at = strstr(r->faults, line);
    size_t n = strlen(line);

    if (at == NULL || (at != r->faults && at[-1] != '\n') || at[n] != '\n')
        fail_msg("expected the line '%s' in:\n%s", line, r->faults);
}

/* One setting alone is wrong, and this is all that is said. */
static void expect_fault(const char *setting, const char *line)
{
    const char *const environment[] = {setting, NULL};
    struct reading r;

    read_settings(&r, environment, NULL);
    assert_int_equal(r.rc, -1);
    expect_line(&r, line);
    assert_int_equal(r.n, strlen(line) + 1);
    reading_end(&r);
}

static void expect_fine(const char *setting)
{
    const char *const environment[] = {setting, NULL};
    struct reading r;

    read_settings(&r, environment, NULL);
    if (r.rc != 0) fail_msg("'%s' was refused: %s", setting, r.faults);
    assert_int_equal(r.n, 0);
    reading_end(&r);
}

static void without_any_setting_the_defaults_hold(void **state)
{
    const char *const environment[] = {NULL};
    struct reading r;
    (void)state;
    read_settings(&r, environment, NULL);
    assert_int_equal(r.rc, 0);
    assert_string_equal(r.c.listen_address, "127.0.0.1");
    assert_int_equal(r.c.listen_port, 8080);
    assert_string_equal(r.c.admin_address, "127.0.0.1");
    assert_int_equal(r.c.admin_port, 9090);
    assert_null(r.c.tls_certificate);
    assert_string_equal(r.c.database_url, "sqlite:data/mailwijzer.db");
    assert_false(r.c.whatsapp);
    assert_string_equal(r.c.whatsapp_api_base, "https://graph.facebook.com");
    assert_string_equal(r.c.whatsapp_api_version, "v25.0");
    assert_int_equal(r.c.whatsapp_receipt, RECEIPT_OFF);
    assert_int_equal(r.c.burst_wait_ms, 1500);
    assert_null(r.c.telegram_bot_token);
    assert_false(r.c.telegram_webhook);
    assert_null(r.c.telegram_webhook_secret);
    assert_string_equal(r.c.telegram_api_base, "https://api.telegram.org");
    assert_string_equal(r.c.flow, "flows/mailkeuze.json");
    assert_string_equal(r.c.business, "flows/business.json");
    assert_string_equal(r.c.locales, "locales");
    assert_string_equal(r.c.locale, "nl");
    assert_int_equal(r.c.retain_text_days, 30);
    assert_int_equal(r.c.retain_answers_days, 365);
    assert_int_equal(r.c.confinement, CONFINEMENT_ON);
    assert_int_equal(r.c.log_level, LOG_INFO);
    assert_int_equal(r.c.log_format, LOG_LOGFMT);
    reading_end(&r);
}

static void every_setting_arrives(void **state)
{
    const char *const environment[] = {"HTTP_LISTEN=[::1]:0",
                                       "ADMIN_LISTEN=localhost:0",
                                       "TLS_CERTIFICATE=c.pem",
                                       "TLS_KEY=k.pem",
                                       "DATABASE_URL=sqlite:x.db",
                                       "WHATSAPP_VERIFY_TOKEN=a word of ours",
                                       "WHATSAPP_APP_SECRET=s",
                                       "WHATSAPP_ACCESS_TOKEN=EAAt",
                                       "WHATSAPP_PHONE_NUMBER_ID=700800",
                                       "WHATSAPP_API_BASE=http://localhost:9/x",
                                       "WHATSAPP_API_VERSION=v26.0",
                                       "WHATSAPP_READ_RECEIPT=typing",
                                       "TELEGRAM_MODE=webhook",
                                       "TELEGRAM_WEBHOOK_SECRET=Az09_-",
                                       "BURST_WAIT_MS=10000",
                                       "FLOOD_LIMIT=off",
                                       "FLOW=f",
                                       "BUSINESS=b",
                                       "LOCALES=l",
                                       "LOCALE=en",
                                       "RETAIN_TEXT_DAYS=1",
                                       "RETAIN_ANSWERS_DAYS=3650",
                                       "CONFINE=log",
                                       "LOG_LEVEL=error",
                                       "LOG_FORMAT=json",
                                       NULL};
    struct reading r;
    (void)state;
    read_settings(&r, environment, NULL);
    assert_string_equal(r.faults, "");
    assert_string_equal(r.c.listen_address, "::1");
    assert_int_equal(r.c.listen_port, 0);
    assert_string_equal(r.c.admin_address, "localhost");
    assert_int_equal(r.c.admin_port, 0);
    assert_string_equal(r.c.tls_certificate, "c.pem");
    assert_string_equal(r.c.tls_key, "k.pem");
    assert_string_equal(r.c.database_url, "sqlite:x.db");
    assert_true(r.c.whatsapp);
    assert_string_equal(r.c.whatsapp_verify_token, "a word of ours");
    assert_string_equal(r.c.whatsapp_app_secret, "s");
    assert_string_equal(r.c.whatsapp_access_token, "EAAt");
    assert_string_equal(r.c.whatsapp_phone_number_id, "700800");
    assert_string_equal(r.c.whatsapp_api_base, "http://localhost:9/x");
    assert_string_equal(r.c.whatsapp_api_version, "v26.0");
    assert_int_equal(r.c.whatsapp_receipt, RECEIPT_TYPING);
    assert_true(r.c.telegram_webhook);
    assert_string_equal(r.c.telegram_webhook_secret, "Az09_-");
    assert_int_equal(r.c.burst_wait_ms, 10000);
    assert_false(r.c.flood_limit);
    assert_string_equal(r.c.flow, "f");
    assert_string_equal(r.c.business, "b");
    assert_string_equal(r.c.locales, "l");
    assert_string_equal(r.c.locale, "en");
    assert_int_equal(r.c.retain_text_days, 1);
    assert_int_equal(r.c.retain_answers_days, 3650);
    assert_int_equal(r.c.confinement, CONFINEMENT_LOG);
    assert_int_equal(r.c.log_level, LOG_ERROR);
    assert_int_equal(r.c.log_format, LOG_JSON);
    reading_end(&r);
}

static void a_wrong_setting_is_named_with_what_was_expected(void **state)
{
    static const char listen[] = "address:port, like 127.0.0.1:8080 or [::1]:8080";
    static const char *const bad_listens[] = {"8080",     "127.0.0.1:",  "127.0.0.1:65536",
                                              ":8080",    "localhost:x", "http://0.0.0.0:80/",
                                              "::1:8080", "[]:8080"};
    char setting[128], line[256];
    (void)state;
    for (size_t i = 0; i < sizeof bad_listens / sizeof *bad_listens; i++) {
        (void)snprintf(setting, sizeof setting, "HTTP_LISTEN=%s", bad_listens[i]);
        (void)snprintf(line, sizeof line, "HTTP_LISTEN: '%s' is not %s", bad_listens[i], listen);
        expect_fault(setting, line);
    }
    expect_fault("ADMIN_LISTEN=9090",
                 "ADMIN_LISTEN: '9090' is not address:port, like 127.0.0.1:8080 or [::1]:8080");
    expect_fault("TLS_KEY=k.pem", "TLS_CERTIFICATE: missing: certificate and key go together");
    expect_fault("TLS_CERTIFICATE=c.pem", "TLS_KEY: missing: certificate and key go together");
    expect_fault("WHATSAPP_API_VERSION=25", "WHATSAPP_API_VERSION: '25' is not a version like v25.0");
    expect_fault("WHATSAPP_API_VERSION=v25", "WHATSAPP_API_VERSION: 'v25' is not a version like v25.0");
    expect_fault("WHATSAPP_API_VERSION=v.", "WHATSAPP_API_VERSION: 'v.' is not a version like v25.0");
    expect_fault("WHATSAPP_READ_RECEIPT=yes", "WHATSAPP_READ_RECEIPT: 'yes' is not off, read or typing");
    expect_fault("TELEGRAM_BOT_TOKEN=700900",
                 "TELEGRAM_BOT_TOKEN: expected digits, a colon and a long word, as BotFather gives it");
    expect_fault("TELEGRAM_API_BASE=http://example.org",
                 "TELEGRAM_API_BASE: 'http://example.org' is not an https:// address without user or query "
                 "(http:// only on this machine)");
    expect_fine("TELEGRAM_BOT_TOKEN=700900:rig-telegram-token-0123456789abcdef");
    expect_fault("TELEGRAM_MODE=push", "TELEGRAM_MODE: 'push' is not poll or webhook");
    expect_fault("BURST_WAIT_MS=10001", "BURST_WAIT_MS: '10001' is not milliseconds from 0 to 10000");
    expect_fault("BURST_WAIT_MS=1.5s", "BURST_WAIT_MS: '1.5s' is not milliseconds from 0 to 10000");
    expect_fine("BURST_WAIT_MS=0");
    expect_fine("CONFINE=off");
    expect_fault("FLOOD_LIMIT=0", "FLOOD_LIMIT: '0' is not off or on");
    expect_fault("RETAIN_TEXT_DAYS=0", "RETAIN_TEXT_DAYS: '0' is not a number of days from 1 to 3650");
    expect_fault("RETAIN_TEXT_DAYS=30d", "RETAIN_TEXT_DAYS: '30d' is not a number of days from 1 to 3650");
    expect_fault("RETAIN_ANSWERS_DAYS=3651",
                 "RETAIN_ANSWERS_DAYS: '3651' is not a number of days from 1 to 3650");
    expect_fault("RETAIN_ANSWERS_DAYS=99999999999999999999",
                 "RETAIN_ANSWERS_DAYS: '99999999999999999999' is not a number of days from 1 to 3650");
    expect_fault("CONFINE=no", "CONFINE: 'no' is not on, off or log");
    expect_fault("LOG_LEVEL=INFO", "LOG_LEVEL: 'INFO' is not debug, info, warn or error");
    expect_fault("LOG_FORMAT=text", "LOG_FORMAT: 'text' is not logfmt or json");
}

static void several_faults_are_told_in_one_run(void **state)
{
    const char *const environment[] = {"LOG_LEVEL=loud", "HTTP_LISTEN=here", "RETAIN_TEXT_DAYS=-1", NULL};
    struct reading r;
    (void)state;
    read_settings(&r, environment, NULL);
    assert_int_equal(r.rc, -1);
    expect_line(&r, "LOG_LEVEL: 'loud' is not debug, info, warn or error");
    expect_line(&r, "HTTP_LISTEN: 'here' is not address:port, like 127.0.0.1:8080 or [::1]:8080");
    expect_line(&r, "RETAIN_TEXT_DAYS: '-1' is not a number of days from 1 to 3650");
    reading_end(&r);
}

static void some_of_the_four_whatsapp_settings_name_the_others(void **state)
{
    const char *const environment[] = {"WHATSAPP_APP_SECRET=hush", "WHATSAPP_PHONE_NUMBER_ID=1", NULL};
    struct reading r;
    (void)state;
    read_settings(&r, environment, NULL);
    assert_int_equal(r.rc, -1);
    assert_false(r.c.whatsapp);
    expect_line(&r,
                "WHATSAPP_VERIFY_TOKEN: missing: a word of your own, given to Meta with the callback URL");
    expect_line(&r, "WHATSAPP_ACCESS_TOKEN: missing: a system user's token that does not expire");
    assert_null(strstr(r.faults, "WHATSAPP_APP_SECRET"));
    assert_null(strstr(r.faults, "WHATSAPP_PHONE_NUMBER_ID"));
    reading_end(&r);
}

static void a_webhook_of_telegrams_needs_a_secret_that_fits(void **state)
{
    static const char expected[] =
        "TELEGRAM_WEBHOOK_SECRET: expected 1 to 256 letters (A-Z, a-z), digits, '_' and '-'";
    char longest[300];
    (void)state;
    expect_fault("TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET: missing: a word of your own, given to "
                                          "setWebhook as secret_token");
    expect_fault("TELEGRAM_WEBHOOK_SECRET=two words", expected);
    expect_fault("TELEGRAM_WEBHOOK_SECRET=caf\xC3\xA9", expected);
    int n = snprintf(longest, sizeof longest, "TELEGRAM_WEBHOOK_SECRET=%0256d", 0);
    expect_fine(longest);
    longest[n] = '0';
    longest[n + 1] = '\0';
    expect_fault(longest, expected);
    expect_fine("TELEGRAM_MODE=poll");
}

/* Also not one that was pasted into the wrong line. */
static void no_secret_is_ever_shown(void **state)
{
    const char *const environment[] = {"WHATSAPP_VERIFY_TOKEN=hush1",
                                       "WHATSAPP_APP_SECRET=hush2 two words",
                                       "WHATSAPP_ACCESS_TOKEN=hush3\ntwo lines",
                                       "WHATSAPP_PHONE_NUMBER_ID=hush4",
                                       "WHATSAPP_API_BASE=https://me:hush5@graph.example",
                                       "DATABASE_URL=postgresql://me:hush6@db/x",
                                       "TELEGRAM_WEBHOOK_SECRET=hush7!",
                                       NULL};
    struct reading r;
    (void)state;
    read_settings(&r, environment, NULL);
    assert_int_equal(r.rc, -1);
    assert_null(strstr(r.faults, "hush"));
    expect_line(&r, "WHATSAPP_APP_SECRET: expected one word, as Meta shows it");
    expect_line(&r, "WHATSAPP_ACCESS_TOKEN: expected one word, as Meta shows it");
    expect_line(&r, "WHATSAPP_PHONE_NUMBER_ID: expected a phone number id: digits alone");
    expect_line(&r, "DATABASE_URL: expected sqlite:PATH");
    expect_line(&r, "WHATSAPP_API_BASE: expected an https:// address without user or query "
                    "(http:// only on this machine)");
    reading_end(&r);
}

static void plain_http_goes_no_further_than_this_machine(void **state)
{
    static const char *const fine[] = {
        "https://graph.facebook.com", "https://graph.facebook.com/", "https://[2001:db8::1]:8443",
        "http://127.0.0.1:9090",      "http://127.0.0.1/stand-in",   "http://localhost",
        "http://localhost:1/x",       "http://[::1]:9090",
    };
    static const char *const bad[] = {
        "http://graph.facebook.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example:80",
        "http://127.0.0.1:",
        "http://127.0.0.1:80x",
        "ftp://127.0.0.1:80",
        "https://",
        "https:///x",
        "graph.facebook.com",
        "http://[::1]evil",
        "https://a b",
    };
    char setting[128], line[256];
    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        (void)snprintf(setting, sizeof setting, "WHATSAPP_API_BASE=%s", fine[i]);
        expect_fine(setting);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(setting, sizeof setting, "WHATSAPP_API_BASE=%s", bad[i]);
        (void)snprintf(line, sizeof line,
                       "WHATSAPP_API_BASE: '%s' is not an https:// address without user or query "
                       "(http:// only on this machine)",
                       bad[i]);
        expect_fault(setting, line);
    }
    expect_fault("WHATSAPP_API_BASE=http://127.0.0.1:80@evil.example",
                 "WHATSAPP_API_BASE: expected an https:// address without user or query (http:// only on "
                 "this machine)");
}

/* ---- the .env file ---- */

struct env_file {
    char directory[64], path[128];
};

static void env_write(struct env_file *f, const char *text, size_t n)
{
    rig_directory(f->directory);
    (void)snprintf(f->path, sizeof f->path, "%s/.env", f->directory);
    FILE *out = fopen(f->path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static void read_env(struct reading *r, const char *const *environment, const char *text)
{
    static const char *const nothing[] = {NULL};
    struct env_file f;

    env_write(&f, text, strlen(text));
    read_settings(r, environment == NULL ? nothing : environment, f.path);
    rig_remove(f.directory);
}

static void a_file_gives_settings_and_the_environment_wins(void **state)
{
    const char *const environment[] = {"LOCALE=en", "FLOW=", NULL};
    struct reading r;
    (void)state;
    read_env(&r, environment, "LOCALE=nl\nFLOW=f.json\nBUSINESS=first\nBUSINESS=b.json\n");
    assert_int_equal(r.rc, 0);
    assert_string_equal(r.c.locale, "en");
    assert_string_equal(r.c.flow, "f.json"); /* empty in the environment: not set there */
    assert_string_equal(r.c.business, "b.json");
    reading_end(&r);
}

/* The one setting that says something by being empty. */
static void an_empty_admin_listener_is_off(void **state)
{
    static const struct {
        const char *environment, *file, *address;
    } cases[] = {{"ADMIN_LISTEN=", "", NULL},
                 {NULL, "ADMIN_LISTEN=\n", NULL},
                 {NULL, "ADMIN_LISTEN=\nADMIN_LISTEN=here:1\n", "here"},
                 {"ADMIN_LISTEN=", "ADMIN_LISTEN=here:1\n", NULL},
                 {"ADMIN_LISTEN=there:1", "ADMIN_LISTEN=\n", "there"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const environment[] = {cases[i].environment, NULL};
        struct reading r;
        read_env(&r, environment, cases[i].file);
        assert_int_equal(r.rc, 0);
        if (cases[i].address == NULL)
            assert_null(r.c.admin_address);
        else
            assert_string_equal(r.c.admin_address, cases[i].address);
        reading_end(&r);
    }
}

static void a_file_may_have_comments_quotes_and_blanks(void **state)
{
    struct reading r;
    (void)state;
    read_env(&r, NULL,
             "# a comment\n"
             "\n"
             "   \t\r\n"
             "  export FLOW = f.json   # where it is\r\n"
             "BUSINESS=\"b # no comment.json\"  # but this is\n"
             "LOCALES='it is \"here\"'\n"
             "DATABASE_URL=sqlite:a#b.db\n"
             "LOCALE=\n"
             "TLS_KEY=#nothing\n"
             "WHATSAPP_API_VERSION=v26.0"); /* no newline at the end */
    assert_string_equal(r.faults, "");
    assert_string_equal(r.c.flow, "f.json");
    assert_string_equal(r.c.business, "b # no comment.json");
    assert_string_equal(r.c.locales, "it is \"here\"");
    assert_string_equal(r.c.database_url, "sqlite:a#b.db");
    assert_string_equal(r.c.locale, "nl");
    assert_null(r.c.tls_key);
    assert_string_equal(r.c.whatsapp_api_version, "v26.0");
    reading_end(&r);
}

static void a_long_line_is_one_line(void **state)
{
    char text[9000];
    struct reading r;
    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "FLOW=", 5);
    memcpy(text + sizeof text - 11, "\nLOCALE=en", 11);
    read_env(&r, NULL, text);
    assert_string_equal(r.faults, "");
    assert_int_equal(strlen(r.c.flow), sizeof text - 11 - 5);
    assert_string_equal(r.c.locale, "en");
    reading_end(&r);
}

static void a_broken_line_is_named_by_its_number_alone(void **state)
{
    struct reading r;
    (void)state;
    read_env(&r, NULL,
             "LOCALE=en\n"
             "hush\n"
             "=hush\n"
             "two words=hush\n"
             "1ST=hush\n"
             "FLOW=\"hush\n"
             "FLOW=\"f\" hush\n");
    assert_int_equal(r.rc, -1);
    assert_null(strstr(r.faults, "hush"));
    for (int line = 2; line <= 7; line++) {
        char place[32];
        (void)snprintf(place, sizeof place, "/.env: line %d: expected ", line);
        if (strstr(r.faults, place) == NULL) fail_msg("line %d is not in:\n%s", line, r.faults);
    }
    assert_null(strstr(r.faults, "line 1:"));
    assert_string_equal(r.c.locale, "en");
    reading_end(&r);
}

/* Read as a string it would end there, and a password that was cut short would be taken for whole. */
static void a_zero_byte_ends_no_value(void **state)
{
    static const char text[] = "LOCALE=en\nFLOW=f\0hush.json\nBUSINESS=b.json\n\0";
    static const char *const nothing[] = {NULL};
    struct env_file f;
    struct reading r;
    (void)state;
    env_write(&f, text, sizeof text - 1);
    read_settings(&r, nothing, f.path);
    rig_remove(f.directory);
    assert_int_equal(r.rc, -1);
    assert_non_null(strstr(r.faults, "/.env: line 2: expected text, found a zero byte\n"));
    assert_non_null(strstr(r.faults, "/.env: line 4: expected text, found a zero byte\n"));
    assert_null(strstr(r.faults, "line 1:"));
    assert_null(strstr(r.faults, "line 3:"));
    assert_null(strstr(r.faults, "hush"));
    assert_string_equal(r.c.flow, "flows/mailkeuze.json");
    assert_string_equal(r.c.business, "b.json");
    reading_end(&r);
}

static void a_file_that_is_not_there_is_fine_and_one_that_cannot_be_read_is_not(void **state)
{
    static const char *const nothing[] = {NULL};
    char directory[64], path[128];
    struct reading r;
    (void)state;
    rig_directory(directory);
    (void)snprintf(path, sizeof path, "%s/.env", directory);
    read_settings(&r, nothing, path);
    assert_int_equal(r.rc, 0);
    reading_end(&r);

    /* Root reads any file, but nobody reads a directory. */
    read_settings(&r, nothing, directory);
    assert_int_equal(r.rc, -1);
    assert_non_null(strstr(r.faults, directory));
    reading_end(&r);
    rig_remove(directory);
}

static void the_secrets_are_wiped_from_the_environment(void **state)
{
    char verify[] = "WHATSAPP_VERIFY_TOKEN=hush1", secret[] = "WHATSAPP_APP_SECRET=hush2",
         access[] = "WHATSAPP_ACCESS_TOKEN=hush3", bot[] = "TELEGRAM_BOT_TOKEN=hush4",
         hook[] = "TELEGRAM_WEBHOOK_SECRET=hush5", number[] = "WHATSAPP_PHONE_NUMBER_ID=700800",
         longer[] = "WHATSAPP_APP_SECRET_OLD=700801";
    char *const environment[] = {verify, secret, access, bot, hook, number, longer, NULL};
    char *const secrets[] = {verify, secret, access, bot, hook};
    (void)state;
    config_wipe(environment);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        char *value = strchr(secrets[i], '=') + 1;
        assert_memory_equal(value, "\0\0\0\0\0", 6); /* each byte of it, not the first alone */
    }
    assert_string_equal(number, "WHATSAPP_PHONE_NUMBER_ID=700800");
    assert_string_equal(longer, "WHATSAPP_APP_SECRET_OLD=700801");
}

static void a_file_that_others_may_read_is_known(void **state)
{
    char directory[64], path[128];
    (void)state;
    rig_directory(directory);
    (void)snprintf(path, sizeof path, "%s/env", directory);
    assert_int_equal(env_file_open_to(path), 0); /* not there */
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    static const mode_t modes[] = {0600, 0400, 0640, 0604, 0620, 0644};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(env_file_open_to(path), i < 2 ? 0 : modes[i]);
    }
    assert_int_equal(env_file_open_to(directory), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 1, (gid_t)-1), 0);
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
            assert_int_equal(chmod(path, modes[i]), 0);
            assert_int_equal(env_file_open_to(path), i < 3 ? 0 : modes[i]);
        }
    } else {
        print_message("not tried, for only root can: a file that is somebody else's\n");
    }
    rig_remove(directory);
}

int test_config(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_any_setting_the_defaults_hold),
        cmocka_unit_test(every_setting_arrives),
        cmocka_unit_test(a_wrong_setting_is_named_with_what_was_expected),
        cmocka_unit_test(several_faults_are_told_in_one_run),
        cmocka_unit_test(some_of_the_four_whatsapp_settings_name_the_others),
        cmocka_unit_test(a_webhook_of_telegrams_needs_a_secret_that_fits),
        cmocka_unit_test(no_secret_is_ever_shown),
        cmocka_unit_test(plain_http_goes_no_further_than_this_machine),
        cmocka_unit_test(a_file_gives_settings_and_the_environment_wins),
        cmocka_unit_test(an_empty_admin_listener_is_off),
        cmocka_unit_test(a_file_may_have_comments_quotes_and_blanks),
        cmocka_unit_test(a_long_line_is_one_line),
        cmocka_unit_test(a_broken_line_is_named_by_its_number_alone),
        cmocka_unit_test(a_zero_byte_ends_no_value),
        cmocka_unit_test(a_file_that_is_not_there_is_fine_and_one_that_cannot_be_read_is_not),
        cmocka_unit_test(the_secrets_are_wiped_from_the_environment),
        cmocka_unit_test(a_file_that_others_may_read_is_known),
    };
    return UNIT_RUN(tests);
}
