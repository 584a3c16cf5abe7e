#include "web/atlas_holder.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "web/serverlog.h"

enum { LOOK_MS = 500, SETTLING_LOOKS = 10 };

/* What tells one state of the database from the next without opening it: a
 * publication is written to the WAL or, at a checkpoint, to the file itself. */
typedef struct file_state {
    struct {
        ino_t inode;
        off_t size;
        struct timespec changed;
    } file[2];
} file_state;

struct kz_atlas_holder {
    char *path, *wal;
    pthread_mutex_t lock; /* of `current` */
    kz_held *current;     /* never NULL   */
    file_state seen;
    int settling; /* looks that load once more although the files look the same */
    bool complained;
    pthread_t watcher;
    pthread_mutex_t stop_lock;
    pthread_cond_t stop_signal;
    bool stop;
};

static file_state look_at(const kz_atlas_holder *h)
{
    file_state s;
    memset(&s, 0, sizeof s);
    const char *const paths[2] = { h->path, h->wal };
    for (int i = 0; i < 2; i++) {
        struct stat st;
        if (stat(paths[i], &st) != 0)
            continue;
        s.file[i].inode = st.st_ino;
        s.file[i].size = st.st_size;
        s.file[i].changed = st.st_mtim;
    }
    return s;
}

static kz_held *held_new(kz_atlas *atlas)
{
    kz_held *held = calloc(1, sizeof *held);
    if (held) {
        held->atlas = atlas;
        held->cache = kz_cache_new(KZ_CACHE_BYTES);
        held->users = 1;
    }
    return held;
}

kz_held *kz_atlas_hold(kz_atlas_holder *h)
{
    pthread_mutex_lock(&h->lock);
    kz_held *held = h->current;
    held->users++;
    pthread_mutex_unlock(&h->lock);
    return held;
}

void kz_atlas_release(kz_held *held)
{
    if (--held->users > 0)
        return;
    kz_cache_free(held->cache);
    kz_atlas_free(held->atlas);
    free(held);
}

static bool same_version(const kz_atlas *a, const kz_atlas *b)
{
    return a && b && strcmp(a->version, b->version) == 0;
}

/* Take `atlas` as the current one; the holder owns it from here on. */
static void become_current(kz_atlas_holder *h, kz_atlas *atlas)
{
    if (same_version(h->current->atlas, atlas)) {
        kz_atlas_free(atlas);
        return;
    }
    kz_held *held = held_new(atlas);
    if (!held) {
        kz_atlas_free(atlas);
        return;
    }
    pthread_mutex_lock(&h->lock);
    kz_held *old = h->current;
    h->current = held;
    pthread_mutex_unlock(&h->lock);
    kz_atlas_release(old);
    if (atlas)
        kz_server_log("web.log.atlas", kz_s("name", atlas->name), kz_n("n", atlas->n_indicators));
}

static kz_status load(kz_atlas_holder *h, kz_err *err)
{
    kz_atlas *atlas = NULL;
    struct stat st;
    if (stat(h->path, &st) != 0 && errno == ENOENT) {
        become_current(h, NULL);
        return KZ_OK;
    }
    kz_status s = kz_atlas_load(h->path, &atlas, err);
    if (s == KZ_OK || s == KZ_E_MISSING)
        become_current(h, s == KZ_OK ? atlas : NULL);
    return s == KZ_E_MISSING ? KZ_OK : s;
}

void kz_atlas_holder_look(kz_atlas_holder *h)
{
    file_state now = look_at(h);
    /* SQLite shows a commit to readers only after the WAL is on disk, so the files
     * may have their last look a while before their content has. */
    if (memcmp(&now, &h->seen, sizeof now) != 0)
        h->settling = SETTLING_LOOKS;
    else if (h->settling == 0)
        return;
    else
        h->settling--;
    kz_err err = { 0 };
    if (load(h, &err) == KZ_OK) {
        h->seen = now; /* as it was before loading: a change in between is seen next time */
        h->complained = false;
    } else if (!h->complained) {
        kz_server_log_err("web.log.atlas_failed", &err);
        h->complained = true;
    }
}

static void *watch(void *arg)
{
    kz_atlas_holder *h = arg;
    pthread_mutex_lock(&h->stop_lock);
    while (!h->stop) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000 * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&h->stop_signal, &h->stop_lock, &until) == ETIMEDOUT) {
            pthread_mutex_unlock(&h->stop_lock);
            kz_atlas_holder_look(h);
            pthread_mutex_lock(&h->stop_lock);
        }
    }
    pthread_mutex_unlock(&h->stop_lock);
    return NULL;
}

static void holder_free(kz_atlas_holder *h)
{
    if (h->current)
        kz_atlas_release(h->current);
    free(h->path);
    free(h->wal);
    free(h);
}

kz_status kz_atlas_holder_open(const char *release_db, kz_atlas_holder **ret, kz_err *err)
{
    kz_atlas_holder *h = calloc(1, sizeof *h);
    if (!h)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    pthread_mutex_init(&h->lock, NULL);
    pthread_mutex_init(&h->stop_lock, NULL);
    pthread_cond_init(&h->stop_signal, NULL);
    kz_auto(kz_buf) wal = kz_buf_init(5000);
    kz_buf_str(&wal, release_db);
    kz_buf_str(&wal, "-wal");
    h->path = strdup(release_db);
    h->wal = strdup(kz_buf_text(&wal));
    h->current = held_new(NULL);
    if (!h->path || !h->wal || !h->current || kz_buf_status(&wal) != KZ_OK) {
        holder_free(h);
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    }
    h->seen = look_at(h);
    kz_status st = load(h, err);
    if (st != KZ_OK) {
        holder_free(h);
        return st;
    }
    if (pthread_create(&h->watcher, NULL, watch, h) != 0) {
        holder_free(h);
        return kz_fail(err, KZ_E_LIMIT, "web.no_thread");
    }
    *ret = h;
    return KZ_OK;
}

void kz_atlas_holder_close(kz_atlas_holder *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->stop_lock);
    h->stop = true;
    pthread_cond_signal(&h->stop_signal);
    pthread_mutex_unlock(&h->stop_lock);
    pthread_join(h->watcher, NULL);
    holder_free(h);
}
