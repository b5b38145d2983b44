#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "trial.h"

int test_reach(void);

/* A house with a flow, a link to another one, a database, and a file that is nobody's business. */
struct house {
    char root[64], flow[96], linked[96], database[96], planted[96];
    struct confine_path paths[3];
    struct confine_plan plan;
};

static void path_in(const struct house *h, char out[static 96], const char *name)
{
    snprintf(out, 96, "%s/%s", h->root, name);
}

static void make_directory(const struct house *h, const char *name)
{
    char path[96];

    path_in(h, path, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void make_file(const struct house *h, char out[static 96], const char *name)
{
    path_in(h, out, name);
    int fd = open(out, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "words", 5), 5);
    close(fd);
}

static int house_build(void **state)
{
    struct house *h = calloc(1, sizeof *h);
    char target[96];

    if (h == NULL) return -1;
    snprintf(h->root, sizeof h->root, "/tmp/unit-confine-XXXXXX");
    if (mkdtemp(h->root) == NULL) return -1;
    make_directory(h, "flows");
    make_directory(h, "links");
    make_directory(h, "elsewhere");
    make_directory(h, "data");
    make_directory(h, "private");
    make_file(h, h->flow, "flows/flow.json");
    make_file(h, target, "elsewhere/flow.json");
    path_in(h, h->linked, "links/flow.json");
    assert_int_equal(symlink(target, h->linked), 0);
    make_file(h, h->database, "data/bot.db");
    make_file(h, h->planted, "private/key");
    h->paths[0] = (struct confine_path){h->flow, CONFINE_READ_BESIDE};
    h->paths[1] = (struct confine_path){h->linked, CONFINE_READ_BESIDE};
    h->paths[2] = (struct confine_path){h->database, CONFINE_WRITE_BESIDE};
    h->plan = (struct confine_plan){.paths = h->paths, .paths_n = 3};
    *state = h;
    return 0;
}

static int house_raze(void **state)
{
    static const char *const files[] = {"flows/flow.json",
                                        "flows/later.json",
                                        "links/flow.json",
                                        "elsewhere/flow.json",
                                        "elsewhere/later",
                                        "data/bot.db",
                                        "private/key",
                                        "flows",
                                        "links",
                                        "elsewhere",
                                        "data",
                                        "private"};
    struct house *h = *state;
    char path[96];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        path_in(h, path, files[i]);
        (void)remove(path);
    }
    int rc = rmdir(h->root);
    free(h);
    return rc;
}

/* ---- what is tried, on a path ---- */

static int open_it(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    return fd < 0 ? errno : close(fd);
}

static int reads(const void *path)
{
    return open_it(path, O_RDONLY);
}

static int writes(const void *path)
{
    return open_it(path, O_WRONLY);
}

static int creates(const void *path)
{
    return open_it(path, O_WRONLY | O_CREAT);
}

static int empties(const void *path)
{
    return truncate(path, 0) == 0 ? 0 : errno;
}

static int keeps_a_log_beside(const void *path)
{
    char log[96];

    snprintf(log, sizeof log, "%s-wal", (const char *)path);
    int rc = open_it(log, O_RDWR | O_CREAT | O_EXCL);
    if (rc == 0) rc = open_it(log, O_WRONLY | O_TRUNC);
    if (rc == 0 && unlink(log) != 0) rc = errno;
    return rc;
}

static int tried(const struct house *h, int (*act)(const void *), const char *name)
{
    char path[96];

    path_in(h, path, name);
    return trial(&h->plan, act, path);
}

static void what_is_elsewhere_cannot_be_read(void **state)
{
    const struct house *h = *state;
    trial_needs(1);
    assert_int_equal(tried(h, reads, "private/key"), EACCES);
    assert_int_equal(trial(&h->plan, reads, "/proc/self/environ"), EACCES);
    assert_int_equal(trial(&h->plan, reads, "/"), EACCES);
}

static void nothing_is_written_but_beside_the_database(void **state)
{
    const struct house *h = *state;
    trial_needs(1);
    assert_int_equal(tried(h, writes, "private/key"), EACCES);
    assert_int_equal(tried(h, creates, "private/other"), EACCES);
    assert_int_equal(tried(h, writes, "flows/flow.json"), EACCES);
    assert_int_equal(tried(h, creates, "flows/other.json"), EACCES);
    assert_int_equal(trial(&h->plan, creates, "/etc/unit-confine"), EACCES);
    assert_int_equal(trial(&h->plan, creates, "/tmp/unit-confine"), EACCES);
    assert_int_equal(tried(h, writes, "data/bot.db"), 0);
    assert_int_equal(tried(h, keeps_a_log_beside, "data/bot.db"), 0);
}

/* By its name, which the filter does not allow in any case; in log mode Landlock stands alone. */
static void nothing_is_emptied_elsewhere(void **state)
{
    struct house *h = *state;
    trial_needs(3);
    h->plan.log_only = true;
    assert_int_equal(tried(h, empties, "flows/flow.json"), EACCES);
    assert_int_equal(tried(h, empties, "data/bot.db"), 0);
}

static void what_a_reload_reads_may_be_another_file(void **state)
{
    struct house *h = *state;
    char path[96];
    trial_needs(1);
    assert_int_equal(tried(h, reads, "flows/flow.json"), 0);
    assert_int_equal(tried(h, reads, "flows"), 0);
    assert_int_equal(tried(h, reads, "links/flow.json"), 0);
    make_file(h, path, "flows/later.json");
    assert_int_equal(trial(&h->plan, reads, path), 0);
    make_file(h, path, "elsewhere/later");
    assert_int_equal(trial(&h->plan, reads, path), 0);
}

static void a_path_in_the_root_is_no_leave_to_read_everything(void **state)
{
    const struct house *h = *state;
    const struct confine_path paths[] = {
        {"/etc", CONFINE_READ_BESIDE}, {NULL, CONFINE_READ}, {"/none", CONFINE_READ}};
    const struct confine_plan plan = {.paths = paths, .paths_n = 3};
    trial_needs(1);
    assert_int_equal(trial(&plan, reads, h->planted), EACCES);
    assert_int_equal(trial(&plan, reads, "/etc/passwd"), 0);
}

/* ---- ports ---- */

static struct sockaddr_in here(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

static int listener(int *port)
{
    struct sockaddr_in at = here(0);
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 2), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int connects(const void *port)
{
    struct sockaddr_in to = here(*(const int *)port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
}

static int binds(const void *user)
{
    struct sockaddr_in at = here(0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)user;
    return bind(fd, (struct sockaddr *)&at, sizeof at) == 0 ? 0 : errno;
}

static void only_the_ports_of_the_plan_are_connected_to(void **state)
{
    const int dns = 53;
    int known, other;
    (void)state;
    trial_needs(4);
    int a = listener(&known), b = listener(&other);
    const int ports[] = {0, known};
    const struct confine_plan plan = {.ports = ports, .ports_n = 2};
    assert_int_equal(trial(&plan, connects, &known), 0);
    assert_int_equal(trial(&plan, connects, &other), EACCES);
    assert_int_not_equal(trial(&plan, connects, &dns), EACCES); /* whether somebody is there or not */
    assert_int_equal(trial(&plan, binds, NULL), EACCES);
    close(a);
    close(b);
}

/* ---- others ---- */

static int signals(const void *pid)
{
    return kill(*(const pid_t *)pid, 0) == 0 ? 0 : errno;
}

static void others_are_not_signalled(void **state)
{
    const struct confine_plan plan = {.log_only = true}; /* else the filter comes first */
    const pid_t us = getpid();
    (void)state;
    trial_needs(6);
    assert_int_equal(trial(&plan, signals, &us), EPERM);
}

struct abstract {
    struct sockaddr_un at;
    socklen_t n;
};

static int connects_abstractly(const void *user)
{
    const struct abstract *to = user;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = connect(fd, (const struct sockaddr *)&to->at, to->n) == 0 ? 0 : errno;

    close(fd);
    return rc;
}

static void sockets_without_a_file_are_out_of_reach(void **state)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    socklen_t n = sizeof at;
    (void)state;
    trial_needs(6);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* Without a name the system chooses one (unix(7)). */
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at.sun_family), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    assert_int_equal(listen(fd, 2), 0);
    const struct abstract abstract = {.at = at, .n = n};
    assert_int_equal(connects_abstractly(&abstract), 0);
    assert_int_equal(trial(&bare, connects_abstractly, &abstract), EPERM);
    close(fd);
}

int test_reach(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_elsewhere_cannot_be_read, house_build, house_raze),
        cmocka_unit_test_setup_teardown(nothing_is_written_but_beside_the_database, house_build, house_raze),
        cmocka_unit_test_setup_teardown(nothing_is_emptied_elsewhere, house_build, house_raze),
        cmocka_unit_test_setup_teardown(what_a_reload_reads_may_be_another_file, house_build, house_raze),
        cmocka_unit_test_setup_teardown(a_path_in_the_root_is_no_leave_to_read_everything, house_build,
                                        house_raze),
        cmocka_unit_test(only_the_ports_of_the_plan_are_connected_to),
        cmocka_unit_test(others_are_not_signalled),
        cmocka_unit_test(sockets_without_a_file_are_out_of_reach),
    };
    return confine_unfit() == NULL ? UNIT_RUN(tests) : trial_skipped();
}
