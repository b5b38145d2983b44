#include "trial.h"

#include "unit.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const struct confine_plan bare = {0};

int trial(const struct confine_plan *plan, int (*act)(const void *user), const void *user)
{
    char told[CONFINE_TOLD_MAX];
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        (void)confine_process(plan, told);
        _exit(act(user));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    assert_int_equal(WTERMSIG(status), SIGSYS);
    return DIED_OF_SIGSYS;
}

void trial_needs(int landlock)
{
    const int ask_version = 1;
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ask_version);

    if (version < landlock) {
        print_message("skipped: Landlock %d is needed, this kernel has %ld\n", landlock,
                      version < 0 ? 0 : version);
        skip();
    }
}

static void a_process_can_be_confined(void **state)
{
    (void)state;
    print_message("skipped: %s\n", confine_unfit());
    skip();
}

int trial_skipped(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_process_can_be_confined)};
    return UNIT_RUN(tests);
}
