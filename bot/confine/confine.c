#include "confine.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "filter.h"
#include "landlock.h"

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#endif

enum { LANDLOCK_NET = 4, PORT_MAX = 65535 };

const char *confine_unfit(void)
{
#ifdef SANITIZED
    return "built with a sanitizer, which needs more";
#else
    return NULL;
#endif
}

int confine_url_port(const char *url)
{
    bool tls = strncmp(url, "https://", 8) == 0;

    if (!tls && strncmp(url, "http://", 7) != 0) return 0;
    const char *host = url + (tls ? 8 : 7);
    if (*host == '[') host += strcspn(host, "]"); /* an address of version 6 holds colons */
    const char *end = host + strcspn(host, ":/");
    if (*end != ':') return tls ? 443 : 80;
    char *rest;
    long port = strtol(end + 1, &rest, 10);
    return rest != end + 1 && port > 0 && port <= PORT_MAX ? (int)port : 0;
}

/* ---- privileges ---- */

/* Those of root that the process may have been started with: it has bound its ports and opened
 * its files. What could come back by running a program does not either: the bounding set is emptied. */
static int drop_capabilities(struct err *e)
{
    struct __user_cap_header_struct who = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    /* Only who has CAP_SETPCAP may; who has not, has nothing to lose here. */
    for (unsigned long c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
        (void)prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
    return syscall(SYS_capset, &who, none) == 0 ? 0 : err_errno(e, "capset", errno);
}

/* A core and a debugger show what customers wrote. */
static int be_unreadable(struct err *e)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) return 0;
    return err_errno(e, "core", errno);
}

static int want_no_more(struct err *e)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : err_errno(e, "no_new_privs", errno);
}

/* ---- the line ---- */

struct line {
    char *text;
    size_t used;
    bool whole;
};

static void add(struct line *l, const char *word)
{
    size_t room = CONFINE_TOLD_MAX - l->used;
    int n = snprintf(l->text + l->used, room, "%s", word);

    l->used += (size_t)n < room ? (size_t)n : room - 1;
}

/* " name=value", or why not. */
static void tell(struct line *l, const char *name, const char *value, int rc, const struct err *e)
{
    add(l, l->used == 0 ? "" : " ");
    add(l, name);
    if (rc >= 0) {
        add(l, "=");
        add(l, value);
        return;
    }
    l->whole = false;
    add(l, "=\"off: ");
    add(l, e->text);
    add(l, "\"");
}

static bool is_told(const struct confine_plan *plan, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (plan->ports[k] == plan->ports[i]) return true;
    return plan->ports[i] == 0;
}

/* "connect=53,443", "connect=any" where Landlock does not know ports. */
static void tell_ports(struct line *l, const struct confine_plan *plan, int landlock)
{
    char port[16];

    add(l, landlock >= LANDLOCK_NET ? " connect=53" : " connect=any");
    for (size_t i = 0; landlock >= LANDLOCK_NET && i < plan->ports_n; i++) {
        if (is_told(plan, i)) continue;
        (void)snprintf(port, sizeof port, ",%d", plan->ports[i]);
        add(l, port);
    }
}

/* ---- all of it ---- */

/* 1 for the one that asks; 0 when nobody says. */
static long threads_now(void)
{
    struct stat st;

    /* proc(5): one directory for each thread. */
    return stat("/proc/self/task", &st) == 0 && st.st_nlink > 2 ? (long)st.st_nlink - 2 : 0;
}

static int restrict_reach(const struct confine_plan *plan, struct err *e)
{
    long threads = threads_now();

    if (threads > 1) return err_set(e, "%ld threads would be left out", threads - 1);
    return landlock_enforce(plan, e);
}

bool confine_process(const struct confine_plan *plan, char told[static CONFINE_TOLD_MAX])
{
    struct line line = {.text = told, .whole = true};
    struct err e = {0};
    char landlock[16];

    told[0] = '\0';
    if (confine_unfit() != NULL) {
        (void)err_set(&e, "%s", confine_unfit());
        tell(&line, "confinement", "", -1, &e);
        return false;
    }
    /* pthread_cancel() loads it when first called, and cannot do without. */
    (void)dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);
    int rc = want_no_more(&e);
    tell(&line, "no_new_privs", "yes", rc, &e);
    rc = drop_capabilities(&e);
    tell(&line, "capabilities", "none", rc, &e);
    rc = be_unreadable(&e);
    tell(&line, "core", "none", rc, &e);
    int version = restrict_reach(plan, &e);
    (void)snprintf(landlock, sizeof landlock, "abi%d", version);
    tell(&line, "landlock", landlock, version, &e);
    tell_ports(&line, plan, version);
    rc = filter_load(plan->log_only, &e); /* last: it forbids what the others do */
    tell(&line, "seccomp", plan->log_only ? "log" : "yes", rc, &e);
    return line.whole && !plan->log_only;
}
