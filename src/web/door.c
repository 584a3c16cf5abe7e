#include "web/door.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "web/wire.h"

enum {
    TICK_MS = 250,
    EVENTS = 256,
    LINGER_MS = 1000,   /* a refusal must be read before the connection is reset */
    MOST_LEAVING = 512,
};

typedef enum whereabouts { AT_GATE, LEAVING, INSIDE } whereabouts;

struct kz_guest {
    struct kz_guest *prev, *next;
    int fd;
    whereabouts place; /* the first two belong to the thread of the door */
    bool shown_out;
    _Atomic int64_t deadline;
};

struct kz_door {
    int listen_fd, wake_fd, epoll_fd;
    int max_guests, n_leaving;
    _Atomic int n_guests; /* at the gate, being handed over, inside */
    kz_door_callbacks call;
    pthread_t thread;
    pthread_mutex_t lock;
    kz_guest ring; /* the list's head and tail */
    char peeked[KZ_WIRE_MAX];
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static kz_guest *guest_new(kz_door *door, int fd, whereabouts place)
{
    kz_guest *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->fd = fd;
    g->place = place;
    g->deadline = now_ms() + KZ_GUEST_HEADER_MS;
    pthread_mutex_lock(&door->lock);
    g->next = &door->ring;
    g->prev = door->ring.prev;
    g->prev->next = g;
    door->ring.prev = g;
    pthread_mutex_unlock(&door->lock);
    return g;
}

static void guest_free(kz_door *door, kz_guest *g)
{
    pthread_mutex_lock(&door->lock);
    g->prev->next = g->next;
    g->next->prev = g->prev;
    pthread_mutex_unlock(&door->lock);
    free(g);
}

kz_guest *kz_guest_come(kz_door *door, int fd)
{
    return guest_new(door, fd, INSIDE);
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
    if (g)
        guest_free(door, g);
}

/* For guests of our own thread: the socket goes with them. */
static void dismiss(kz_door *door, kz_guest *g)
{
    int fd = g->fd;
    if (g->place == LEAVING)
        door->n_leaving--;
    else
        door->n_guests--;
    guest_free(door, g);
    close(fd);
}

/* Answer with a refusal and wait a moment for it to be read. */
static void refuse(kz_door *door, kz_guest *g, int code)
{
    const kz_buf *answer = door->call.refusal(door->call.ctx, code);
    ssize_t sent = send(g->fd, kz_buf_text(answer), answer->n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 || shutdown(g->fd, SHUT_WR) != 0 || door->n_leaving == MOST_LEAVING) {
        dismiss(door, g);
        return;
    }
    g->place = LEAVING;
    g->deadline = now_ms() + LINGER_MS;
    door->n_guests--;
    door->n_leaving++;
}

static void drain(kz_door *door, kz_guest *g)
{
    enum { AT_ONCE = 16 };
    ssize_t got = 1;
    for (int i = 0; i < AT_ONCE && got > 0; i++)
        got = recv(g->fd, door->peeked, sizeof door->peeked, MSG_DONTWAIT);
    if (g->shown_out || got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        dismiss(door, g);
}

/* Look at what has come so far without taking it; `last`: nothing will follow. */
static void look(kz_door *door, kz_guest *g, bool last)
{
    if (g->shown_out) {
        dismiss(door, g);
        return;
    }
    ssize_t got = recv(g->fd, door->peeked, sizeof door->peeked, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        dismiss(door, g);
        return;
    }
    size_t n_head;
    int code = kz_wire_check(door->peeked, (size_t)got, &n_head);
    if (code == KZ_WIRE_MORE) {
        if (last)
            dismiss(door, g);
        return;
    }
    if (code == 0)
        code = kz_wire_meaning(door->peeked, n_head);
    if (code != 0) {
        refuse(door, g, code);
        return;
    }
    struct sockaddr_storage at = { 0 };
    socklen_t n = sizeof at;
    int fd = g->fd;
    epoll_ctl(door->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    guest_free(door, g);
    if (getpeername(fd, (struct sockaddr *)&at, &n) != 0) {
        close(fd);
        door->n_guests--;
    } else if (!door->call.hand_over(door->call.ctx, fd, (struct sockaddr *)&at, n)) {
        door->n_guests--;
    }
}

static void let_in(kz_door *door)
{
    enum { AT_ONCE = 256 }; /* then look after the others */
    for (int i = 0; i < AT_ONCE; i++) {
        int fd = accept4(door->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            /* Out of descriptors: waiting is all that helps, not spinning. */
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 }, NULL);
            return;
        }
        kz_guest *g = guest_new(door, fd, AT_GATE);
        struct epoll_event want = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = g };
        if (!g) {
            close(fd);
            continue;
        }
        bool full = door->n_guests++ >= door->max_guests;
        if (epoll_ctl(door->epoll_fd, EPOLL_CTL_ADD, fd, &want) != 0)
            dismiss(door, g);
        else if (full)
            refuse(door, g, 503);
    }
}

static void show_out_the_late(kz_door *door)
{
    int64_t now = now_ms();
    pthread_mutex_lock(&door->lock);
    for (kz_guest *g = door->ring.next; g != &door->ring; g = g->next) {
        if (g->deadline > now || g->shown_out)
            continue;
        g->shown_out = true;
        shutdown(g->fd, SHUT_RDWR); /* at the gate this wakes our own thread, which closes */
    }
    pthread_mutex_unlock(&door->lock);
}

/* false: the door is to be taken down. */
static bool handle(kz_door *door, const struct epoll_event *e)
{
    if (e->data.ptr == &door->wake_fd) {
        uint64_t what;
        if (read(door->wake_fd, &what, sizeof what) == (ssize_t)sizeof what && what > 1)
            return false;
        epoll_ctl(door->epoll_fd, EPOLL_CTL_DEL, door->listen_fd, NULL);
        shutdown(door->listen_fd, SHUT_RDWR);
    } else if (e->data.ptr == &door->listen_fd) {
        let_in(door);
    } else {
        kz_guest *g = e->data.ptr;
        if (g->place == LEAVING)
            drain(door, g);
        else
            look(door, g, e->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
    }
    return true;
}

static void *keep(void *arg)
{
    kz_door *door = arg;
    int64_t looked = now_ms();
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(door->epoll_fd, events, EVENTS, TICK_MS);
        for (int i = 0; i < n; i++)
            if (!handle(door, &events[i]))
                return NULL;
        if (now_ms() - looked >= TICK_MS) {
            show_out_the_late(door);
            looked = now_ms();
        }
    }
}

static bool watch(kz_door *door, int fd, void *what)
{
    struct epoll_event want = { .events = EPOLLIN, .data.ptr = what };
    return epoll_ctl(door->epoll_fd, EPOLL_CTL_ADD, fd, &want) == 0;
}

kz_status kz_door_open(int listen_fd, int max_guests, const kz_door_callbacks *callbacks, kz_door **ret, kz_err *err)
{
    kz_door *door = calloc(1, sizeof *door);
    if (!door)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    door->listen_fd = listen_fd;
    door->max_guests = max_guests;
    door->call = *callbacks;
    door->ring.next = door->ring.prev = &door->ring;
    pthread_mutex_init(&door->lock, NULL);
    door->wake_fd = eventfd(0, EFD_CLOEXEC);
    door->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    *ret = door; /* the thread may hand over the first guest before we return */
    if (door->wake_fd >= 0 && door->epoll_fd >= 0 && watch(door, door->wake_fd, &door->wake_fd) &&
        watch(door, listen_fd, &door->listen_fd) && pthread_create(&door->thread, NULL, keep, door) == 0)
        return KZ_OK;
    if (door->wake_fd >= 0)
        close(door->wake_fd);
    if (door->epoll_fd >= 0)
        close(door->epoll_fd);
    free(door);
    *ret = NULL;
    return kz_fail(err, KZ_E_LIMIT, "web.no_thread");
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
    while (door->ring.next != &door->ring)
        dismiss(door, door->ring.next);
    close(door->listen_fd);
    close(door->wake_fd);
    close(door->epoll_fd);
    pthread_mutex_destroy(&door->lock);
    free(door);
}
