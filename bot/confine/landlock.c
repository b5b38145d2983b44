#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "err.h"

/* The kernel's interface (linux/landlock.h), here because the header of an older system ends
 * before what a newer kernel can. */
enum {
    ASK_VERSION = 1, /* LANDLOCK_CREATE_RULESET_VERSION */
    RULE_PATH = 1,
    RULE_PORT = 2,

    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_FILE = 1 << 5,
    MAKE_REG = 1 << 8,
    TRUNCATE = 1 << 14,

    CONNECT_TCP = 1 << 1,

    VERSION_KNOWN = 6
};

struct ruleset {
    uint64_t files, net, scoped;
};

struct path_rule {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

struct port_rule {
    uint64_t allowed, port;
};

/* All that each version can forbid. */
static const struct ruleset known[VERSION_KNOWN + 1] = {
    [1] = {.files = (1 << 13) - 1},                                    /* from running to making links     */
    [2] = {.files = (1 << 14) - 1},                                    /* ... moving between directories   */
    [3] = {.files = (1 << 15) - 1},                                    /* ... truncating                   */
    [4] = {.files = (1 << 15) - 1, .net = (1 << 2) - 1},               /* TCP: binding and connecting      */
    [5] = {.files = (1 << 16) - 1, .net = (1 << 2) - 1},               /* ... ioctl() on devices           */
    [6] = {.files = (1 << 16) - 1, .net = (1 << 2) - 1, .scoped = 3}}; /* abstract sockets, signals        */

/* For the resolver, TLS and the clock on the wall. What becomes code is not among it: nothing does. */
static const struct confine_path system_paths[] = {
    {"/etc", CONFINE_READ},                    /* the directory, for resolv.conf is replaced now and then */
    {"/etc/resolv.conf", CONFINE_READ_BESIDE}, /* a link into /run, mostly                */
    {"/usr/share/ca-certificates", CONFINE_READ},
    {"/usr/local/share/ca-certificates", CONFINE_READ},
    {"/usr/share/zoneinfo", CONFINE_READ},
    {"/dev/urandom", CONFINE_READ}, /* SQLite's and OpenSSL's */
};

enum { DNS_PORT = 53 }; /* by TCP when an answer is long */

/* What is being built. */
struct rules {
    int fd;
    struct ruleset handled;
    struct err *e;
};

static int add_path(const struct rules *r, const char *path, uint64_t allowed)
{
    static const uint64_t of_a_file = WRITE_FILE | READ_FILE | TRUNCATE;
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat st;

    if (fd < 0) return 0; /* what is not there, or out of our reach, needs no rule */
    struct path_rule rule = {.allowed = allowed & r->handled.files, .fd = fd};
    int rc = fstat(fd, &st);
    if (rc == 0 && !S_ISDIR(st.st_mode)) rule.allowed &= of_a_file;
    if (rc == 0) rc = (int)syscall(SYS_landlock_add_rule, r->fd, RULE_PATH, &rule, 0);
    if (rc != 0) (void)err_errno(r->e, path, errno);
    (void)close(fd);
    return rc;
}

/* The directory of `path`; `path` itself when that is the root. */
static int add_beside(const struct rules *r, const char *path, uint64_t allowed)
{
    char directory[PATH_MAX], real[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int n = slash == NULL ? 0 : (int)(slash - path);

    (void)snprintf(directory, sizeof directory, "%.*s%s", n, path, slash == NULL ? "." : "/");
    if (realpath(directory, real) == NULL) return 0;
    return add_path(r, strcmp(real, "/") == 0 ? path : real, allowed);
}

/* A path may be a link: another file may come where it is named and where it is in truth. */
static int add_wherever(const struct rules *r, const char *path, uint64_t allowed)
{
    char real[PATH_MAX];

    if (realpath(path, real) == NULL) return 0;
    return add_beside(r, path, allowed) == 0 ? add_beside(r, real, allowed) : -1;
}

static int add_paths(const struct rules *r, const struct confine_path *paths, size_t n)
{
    static const uint64_t read = READ_FILE | READ_DIR,
                          write = read | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE;
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++) {
        if (paths[i].path == NULL) continue;
        uint64_t allowed = paths[i].right == CONFINE_WRITE_BESIDE ? write : read;
        rc = paths[i].right == CONFINE_READ ? add_path(r, paths[i].path, allowed)
                                            : add_wherever(r, paths[i].path, allowed);
    }
    return rc;
}

static int add_port(const struct rules *r, int port)
{
    const struct port_rule rule = {.allowed = CONNECT_TCP, .port = (uint64_t)port};

    if (r->handled.net == 0 || port == 0) return 0;
    if (syscall(SYS_landlock_add_rule, r->fd, RULE_PORT, &rule, 0) == 0) return 0;
    return err_errno(r->e, "a port", errno);
}

static int add_all(const struct rules *r, const struct confine_plan *plan)
{
    int rc = add_paths(r, system_paths, sizeof system_paths / sizeof *system_paths);

    if (rc == 0) rc = add_paths(r, plan->paths, plan->paths_n);
    if (rc == 0) rc = add_port(r, DNS_PORT);
    for (size_t i = 0; i < plan->ports_n && rc == 0; i++) rc = add_port(r, plan->ports[i]);
    return rc;
}

int landlock_enforce(const struct confine_plan *plan, struct err *e)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

    if (version < 1) /* built without; or built with and not switched on */
        return err_set(e, errno == ENOSYS ? "this kernel has none" : "switched off in this kernel");
    if (version > VERSION_KNOWN) version = VERSION_KNOWN;
    struct rules rules = {.handled = known[version], .e = e};
    /* A kernel that knows less than this structure takes it as long as the rest is 0. */
    rules.fd = (int)syscall(SYS_landlock_create_ruleset, &rules.handled, sizeof rules.handled, 0);
    if (rules.fd < 0) return err_errno(e, "the rules", errno);
    int rc = add_all(&rules, plan);
    if (rc == 0 && (rc = (int)syscall(SYS_landlock_restrict_self, rules.fd, 0)) != 0)
        (void)err_errno(e, "the rules", errno);
    (void)close(rules.fd);
    return rc == 0 ? (int)version : -1;
}
