/*
 * journal.h - who did what, when, and whether it was allowed.
 *
 *     KZ_TRY(kz_journal_add(work, &(kz_event){ .account = "meier", .role = "statistik", .verb = "undo",
 *                                              .object = "import 7", .result = "done" }, err));
 *
 * Events are added, never changed: triggers refuse, and each row carries the SHA-256 of the hash before it
 * and of its own fields (each as 4 bytes of length, little-endian, and its bytes: seq, at, account, role,
 * verb, object, result), so a row that was changed, taken out or put elsewhere shows.  Ids only, no content
 * of any file and nothing about persons.  One transaction an event.
 * Source: TRUST.md 2 (audit log); OWASP ASVS 5.0, V16.
 */
#ifndef KZ_TRUST_JOURNAL_H
#define KZ_TRUST_JOURNAL_H

#include "store/db.h"

typedef struct kz_event {
    const char *at;      /* "2026-11-22T10:41:07Z"; NULL: now */
    const char *account; /* "": a guest                       */
    const char *role, *verb, *object;
    const char *result;  /* done, refused, failed             */
} kz_event;

KZ_MUST_USE kz_status kz_journal_add(kz_db *work, const kz_event *e, kz_err *err);

#endif
