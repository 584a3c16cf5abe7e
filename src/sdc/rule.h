/*
 * rule.h - when a count is a secret, and what becomes of a count.
 *
 * Tell the public "hidden", never which kind: "primary" would cap the count.
 */
#ifndef KZ_SDC_RULE_H
#define KZ_SDC_RULE_H

#include "base/status.h"

/* The primary rule for one count. */
typedef struct kz_sdc_rule {
    int  min_count;   /* smallest count that may be shown          */
    bool zero_secret; /* is "nobody" a secret?                     */
} kz_sdc_rule;
static inline bool kz_sdc_sensitive(const kz_sdc_rule *r, int64_t value)
{
    return value < r->min_count && (value != 0 || r->zero_secret);
}

typedef enum kz_mask {
    KZ_MASK_OPEN = 0,
    KZ_MASK_PRIMARY,   /* the count itself is too small              */
    KZ_MASK_SECONDARY, /* hidden so that no sum betrays a primary one */
} kz_mask;

#endif
