#include "unit.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

int test_confine(void);

static void the_port_of_an_address_is_found(void **state)
{
    static const struct {
        const char *url;
        int port;
    } cases[] = {
        {"https://graph.facebook.com", 443},
        {"https://graph.facebook.com/v25.0:7", 443},
        {"http://127.0.0.1", 80},
        {"http://127.0.0.1:8081", 8081},
        {"http://localhost:8081/x", 8081},
        {"http://[::1]:8081/x", 8081},
        {"https://[::1]/x", 443},
        {"https://[2001:db8::1]", 443},
        {"http://127.0.0.1:65535", 65535},
        {"http://127.0.0.1:65536", 0},
        {"http://127.0.0.1:0", 0},
        {"http://127.0.0.1:", 0},
        {"http://[::1", 80},
        {"ftp://127.0.0.1:21", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (confine_url_port(cases[i].url) != cases[i].port)
            fail_msg("%s: %d, expected %d", cases[i].url, confine_url_port(cases[i].url), cases[i].port);
}

/* ---- the line ---- */

/* In a child, for there is no way back; what it was told comes by a pipe. */
static bool told_by_a_child(const struct confine_plan *plan, void (*before)(void),
                            char told[static CONFINE_TOLD_MAX])
{
    int ends[2], status;
    bool whole = false;

    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        before();
        whole = confine_process(plan, told);
        _exit(write(ends[1], told, CONFINE_TOLD_MAX) == CONFINE_TOLD_MAX ? whole : 2);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], told, CONFINE_TOLD_MAX), CONFINE_TOLD_MAX);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 1;
}

static void nothing(void)
{
}

static void *wait_for_ever(void *user)
{
    (void)pause();
    return user;
}

static void have_a_second_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0) _exit(2);
}

static void what_holds_is_told_in_a_line(void **state)
{
    const int ports[] = {443, 0, 443, 8081};
    const struct confine_plan plan = {.ports = ports, .ports_n = 4};
    char told[CONFINE_TOLD_MAX], *landlock;
    (void)state;
    trial_needs(4);
    assert_true(told_by_a_child(&plan, nothing, told));
    landlock = strstr(told, " landlock=abi");
    assert_non_null(landlock);
    assert_memory_equal(told, "no_new_privs=yes capabilities=none core=none landlock=abi", 57);
    assert_string_equal(landlock + 14, " connect=53,443,8081 seccomp=yes");
}

static void in_log_mode_the_line_says_so(void **state)
{
    const struct confine_plan plan = {.log_only = true};
    char told[CONFINE_TOLD_MAX];
    (void)state;
    assert_false(told_by_a_child(&plan, nothing, told));
    assert_non_null(strstr(told, " seccomp=log"));
}

static void what_does_not_hold_is_told_with_its_reason(void **state)
{
    char told[CONFINE_TOLD_MAX];
    (void)state;
    assert_false(told_by_a_child(&bare, have_a_second_thread, told));
    assert_non_null(strstr(told, " landlock=\"off: 1 threads would be left out\" connect=any seccomp=yes"));
}

static void a_build_that_cannot_says_so(void **state)
{
    const char *expected = "no_new_privs=yes";
    char told[CONFINE_TOLD_MAX];
    (void)state;
    if (confine_unfit() != NULL) expected = "confinement=\"off: built with a sanitizer, which needs more\"";
    (void)told_by_a_child(&bare, nothing, told);
    assert_memory_equal(told, expected, strlen(expected));
}

/* ---- privileges ---- */

/* In log mode a process may still be asked what it has left. */
static int what_is_left(const void *user)
{
    struct __user_cap_header_struct who = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3];
    struct rlimit core;

    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 1;
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return 2;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0) return 3;
    if (syscall(SYS_capget, &who, has) != 0) return 4;
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        if ((has[i].effective | has[i].permitted | has[i].inheritable) != 0) return 5;
    return *(const bool *)user && prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 0 ? 6 : 0;
}

static void privileges_and_cores_are_gone(void **state)
{
    const struct confine_plan plan = {.log_only = true};
    /* Nobody else can empty the bounding set, nor has a use for it. */
    bool root = geteuid() == 0 && prctl(PR_CAPBSET_READ, CAP_SETPCAP, 0, 0, 0) == 1;
    (void)state;
    assert_int_equal(trial(&plan, what_is_left, &root), 0);
}

int test_confine(void)
{
    const struct CMUnitTest in_any_build[] = {
        cmocka_unit_test(the_port_of_an_address_is_found),
        cmocka_unit_test(a_build_that_cannot_says_so),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_is_told_in_a_line),
        cmocka_unit_test(in_log_mode_the_line_says_so),
        cmocka_unit_test(what_does_not_hold_is_told_with_its_reason),
        cmocka_unit_test(privileges_and_cores_are_gone),
    };
    int bad = UNIT_RUN(in_any_build);
    return bad + (confine_unfit() == NULL ? UNIT_RUN(tests) : trial_skipped());
}
