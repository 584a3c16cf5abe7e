/*
 * The program: parse, run, and end with the exit code of CLI.md.
 *
 * Standard output carries data only and a failure to write it is a failure of
 * the command (8).  When the reader of a pipe has gone (`kekiz get … | head -1`)
 * the code is 8 too, but nothing is said.
 */
#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/tell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file opened later must never become "standard error" of ours. */
static void open_standard_files(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static void ignore_signals(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigaction(SIGPIPE, &ignore, NULL); /* a write reports EPIPE instead */
    sigaction(SIGXFSZ, &ignore, NULL); /* … and EFBIG                   */
}

static void tell_failure(const kz_call *call, const kz_err *err)
{
    if (!err->id || strcmp(err->id, "cli.pipe") == 0)
        return;
    kz_tell_err(call->lang, err);
}

static kz_status show_help(const kz_command_line *p, kz_err *err)
{
    kz_auto(kz_buf) out = kz_buf_init(1 << 20);
    if (p->call.command)
        kz_help_command(&out, p->call.lang, p->call.command);
    else if (p->group)
        kz_help_group(&out, p->call.lang, kz_commands, kz_n_commands, p->group);
    else
        kz_help_all(&out, p->call.lang, kz_commands, kz_n_commands);
    return kz_out_write(kz_buf_text(&out), out.n, err);
}

static const char *workspace_of(const kz_call *call)
{
    const char *env = getenv("KEKIZ_WORKSPACE");
    if (call->workspace)
        return call->workspace;
    return env && env[0] ? env : "./kekiz-workspace";
}

static kz_status run(kz_command_line *p)
{
    kz_call *call = &p->call;
    if (p->help)
        return show_help(p, &call->err);
    if (!call->command)
        return kz_fail(&call->err, KZ_E_USAGE, "cli.no_command");
    call->workspace = workspace_of(call);
    return call->command->run(call);
}

int main(int argc, char *argv[])
{
    kz_auto(kz_command_line) p = { 0 };
    kz_err err = { 0 };

    open_standard_files();
    ignore_signals();
    kz_status st = kz_options_parse(kz_commands, kz_n_commands, argc, argv, &p, &err);
    if (st != KZ_OK) {
        tell_failure(&p.call, &err);
        return (int)st;
    }
    st = run(&p);
    if (st != KZ_OK)
        tell_failure(&p.call, &p.call.err);
    kz_status written = kz_out_finish(&err);
    if (st == KZ_OK && written != KZ_OK) {
        tell_failure(&p.call, &err);
        st = written;
    }
    return (int)st;
}
