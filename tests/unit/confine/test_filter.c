#include "unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

int test_filter(void);

/* What stands above an int in a register is not looked at by the kernel. */
#define GARBAGE (INT64_C(0x5eed) << 32)

static int told(long rc)
{
    return rc < 0 ? errno : 0;
}

/* ---- forbidden ---- */

static int start_a_program(const void *user)
{
    (void)user;
    return told(execl("/bin/true", "true", NULL));
}

static int start_a_process(const void *user)
{
    (void)user;
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    return told(pid);
}

static int look_into_a_process(const void *user)
{
    (void)user;
    return told(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int mount_something(const void *user)
{
    (void)user;
    return told(mount("none", "/tmp", "tmpfs", 0, NULL));
}

static int signal_another(const void *user)
{
    return told(kill(*(const pid_t *)user, 0));
}

static int signal_a_thread_of_another(const void *user)
{
    return told(syscall(SYS_tgkill, *(const pid_t *)user, *(const pid_t *)user, 0));
}

static int turn_to_strict_mode(const void *user)
{
    (void)user;
    return told(prctl(PR_SET_SECCOMP, 0, 0, 0, 0));
}

static void what_no_bot_does_ends_the_process(void **state)
{
    pid_t us = getpid();
    int (*const acts[])(const void *) = {start_a_program,           start_a_process,     look_into_a_process,
                                         mount_something,           turn_to_strict_mode, signal_another,
                                         signal_a_thread_of_another};
    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (trial(&bare, acts[i], &us) != DIED_OF_SIGSYS) fail_msg("act %zu did not end the process", i);
}

static void *try_in_a_thread(void *user)
{
    (void)start_a_program(user);
    return NULL;
}

static int thread_runs(void *(*run)(void *))
{
    pthread_t thread;
    int rc = pthread_create(&thread, NULL, run, NULL);
    return rc != 0 ? rc : pthread_join(thread, NULL);
}

static int start_a_program_in_a_thread(const void *user)
{
    (void)user;
    return thread_runs(try_in_a_thread);
}

static void a_thread_is_held_as_well(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, start_a_program_in_a_thread, NULL), DIED_OF_SIGSYS);
}

struct socket_kind {
    long family, type, protocol;
};

static int make_socket(const void *user)
{
    const struct socket_kind *k = user;
    return told(syscall(SYS_socket, k->family, k->type, k->protocol));
}

static void sockets_of_another_kind_end_the_process(void **state)
{
    const int mptcp = 262;
    struct socket_kind kinds[] = {{AF_PACKET, SOCK_RAW, 0},
                                  {AF_INET, SOCK_STREAM, mptcp},
                                  {AF_INET6, SOCK_STREAM, mptcp},
                                  {AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
                                  {AF_NETLINK, SOCK_RAW, 15}, /* not the routes */
                                  {38, SOCK_SEQPACKET, 0},    /* AF_ALG */
                                  {40, SOCK_STREAM, 0}};      /* AF_VSOCK */
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (trial(&bare, make_socket, &kinds[i]) != DIED_OF_SIGSYS) fail_msg("socket %zu was not the end", i);
}

/* ---- refused ---- */

static int map_code(const void *user)
{
    (void)user;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno
                                                                                                     : 0;
}

static int map_code_with_garbage_above(const void *user)
{
    (void)user;
    return told(syscall(SYS_mmap, NULL, 4096L, GARBAGE | PROT_READ | PROT_EXEC,
                        (long)(MAP_PRIVATE | MAP_ANONYMOUS), -1L, 0L));
}

static int make_code_of_data(const void *user)
{
    (void)user;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return 255;
    if (mprotect(page, 4096, PROT_READ) != 0) return 254;
    return told(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static void no_memory_becomes_code(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, map_code, NULL), EACCES);
    assert_int_equal(trial(&bare, map_code_with_garbage_above, NULL), EACCES);
    assert_int_equal(trial(&bare, make_code_of_data, NULL), EACCES);
}

/* Its flags cannot be seen, so that a process may not come of it either; glibc goes another way. */
static int start_a_process_by_clone3(const void *user)
{
    uint64_t nothing[8] = {0}; /* struct clone_args: a child as fork() makes it, without a signal */
    (void)user;
    long pid = syscall(SYS_clone3, nothing, sizeof nothing);
    if (pid == 0) _exit(0);
    return told(pid);
}

static void the_newer_way_to_start_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, start_a_process_by_clone3, NULL), ENOSYS);
}

/* ---- allowed ---- */

static void *do_nothing(void *user)
{
    return user;
}

static int run_a_thread(const void *user)
{
    (void)user;
    return thread_runs(do_nothing);
}

static void threads_start(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, run_a_thread, NULL), 0);
}

static void sockets_that_are_needed_open(void **state)
{
    struct socket_kind kinds[] = {{AF_INET, SOCK_STREAM, IPPROTO_TCP},
                                  {AF_INET, SOCK_DGRAM, 0},
                                  {AF_UNIX, SOCK_STREAM, 0},
                                  {AF_NETLINK, SOCK_RAW, 0},
                                  {GARBAGE | AF_INET, SOCK_DGRAM, GARBAGE | IPPROTO_UDP}};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (trial(&bare, make_socket, &kinds[i]) != 0) fail_msg("socket %zu was not to be had", i);
}

static int give_up(const void *user)
{
    (void)user;
    return told(syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), 0));
}

static void who_gives_up_may_signal_itself(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, give_up, NULL), 0);
}

static void in_log_mode_it_goes_on(void **state)
{
    const struct confine_plan plan = {.log_only = true};
    (void)state;
    assert_int_equal(trial(&plan, look_into_a_process, NULL), 0);
    assert_int_equal(trial(&plan, map_code, NULL), 0);
}

int test_filter(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_bot_does_ends_the_process),
        cmocka_unit_test(a_thread_is_held_as_well),
        cmocka_unit_test(sockets_of_another_kind_end_the_process),
        cmocka_unit_test(no_memory_becomes_code),
        cmocka_unit_test(the_newer_way_to_start_is_not_there),
        cmocka_unit_test(threads_start),
        cmocka_unit_test(sockets_that_are_needed_open),
        cmocka_unit_test(who_gives_up_may_signal_itself),
        cmocka_unit_test(in_log_mode_it_goes_on),
    };
    return confine_unfit() == NULL ? UNIT_RUN(tests) : trial_skipped();
}
