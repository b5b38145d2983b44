#include "http_descriptors.h"

#include <errno.h>
#include <sys/resource.h>

#include "err.h"
#include "log.h"

int http_descriptors_want(int n, struct err *e)
{
    rlim_t wanted = (rlim_t)n + DESCRIPTORS_ELSEWHERE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return err_errno(e, "RLIMIT_NOFILE", errno);
    if (limit.rlim_cur < wanted) {
        struct rlimit raised = limit;
        raised.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur >= wanted) return n;
    if (limit.rlim_cur <= DESCRIPTORS_ELSEWHERE)
        return err_set(e, "at most %llu open files (ulimit -n): expected %llu",
                       (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
    int left = (int)(limit.rlim_cur - DESCRIPTORS_ELSEWHERE);
    log_warn("http", "open_files=%llu expected=%llu room_for=%d why=\"ulimit -n\"",
             (unsigned long long)limit.rlim_cur, (unsigned long long)wanted, left);
    return left;
}
