/*
 * ledger_convert.h - counts of one day's areas as counts of another day's areas.
 *
 *     kz_tally in[x.n_from], out[x.n_to];              // by number of the crosswalk's areas
 *     KZ_TRY(kz_ledger_convert(&x, in, NULL, &arena, out, err));
 *
 * Every count is handed on in whole units, by largest remainder in each source area (base/apportion.h), so
 * the sum over the town stays the same to the unit.  What comes from whole areas only is as sure as before:
 * a merger or a new key loses nothing.  A part of a split area is estimated (s), with the bounds that are
 * certain: what came from whole areas at least, and all of the split ones at most.  Nobody, split, is
 * nobody: that is certain.
 *
 * A hidden source hides every area that gets a part of it, with bounds.  A source without a count makes
 * them "later"; an area all of whose sources never came has none either.
 *
 * `whole`: counts of which `in` are a part, in the same areas (the denominator of a share): no part becomes
 * larger than its whole, which largest remainders alone do not promise (the Alabama paradox).
 *
 * Pure but for scratch in the arena.  O(rows).  Property: merging back what was only merged is exact.
 */
#ifndef KZ_MONITOR_LEDGER_CONVERT_H
#define KZ_MONITOR_LEDGER_CONVERT_H

#include "monitor/ledger_cross.h"
#include "monitor/tally.h"

/* KZ_E_LIMIT: no memory. */
KZ_MUST_USE kz_status kz_ledger_convert(const kz_crosswalk *x, const kz_tally in[], const kz_tally whole[],
                                        kz_arena *a, kz_tally out[], kz_err *err);

#endif
