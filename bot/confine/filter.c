#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

/* linux/prctl.h has it from 5.17 on. */
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* What the desk, the door, the admin listener, the training and curl's resolver threads were seen
 * to do, and what the libraries beneath do on another architecture (aarch64 has no open, stat or poll),
 * with another version (glibc 2.36 to 2.41) or without a vDSO. A call that an architecture lacks
 * is skipped by libseccomp. */
static const int calls[] = {
    /* bytes */
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
    SCMP_SYS(lseek), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
    /* files: which of them is Landlock's to say */
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(stat), SCMP_SYS(fstat), SCMP_SYS(lstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(fchmod), SCMP_SYS(fchown), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    /* waiting */
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
    SCMP_SYS(eventfd2), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(restart_syscall),
    /* sockets: which is said below. bind() is the resolver's, for its netlink socket */
    SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto),
    SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
    SCMP_SYS(shutdown), SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    /* threads, and the signals that are ours */
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(exit), SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    /* time, chance, who we are */
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo), SCMP_SYS(uname)};

/* Calls that go by one argument. Only its lower half counts: what stands above an int in a register
 * is anything, and the kernel does not look at it. */
static const struct {
    int call;
    unsigned argument;
    uint32_t mask, value;
} limited[] = {
    {SCMP_SYS(mmap), 2, PROT_EXEC, 0},
    {SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
    {SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD}, /* a thread, no process */
    {SCMP_SYS(socketpair), 0, UINT32_MAX, AF_UNIX},   /* curl's wake-up of its resolver */
    {SCMP_SYS(socket), 0, UINT32_MAX, AF_UNIX},       /* a caching resolver, nscd */
    {SCMP_SYS(ioctl), 1, UINT32_MAX, TCGETS},         /* stdio: is it a terminal? */
    {SCMP_SYS(ioctl), 1, UINT32_MAX, FIONREAD},       /* the resolver: how much came? */
    {SCMP_SYS(ioctl), 1, UINT32_MAX, FIONBIO},
    {SCMP_SYS(prctl), 0, UINT32_MAX, PR_SET_NAME}, /* of a thread, of memory */
    {SCMP_SYS(prctl), 0, UINT32_MAX, PR_SET_VMA},
};

/* Families and their protocols; 0 is what the type implies. Others (MPTCP) would pass by what
 * Landlock knows of TCP. Netlink: which addresses this machine has, getaddrinfo(3) asks. */
static const struct {
    int family, protocol;
} sockets[] = {
    {AF_INET, 0},
    {AF_INET, IPPROTO_TCP},
    {AF_INET, IPPROTO_UDP},
    {AF_INET6, 0},
    {AF_INET6, IPPROTO_TCP},
    {AF_INET6, IPPROTO_UDP},
    {AF_NETLINK, NETLINK_ROUTE},
};

static struct scmp_arg_cmp is(unsigned argument, uint32_t mask, uint32_t value)
{
    return SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value);
}

static int allow_all(scmp_filter_ctx filter)
{
    int rc = 0;

    for (size_t i = 0; i < sizeof calls / sizeof *calls && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    for (size_t i = 0; i < sizeof limited / sizeof *limited && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, limited[i].call, 1,
                              is(limited[i].argument, limited[i].mask, limited[i].value));
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
                              is(0, UINT32_MAX, (uint32_t)sockets[i].family),
                              is(2, UINT32_MAX, (uint32_t)sockets[i].protocol));
    /* abort() and the end of the thread that takes signals. */
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              is(0, UINT32_MAX, (uint32_t)getpid()));
    return rc;
}

/* What fails instead: the caller has another way. */
static int refuse_all(scmp_filter_ctx filter, bool log_only)
{
    /* Its flags lie in memory, where no filter looks; glibc then takes clone(). */
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

    /* Whatever is loaded as it is needed (a module of nsswitch.conf) is not there; that it was asked for is no
     * reason to die. */
    if (rc != 0 || log_only) return rc;
    rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap), 1, is(2, PROT_EXEC, PROT_EXEC));
    if (rc != 0) return rc;
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mprotect), 1,
                            is(2, PROT_EXEC, PROT_EXEC));
}

int filter_load(bool log_only, struct err *e)
{
    scmp_filter_ctx filter = seccomp_init(log_only ? SCMP_ACT_LOG : SCMP_ACT_KILL_PROCESS);

    if (filter == NULL) return err_set(e, "no memory for the filter, or a kernel without");
    /* The calls of another architecture (32 bits) have other numbers. */
    int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (rc == 0) rc = allow_all(filter);
    if (rc == 0) rc = refuse_all(filter, log_only);
    if (rc == 0) rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0 ? 0 : err_errno(e, "the filter", -rc);
}
