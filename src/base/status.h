/*
 * status.h - how an operation ended, and how to say why.
 *
 * Every function that a user or the world can make fail returns a kz_status
 * and takes an optional `kz_err *err` that receives a message id with named
 * arguments.  The id is looked up in the text catalogue (text.h), so the same
 * failure can be said in German, in Leichte Sprache or in English.
 *
 *     if (fd < 0)
 *         return kz_fail(err, KZ_E_IO, "io.open", kz_s("file", path), kz_s("why", strerror(errno)));
 *
 * A mistake of the programmer is not a status: KZ_ASSERT aborts.
 * Owns nothing; a kz_err is a plain value and may be copied.  No locks.
 */
#ifndef KZ_BASE_STATUS_H
#define KZ_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef enum kz_status {
    KZ_OK = 0,
    KZ_E_FINDING,  /* a check ran well and found something               */
    KZ_E_USAGE,    /* the command line is not one we know                */
    KZ_E_INPUT,    /* the caller's data is wrong: tell the user          */
    KZ_E_MISSING,  /* the thing asked for does not exist                 */
    KZ_E_DENIED,   /* the role may not see or do this                    */
    KZ_E_CONFLICT, /* somebody else changed it first, or it exists       */
    KZ_E_LIMIT,    /* a bound on size, time or count was reached         */
    KZ_E_IO,       /* disk, network or database failed: may be retried   */
} kz_status;       /* the values are the exit codes of CLI.md            */

#define KZ_MUST_USE __attribute__((warn_unused_result))

/* HTTP status code that fits: 200 422 400 422 404 403 409 413 503. */
int kz_status_http(kz_status st);

/* One named argument of a message. */
typedef struct kz_arg {
    const char *name;
    enum { KZ_ARG_END = 0, KZ_ARG_TEXT, KZ_ARG_INT, KZ_ARG_VIEW } kind;
    const char *text;
    int64_t number; /* the integer, or the length of a KZ_ARG_VIEW */
} kz_arg;

#define kz_s(name_, text_)    ((kz_arg){ .name = (name_), .kind = KZ_ARG_TEXT, .text = (text_) })
#define kz_n(name_, number_)  ((kz_arg){ .name = (name_), .kind = KZ_ARG_INT, .number = (int64_t)(number_) })
#define kz_v(name_, ptr_, n_) \
    ((kz_arg){ .name = (name_), .kind = KZ_ARG_VIEW, .text = (ptr_), .number = (int64_t)(n_) })

/* The arguments of one message as an array that ends with KZ_ARG_END. */
enum { KZ_ARGS_MOST = 15 };
#define KZ_ARGS(...) (const kz_arg[KZ_ARGS_MOST + 1]){ __VA_ARGS__ }

enum { KZ_ERR_ARGS = 8, KZ_ERR_BYTES = 768 };

/* A failure as a value: who, what, where.  Arguments are copied, long ones
 * are cut at a character border and end in "…". */
typedef struct kz_err {
    kz_status   status;
    const char *id; /* message id, a literal; NULL: nothing happened */
    int         n_args;
    struct {
        const char *name;
        bool        is_int;
        int64_t     number;
        uint16_t    at, len; /* text in `bytes` */
    } arg[KZ_ERR_ARGS];
    uint16_t used;
    char     bytes[KZ_ERR_BYTES];
} kz_err;

/* Fill *err (may be NULL) and return `st`, so that a failure is one line. */
#define kz_fail(err, st, id, ...) kz_failed((err), (st), (id), KZ_ARGS(__VA_ARGS__))
kz_status kz_fail_(kz_err *err, kz_status st, const char *id, const kz_arg args[]);
/* Inline, so that the analyzer knows what kz_fail returns without reading status.c. */
static inline kz_status kz_failed(kz_err *err, kz_status st, const char *id, const kz_arg args[])
{
    (void)kz_fail_(err, st, id, args);
    return st;
}

/* Add one argument to a failure that a lower room reported (for example the
 * file name, which the parser did not know).  Ignored if it is already there. */
void kz_err_add(kz_err *err, kz_arg arg);

#define KZ_TRY(expr)                   \
    do {                               \
        kz_status kz_s_ = (expr);      \
        if (kz_s_ != KZ_OK)            \
            return kz_s_;              \
    } while (0)

/* A broken promise inside the program: say where and abort. */
#define KZ_ASSERT(cond) ((cond) ? (void)0 : kz_assert_failed(#cond, __FILE__, __LINE__))
_Noreturn void kz_assert_failed(const char *cond, const char *file, int line);

/* kz_auto(kz_buf) b = ...; calls kz_buf_done(&b) when b leaves its block. */
#define kz_auto(type) __attribute__((cleanup(type##_done))) type

#endif
