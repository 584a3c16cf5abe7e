/*
 * kekiz demo DIR: an invented city, brought in the way any town would do it.
 *
 * The extracts are written as files; then the commands of data/demo/commands.txt
 * run one after the other, through the same parser as typed ones.
 */
#include "base/asset.h"
#include "base/view.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "demo/extract.h"
#include "io/file.h"
#include "store/workspace.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char NAME[] = "Musterstadt", KEY[] = "05999000";
enum { DEFAULT_SEED = 2012, MAX_WORDS = 24 };
static const size_t ARENA_MAX = 400u << 20;

static bool is_small(kz_call *call)
{
    const char *size = kz_opt_text(call, "size");
    return size && strcmp(size, "small") == 0;
}

static kz_status folder_failed(kz_call *call, const char *dir)
{
    return kz_fail(&call->err, errno == EEXIST ? KZ_E_CONFLICT : KZ_E_IO, "demo.folder", kz_s("dir", dir),
                   kz_s("why", strerror(errno)));
}

/* All files that a town of this shape would receive. */
static kz_status write_extracts(kz_call *call, const char *dir, bool truth)
{
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_city *city;
    kz_extract *x;
    kz_city_size size = is_small(call) ? KZ_CITY_SMALL : KZ_CITY_FULL;
    kz_arena_init(&a, ARENA_MAX);
    KZ_TRY(kz_city_plan((uint64_t)kz_opt_int(call, "seed", DEFAULT_SEED), size, &a, &city, &call->err));
    KZ_TRY(kz_extract_begin(city, dir, truth, &a, &x, &call->err));
    for (int year = x->first_year; year <= KZ_LIFE_LAST_YEAR; year++)
        KZ_TRY(kz_extract_year(x, year, &call->err));
    return kz_extract_end(x, &call->err);
}

/* A word of commands.txt, with {files} at its beginning filled in. */
static void put_word(kz_buf *text, const char *word, size_t n, const char *files)
{
    static const char MARK[] = "{files}";
    size_t mark = sizeof MARK - 1;
    if (n >= mark && memcmp(word, MARK, mark) == 0) {
        kz_buf_str(text, files);
        word += mark;
        n -= mark;
    }
    kz_buf_add(text, word, n);
}

/* One line of commands.txt as if it had been typed. */
static kz_status run_line(kz_call *call, const char *dir, const char *files, kz_view line)
{
    char *argv[MAX_WORDS] = { (char[]){ "kekiz" } };
    kz_auto(kz_buf) words = kz_buf_init(4 * PATH_MAX), said = kz_buf_init(4 * PATH_MAX);
    kz_auto(kz_command_line) p = { 0 };
    size_t at[MAX_WORDS];
    int argc = 1;

    for (size_t from = 0; from < line.n && argc < MAX_WORDS; argc++) {
        const char *blank = memchr(line.p + from, ' ', line.n - from);
        size_t n = (blank ? (size_t)(blank - line.p) : line.n) - from;
        at[argc] = words.n;
        put_word(&words, line.p + from, n, files);
        kz_buf_char(&words, '\0');
        kz_buf_char(&said, ' ');
        put_word(&said, line.p + from, n, files);
        from += n + 1;
    }
    KZ_TRY(kz_buf_status(&words));
    for (int i = 1; i < argc; i++)
        argv[i] = words.p + at[i];
    kz_tell(call, "demo.runs", kz_s("line", kz_buf_text(&said)));
    KZ_TRY(kz_options_parse(kz_commands, kz_n_commands, argc, argv, &p, &call->err));
    p.call.workspace = dir;
    kz_status st = p.call.command->run(&p.call);
    if (st != KZ_OK)
        call->err = p.call.err;
    return st;
}

static kz_status run_commands(kz_call *call, const char *dir, const char *files)
{
    const kz_asset *script = kz_asset_find("data/demo/commands.txt");
    KZ_ASSERT(script);
    for (const char *at = (const char *)script->bytes; *at;) {
        size_t n = strcspn(at, "\n");
        if (n > 0 && *at != '#')
            KZ_TRY(run_line(call, dir, files, (kz_view){ at, n }));
        at += n + (at[n] == '\n');
    }
    return KZ_OK;
}

static kz_status mark_fictional(kz_call *call, const char *dir)
{
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(dir, KZ_DB_WRITE, &ws, &call->err));
    return kz_setting_put(ws.work, "fictional", "1", &call->err);
}

static kz_status fill(kz_call *call, const char *dir)
{
    char files[PATH_MAX];
    if ((size_t)snprintf(files, sizeof files, "%s/files/eingang", dir) >= sizeof files) {
        errno = ENAMETOOLONG;
        return folder_failed(call, dir);
    }
    if (mkdir(files, 0700) != 0)
        return folder_failed(call, files);
    KZ_TRY(write_extracts(call, files, false));
    KZ_TRY(mark_fictional(call, dir));
    return run_commands(call, dir, files);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

/* A folder that this command has made itself. */
static void remove_made(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

kz_status kz_cmd_demo(kz_call *call)
{
    const char *dir = call->args[0], *size = kz_opt_text(call, "size");
    kz_status st;
    if (size && strcmp(size, "small") != 0 && strcmp(size, "city") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "demo.size", kz_s("size", size));
    if (kz_opt_flag(call, "files-only")) {
        if (mkdir(dir, 0700) != 0)
            return folder_failed(call, dir);
        st = write_extracts(call, dir, true);
    } else {
        KZ_TRY(kz_workspace_init(dir, NAME, KEY, &call->err));
        st = fill(call, dir);
    }
    if (st != KZ_OK)
        remove_made(dir);
    else
        kz_tell(call, kz_opt_flag(call, "files-only") ? "demo.files" : "demo.done", kz_s("dir", dir));
    return st;
}
