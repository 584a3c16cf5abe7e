/* What a worker can no longer do. */
#include "kz_test.h"

#include "io/sandbox.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Exit code of `work` in a process inside of the box; 128 + signal when it was killed. */
static int inside(const kz_sandbox *box, int (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        const char *what;
        _exit(kz_sandbox_enter(box, &what) ? work() : 99);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int open_files(void)
{
    int good = open("/usr/lib/os-release", O_RDONLY), bad = open("/proc/self/status", O_RDONLY);
    return (good >= 0 ? 1 : 0) + (bad >= 0 ? 2 : 0);
}
static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static int run_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 1;
}
static int do_nothing(void)
{
    return write(STDERR_FILENO, "", 0) == 0 ? 0 : 1;
}

static void only_what_is_named_can_be_read(void **state)
{
    (void)state;
    static const char *const READ[] = { "/usr/lib", NULL };
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16, .read = READ };
    if ((kz_sandbox_missing() & KZ_SANDBOX_LANDLOCK) || SANITIZED)
        skip();
    assert_int_equal(inside(&box, open_files), 1);
}

static void there_is_no_network_and_no_other_program(void **state)
{
    (void)state;
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16 };
    if (kz_sandbox_missing() & KZ_SANDBOX_SECCOMP)
        skip();
    assert_int_equal(inside(&box, open_socket), 0);
    assert_int_equal(inside(&box, run_program), 1);
}

static void a_strict_box_ends_whoever_tries(void **state)
{
    (void)state;
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16, .strict = true };
    if ((kz_sandbox_missing() & KZ_SANDBOX_SECCOMP) || SANITIZED)
        skip();
    assert_int_equal(inside(&box, do_nothing), 0);
    assert_int_equal(inside(&box, open_socket), 128 + 31);
    assert_int_equal(inside(&box, open_files), 128 + 31);
}

KZ_TEST_MAIN(KZ_TEST(only_what_is_named_can_be_read), KZ_TEST(there_is_no_network_and_no_other_program),
             KZ_TEST(a_strict_box_ends_whoever_tries))
