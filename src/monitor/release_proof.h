/*
 * release_proof.h - the witnesses of a release, kept in work.db until somebody checks them.
 *
 * One row a part of the system (protect.h), as numbers of variable length, packed.  A proof belongs to the
 * system it was made for: `shape` (its codes, areas, relations) is kept with it, and another shape finds none.
 *
 *     KZ_TRY(kz_release_proof_put(work, release, i, &part, &proof, err));
 *     KZ_TRY(kz_release_proof_get(work, release, i, &part, &proof, &found, err));   // kz_sdc_proof_done
 *
 * What is read is checked by kz_sdc_linked_check, so a damaged or forged proof is refused, not trusted.
 */
#ifndef KZ_MONITOR_RELEASE_PROOF_H
#define KZ_MONITOR_RELEASE_PROOF_H

#include "monitor/protect.h"

KZ_MUST_USE kz_status kz_release_proof_put(kz_db *work, int64_t release, int part, const kz_protect_system *s,
                                           const kz_protect_part *of, const kz_sdc_proof *proof, kz_err *err);
KZ_MUST_USE kz_status kz_release_proof_get(kz_db *work, int64_t release, int part, const kz_protect_part *of,
                                           kz_sdc_proof *ret, bool *found, kz_err *err);
/* Witnesses of all public releases but this one that speak of the same period, in the part's numbers: what was
 * a witness then mostly is one now.  Nothing is trusted: who uses them looks whether they hold. */
KZ_MUST_USE kz_status kz_release_proof_hints(kz_db *work, int64_t release, const kz_protect_system *s,
                                             const kz_protect_part *of, kz_sdc_proof *ret, kz_err *err);
/* All of a release. */
KZ_MUST_USE kz_status kz_release_proof_drop(kz_db *work, int64_t release, kz_err *err);

#endif
