#include "web/door.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 250, TURNED_AWAY = 64, LINGER_MS = 500 };

struct kz_guest {
    struct kz_guest *prev, *next;
    int fd;
    bool shown_out;
    _Atomic int64_t deadline;
};

struct kz_door {
    int listen_fd, wake_fd;
    int max_guests;
    _Atomic int n_guests; /* also those that are being handed over */
    kz_door_hand_over hand_over;
    void *ctx;
    const char *full;
    size_t n_full;
    pthread_t thread;
    pthread_mutex_t lock;
    kz_guest ring; /* the list's head and tail */
    /* Sockets that got the 503: closed a little later, because closing at once
     * would reset the connection before the answer is read. */
    struct {
        int fd;
        int64_t since;
    } away[TURNED_AWAY];
    unsigned next_away;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

kz_guest *kz_guest_come(kz_door *door, int fd)
{
    kz_guest *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->fd = fd;
    g->deadline = now_ms() + KZ_GUEST_HEADER_MS;
    pthread_mutex_lock(&door->lock);
    g->next = &door->ring;
    g->prev = door->ring.prev;
    g->prev->next = g;
    door->ring.prev = g;
    pthread_mutex_unlock(&door->lock);
    return g;
}

void kz_guest_until(kz_guest *g, int64_t ms)
{
    if (g)
        g->deadline = now_ms() + ms;
}

void kz_guest_hurry(kz_guest *g, int64_t ms)
{
    int64_t at = now_ms() + ms;
    if (g && at < g->deadline)
        g->deadline = at;
}

void kz_guest_go(kz_door *door, kz_guest *g)
{
    door->n_guests--;
    if (!g)
        return;
    pthread_mutex_lock(&door->lock);
    g->prev->next = g->next;
    g->next->prev = g->prev;
    pthread_mutex_unlock(&door->lock);
    free(g);
}

static void show_out_the_late(kz_door *door, int64_t now)
{
    pthread_mutex_lock(&door->lock);
    for (kz_guest *g = door->ring.next; g != &door->ring; g = g->next) {
        if (g->deadline > now || g->shown_out)
            continue;
        shutdown(g->fd, SHUT_RDWR);
        g->shown_out = true;
    }
    pthread_mutex_unlock(&door->lock);
    for (int i = 0; i < TURNED_AWAY; i++) {
        if (door->away[i].fd >= 0 && now - door->away[i].since >= LINGER_MS) {
            close(door->away[i].fd);
            door->away[i].fd = -1;
        }
    }
}

static void turn_away(kz_door *door, int fd, int64_t now)
{
    char rest[4096];
    ssize_t sent = send(fd, door->full, door->n_full, MSG_NOSIGNAL | MSG_DONTWAIT);
    ssize_t got = recv(fd, rest, sizeof rest, MSG_DONTWAIT);
    if (sent < 0 || got == 0 || shutdown(fd, SHUT_WR) != 0) {
        close(fd);
        return;
    }
    unsigned at = door->next_away++ % TURNED_AWAY;
    if (door->away[at].fd >= 0)
        close(door->away[at].fd);
    door->away[at].fd = fd;
    door->away[at].since = now;
}

static void let_in(kz_door *door, int64_t now)
{
    enum { AT_ONCE = 256 }; /* then look after the others */
    for (int i = 0; i < AT_ONCE; i++) {
        struct sockaddr_storage at;
        socklen_t n = sizeof at;
        int fd = accept4(door->listen_fd, (struct sockaddr *)&at, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            /* Out of descriptors: waiting is all that helps, not spinning. */
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 }, NULL);
            return;
        }
        if (door->n_guests >= door->max_guests) {
            turn_away(door, fd, now);
            continue;
        }
        door->n_guests++;
        door->hand_over(door->ctx, fd, (struct sockaddr *)&at, n);
    }
}

static void *keep(void *arg)
{
    kz_door *door = arg;
    int64_t looked = now_ms();
    for (;;) {
        struct pollfd at[2] = { { .fd = door->wake_fd, .events = POLLIN },
                                { .fd = door->listen_fd, .events = POLLIN } };
        int ready = poll(at, 2, TICK_MS);
        /* Closing only ends the accepting: guests keep their deadlines. */
        if (ready > 0 && at[0].revents) {
            uint64_t what;
            if (read(door->wake_fd, &what, sizeof what) == (ssize_t)sizeof what && what > 1)
                return NULL;
            close(door->listen_fd);
            door->listen_fd = -1;
        }
        int64_t now = now_ms();
        if (ready > 0 && door->listen_fd >= 0 && at[1].revents)
            let_in(door, now);
        if (now - looked >= TICK_MS) {
            show_out_the_late(door, now);
            looked = now;
        }
    }
}

kz_status kz_door_open(int listen_fd, int max_guests, kz_door_hand_over hand_over, void *ctx, const char *full,
                       size_t n_full, kz_door **ret, kz_err *err)
{
    kz_door *door = calloc(1, sizeof *door);
    if (!door)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    door->listen_fd = listen_fd;
    door->max_guests = max_guests;
    door->hand_over = hand_over;
    door->ctx = ctx;
    door->full = full;
    door->n_full = n_full;
    door->ring.next = door->ring.prev = &door->ring;
    for (int i = 0; i < TURNED_AWAY; i++)
        door->away[i].fd = -1;
    pthread_mutex_init(&door->lock, NULL);
    door->wake_fd = eventfd(0, EFD_CLOEXEC);
    *ret = door; /* the thread may hand over the first guest before we return */
    if (door->wake_fd < 0 || pthread_create(&door->thread, NULL, keep, door) != 0) {
        if (door->wake_fd >= 0)
            close(door->wake_fd);
        free(door);
        *ret = NULL;
        return kz_fail(err, KZ_E_LIMIT, "web.no_thread");
    }
    return KZ_OK;
}

static void tell(kz_door *door, uint64_t what)
{
    while (write(door->wake_fd, &what, sizeof what) < 0 && errno == EINTR)
        ;
}

void kz_door_close(kz_door *door)
{
    tell(door, 1);
}

void kz_door_free(kz_door *door)
{
    if (!door)
        return;
    tell(door, 2);
    pthread_join(door->thread, NULL);
    if (door->listen_fd >= 0)
        close(door->listen_fd);
    for (int i = 0; i < TURNED_AWAY; i++)
        if (door->away[i].fd >= 0)
            close(door->away[i].fd);
    close(door->wake_fd);
    pthread_mutex_destroy(&door->lock);
    free(door);
}
