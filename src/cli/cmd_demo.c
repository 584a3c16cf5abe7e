/*
 * kekiz demo DIR: an invented city, brought in the way any town would do it.
 *
 * The commands of data/demo/commands.txt run one after the other, through the same parser as typed
 * ones.  Lines with {year} that follow each other run for one year after the other; the deliveries of
 * a year are written just before and removed just after, so that no more than one year lies there.
 */
#include "base/asset.h"
#include "base/view.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "demo/extract.h"
#include "io/file.h"
#include "store/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char NAME[] = "Musterstadt", KEY[] = "05999000";
enum { DEFAULT_SEED = 2012, MAX_WORDS = 48 };
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

typedef struct {
    kz_call    *call;
    const char *dir, *files; /* the workspace; where the deliveries lie */
    kz_arena    arena;
    kz_extract *x;
    int         year, n_lines, n_shown; /* of the line that runs; lines of the year; until when they are shown */
} maker;

static kz_status begin_extracts(maker *m, bool truth)
{
    kz_city *city;
    kz_city_size size = is_small(m->call) ? KZ_CITY_SMALL : KZ_CITY_FULL;
    kz_arena_init(&m->arena, ARENA_MAX);
    KZ_TRY(kz_city_plan((uint64_t)kz_opt_int(m->call, "seed", DEFAULT_SEED), size, &m->arena, &city, &m->call->err));
    return kz_extract_begin(city, m->files, truth, &m->arena, &m->x, &m->call->err);
}

/* All files that a town of this shape would receive, and what is true. */
static kz_status write_extracts(maker *m)
{
    KZ_TRY(begin_extracts(m, true));
    kz_progress p = kz_progress_begin("demo.progress", KZ_LIFE_LAST_YEAR - m->x->first_year + 1);
    kz_status st = KZ_OK;
    for (int year = m->x->first_year; year <= KZ_LIFE_LAST_YEAR && st == KZ_OK; year++) {
        st = kz_extract_year(m->x, year, &m->call->err);
        kz_progress_at(&p, year - m->x->first_year + 1);
    }
    kz_progress_end(&p);
    return st == KZ_OK ? kz_extract_end(m->x, &m->call->err) : st;
}

/* A word of commands.txt with its marks filled in. */
static void put_word(kz_buf *text, const maker *m, const char *word, size_t n)
{
    static const struct {
        const char *mark;
        int         add; /* to the year */
        bool        two; /* its last two digits only */
    } YEARS[] = { { "{year}", 0, false }, { "{year-1}", -1, false }, { "{yy}", 0, true }, { "{yy+1}", 1, true } };
    for (const char *end = word + n; word < end;) {
        size_t left = (size_t)(end - word), used = 1;
        if (left >= 7 && memcmp(word, "{files}", 7) == 0) {
            kz_buf_str(text, m->files);
            used = 7;
        } else {
            for (size_t k = 0; k < sizeof YEARS / sizeof *YEARS && used == 1; k++) {
                size_t mark = strlen(YEARS[k].mark);
                if (left < mark || memcmp(word, YEARS[k].mark, mark) != 0)
                    continue;
                if (YEARS[k].two)
                    kz_buf_fmt(text, "%02d", (m->year + YEARS[k].add) % 100);
                else
                    kz_buf_int(text, m->year + YEARS[k].add);
                used = mark;
            }
            if (used == 1)
                kz_buf_char(text, *word);
        }
        word += used;
    }
}

/* One line of commands.txt as if it had been typed. */
static kz_status run_line(maker *m, kz_view line)
{
    kz_call *call = m->call;
    char *argv[MAX_WORDS] = { (char[]){ "kekiz" } };
    kz_auto(kz_buf) words = kz_buf_init(4 * PATH_MAX), said = kz_buf_init(4 * PATH_MAX);
    kz_auto(kz_command_line) p = { 0 };
    size_t at[MAX_WORDS];
    int argc = 1;

    for (size_t from = 0; from < line.n && argc < MAX_WORDS; argc++) {
        const char *blank = memchr(line.p + from, ' ', line.n - from);
        size_t n = (blank ? (size_t)(blank - line.p) : line.n) - from;
        at[argc] = words.n;
        put_word(&words, m, line.p + from, n);
        kz_buf_char(&words, '\0');
        kz_buf_char(&said, ' ');
        put_word(&said, m, line.p + from, n);
        from += n + 1;
    }
    KZ_TRY(kz_buf_status(&words));
    for (int i = 1; i < argc; i++)
        argv[i] = words.p + at[i];
    bool quiet = m->year > m->n_shown;
    if (!quiet)
        kz_tell(call, "demo.runs", kz_s("line", kz_buf_text(&said)));
    KZ_TRY(kz_options_parse(kz_commands, kz_n_commands, argc, argv, &p, &call->err));
    p.call.workspace = m->dir;
    p.call.quiet = quiet;
    kz_status st = p.call.command->run(&p.call);
    if (st != KZ_OK)
        call->err = p.call.err;
    m->n_lines++;
    return st;
}

static bool is_yearly(kz_view line)
{
    return memmem(line.p, line.n, "{y", 2) != NULL;
}

/* The next line that is a command; false: there is none. */
static bool next_line(const char **at, kz_view *ret)
{
    while (**at) {
        size_t n = strcspn(*at, "\n");
        *ret = (kz_view){ *at, n };
        *at += n + ((*at)[n] == '\n');
        if (n > 0 && ret->p[0] != '#')
            return true;
    }
    return false;
}

/* What was brought in is thrown away: no file of persons stays. */
static void remove_deliveries(const char *dir)
{
    char path[PATH_MAX];
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (strchr(e->d_name, '_') && (size_t)snprintf(path, sizeof path, "%s/%s", dir, e->d_name) < sizeof path)
            (void)unlink(path);
    closedir(d);
}

/* The deliveries of one year. */
static kz_status run_year(maker *m, const char *block, int year)
{
    kz_view line;
    m->year = year;
    m->n_lines = 0;
    KZ_TRY(kz_extract_year(m->x, year, &m->call->err));
    while (next_line(&block, &line) && is_yearly(line))
        KZ_TRY(run_line(m, line));
    if (year > m->n_shown) {
        char now[16], first[16];
        snprintf(now, sizeof now, "%d", year);
        snprintf(first, sizeof first, "%d", m->n_shown);
        kz_tell(m->call, "demo.year", kz_s("year", now), kz_n("files", m->n_lines), kz_s("first", first));
    }
    remove_deliveries(m->files);
    return KZ_OK;
}

static kz_status run_commands(maker *m)
{
    const kz_asset *script = kz_asset_find("data/demo/commands.txt");
    KZ_ASSERT(script);
    const char *at = (const char *)script->bytes, *before = at;
    bool years_done = false;
    m->n_shown = m->x->first_year;
    for (kz_view line; next_line(&at, &line); before = at) {
        if (!is_yearly(line)) {
            m->year = m->x->first_year;
            KZ_TRY(run_line(m, line));
            continue;
        }
        if (years_done)
            continue;
        for (int year = m->x->first_year; year <= KZ_LIFE_LAST_YEAR; year++)
            KZ_TRY(run_year(m, before, year));
        KZ_TRY(kz_extract_end(m->x, &m->call->err));
        years_done = true;
    }
    return KZ_OK;
}

static kz_status mark_fictional(kz_call *call, const char *dir)
{
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(dir, KZ_DB_WRITE, &ws, &call->err));
    return kz_setting_put(ws.work, "fictional", "1", &call->err);
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

static kz_status fill(maker *m)
{
    char files[PATH_MAX];
    if ((size_t)snprintf(files, sizeof files, "%s/files/eingang", m->dir) >= sizeof files) {
        errno = ENAMETOOLONG;
        return folder_failed(m->call, m->dir);
    }
    if (mkdir(files, 0700) != 0)
        return folder_failed(m->call, files);
    m->files = files;
    KZ_TRY(begin_extracts(m, false));
    KZ_TRY(mark_fictional(m->call, m->dir));
    KZ_TRY(run_commands(m));
    remove_made(files);
    return KZ_OK;
}

kz_status kz_cmd_demo(kz_call *call)
{
    const char *dir = call->args[0], *size = kz_opt_text(call, "size");
    maker m = { .call = call, .dir = dir, .files = dir };
    kz_status st;
    if (size && strcmp(size, "small") != 0 && strcmp(size, "city") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "demo.size", kz_s("size", size));
    if (kz_opt_flag(call, "files-only")) {
        if (mkdir(dir, 0700) != 0)
            return folder_failed(call, dir);
        st = write_extracts(&m);
    } else {
        KZ_TRY(kz_workspace_init(dir, NAME, KEY, &call->err));
        st = fill(&m);
    }
    kz_arena_done(&m.arena);
    if (st != KZ_OK)
        remove_made(dir);
    else
        kz_tell(call, kz_opt_flag(call, "files-only") ? "demo.files" : "demo.done", kz_s("dir", dir));
    return st;
}
