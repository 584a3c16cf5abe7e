#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The address sanitizer of test builds maps terabytes that it never touches, and calls what it likes. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCH AUDIT_ARCH_AARCH64
#endif

static bool limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit r = { .rlim_cur = value, .rlim_max = value };
    return setrlimit(what, &r) == 0;
}

/* ---- files -------------------------------------------------------------------------- */

static int landlock_version(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Rights of the first version of Landlock: every kernel that has it knows them. */
static const uint64_t READ_RIGHTS = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t ALL_RIGHTS = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

static bool allow_reading(int rules, const char *path)
{
    struct landlock_path_beneath_attr below = { .allowed_access = READ_RIGHTS };
    below.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (below.parent_fd < 0)
        return true; /* not there: nothing to allow */
    bool good = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
    if (!good && errno == EINVAL) { /* a file, not a folder */
        below.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
        good = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
    }
    close(below.parent_fd);
    return good;
}

static bool close_the_files(const char *const *read)
{
    if (landlock_version() < 1)
        return true; /* kz_sandbox_missing() tells */
    struct landlock_ruleset_attr attr = { .handled_access_fs = ALL_RIGHTS };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    bool good = rules >= 0;
    for (; good && read && *read; read++)
        good = allow_reading(rules, *read);
    good = good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (rules >= 0)
        close(rules);
    return good;
}

/* ---- calls -------------------------------------------------------------------------- */

#ifdef ARCH
#define IS(name, verdict) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, (verdict))
#define NO  (SECCOMP_RET_ERRNO | EPERM)
#define YES SECCOMP_RET_ALLOW
#define HEAD                                                                                    \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),                    \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS), \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))

static bool filter(const struct sock_filter *code, size_t n)
{
    struct sock_fprog program = { .len = (unsigned short)n, .filter = (struct sock_filter *)(uintptr_t)code };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 || errno == EINVAL || errno == ENOSYS;
}

/* Libraries do a lot; what none of them needs is a network, a program, or another process. */
static bool refuse_calls(void)
{
    static const struct sock_filter CODE[] = {
        HEAD,
#ifdef __x86_64__ /* numbers of the 32-bit interface */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        IS(fork, NO), IS(vfork, NO),
#endif
        IS(socket, NO), IS(socketpair, NO), IS(connect, NO), IS(bind, NO), IS(listen, NO), IS(accept, NO),
        IS(accept4, NO), IS(sendto, NO), IS(sendmsg, NO), IS(execve, NO), IS(execveat, NO), IS(ptrace, NO),
        IS(process_vm_readv, NO), IS(process_vm_writev, NO), IS(pidfd_open, NO), IS(pidfd_getfd, NO),
        IS(mount, NO), IS(umount2, NO), IS(pivot_root, NO), IS(chroot, NO), IS(unshare, NO), IS(setns, NO),
        IS(bpf, NO), IS(perf_event_open, NO), IS(keyctl, NO), IS(add_key, NO), IS(request_key, NO),
        IS(userfaultfd, NO), IS(io_uring_setup, NO), IS(init_module, NO), IS(finit_module, NO),
        IS(kexec_load, NO), IS(reboot, NO), IS(swapon, NO), IS(swapoff, NO), IS(kill, NO), IS(tkill, NO),
        BPF_STMT(BPF_RET | BPF_K, YES),
    };
    return filter(CODE, sizeof CODE / sizeof *CODE);
}

/* Reading, writing, memory, the end. */
static bool allow_few_calls(void)
{
    static const struct sock_filter CODE[] = {
        HEAD,
        IS(read, YES), IS(write, YES), IS(pread64, YES), IS(lseek, YES), IS(close, YES), IS(fstat, YES),
        IS(newfstatat, YES), IS(mmap, YES), IS(munmap, YES), IS(mremap, YES), IS(mprotect, YES),
        IS(madvise, YES), IS(brk, YES), IS(futex, YES), IS(getrandom, YES), IS(clock_gettime, YES),
        IS(gettimeofday, YES), IS(getpid, YES), IS(gettid, YES), IS(tgkill, YES), IS(rt_sigprocmask, YES),
        IS(rt_sigaction, YES), IS(rt_sigreturn, YES), IS(exit, YES), IS(exit_group, YES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    return filter(CODE, sizeof CODE / sizeof *CODE);
}
#else
static bool refuse_calls(void)
{
    return true;
}
static bool allow_few_calls(void)
{
    return true;
}
#endif

bool kz_sandbox_enter(const kz_sandbox *box, const char **what)
{
    *what = "setrlimit";
    if (!limit(RLIMIT_CORE, 0) || (!SANITIZED && !limit(RLIMIT_AS, (rlim_t)box->memory)) ||
        !limit(RLIMIT_CPU, box->cpu_seconds) || !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_NOFILE, box->files))
        return false;
    *what = "prctl";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return false;
    *what = "landlock";
    if (!SANITIZED && !close_the_files(box->read))
        return false;
    *what = "seccomp";
    return box->strict && !SANITIZED ? allow_few_calls() : refuse_calls();
}

unsigned kz_sandbox_missing(void)
{
    unsigned missing = 0;
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    if (landlock_version() < 1)
        missing |= KZ_SANDBOX_LANDLOCK;
#ifdef ARCH
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
        missing |= KZ_SANDBOX_SECCOMP;
#else
    (void)action;
    missing |= KZ_SANDBOX_SECCOMP;
#endif
    return missing;
}
