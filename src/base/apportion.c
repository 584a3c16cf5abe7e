#include "base/apportion.h"

#include <math.h>

static int64_t quota(int64_t total, int64_t weight, int64_t sum)
{
    return (int64_t)((unsigned __int128)total * (unsigned __int128)weight / (unsigned __int128)sum);
}

static int64_t remainder_of(int64_t total, int64_t weight, int64_t sum)
{
    return (int64_t)((unsigned __int128)total * (unsigned __int128)weight % (unsigned __int128)sum);
}

enum { OPEN = -1 }; /* a part that is not settled */

/* Parts whose quota is above their cap are settled at the cap; until no more are. */
static void settle_caps(int64_t *total, const int64_t weight[], int n, int64_t *sum, const int64_t cap[],
                        int64_t part[])
{
    for (bool again = true; again;) {
        int64_t of = *total, among = *sum;
        again = false;
        for (int i = 0; i < n; i++)
            if (part[i] == OPEN && weight[i] > 0 && quota(of, weight[i], among) > cap[i]) {
                part[i] = cap[i];
                *total -= cap[i];
                *sum -= weight[i];
                again = true;
            }
    }
}

/* Who gets the next unit: of those with `round` units above their quota and room, the largest remainder.
 * The settled ones have no room. */
static int next_in_turn(int64_t total, const int64_t weight[], int n, int64_t sum, const int64_t cap[],
                        const int64_t part[], int64_t round)
{
    int best = -1;
    int64_t best_remainder = 0;
    for (int i = 0; i < n; i++) {
        if (weight[i] == 0 || (cap && part[i] >= cap[i]) || part[i] != quota(total, weight[i], sum) + round)
            continue;
        int64_t r = remainder_of(total, weight[i], sum);
        if (best < 0 || r > best_remainder || (r == best_remainder && weight[i] > weight[best])) {
            best = i;
            best_remainder = r;
        }
    }
    return best;
}

static bool has_room(int64_t total, const int64_t weight[], int n, const int64_t cap[])
{
    int64_t room = 0;
    for (int i = 0; i < n && room < total; i++)
        if (weight[i] > 0)
            room += !cap || cap[i] > total - room ? total - room : cap[i];
    return room >= total;
}

bool kz_apportion(int64_t total, const int64_t weight[], int n, const int64_t cap[], int64_t part[])
{
    int64_t sum = 0;
    KZ_ASSERT(total >= 0 && total <= KZ_APPORTION_MAX);
    for (int i = 0; i < n; i++) {
        KZ_ASSERT(weight[i] >= 0 && weight[i] <= KZ_APPORTION_MAX - sum && (!cap || cap[i] >= 0));
        sum += weight[i];
    }
    if (!has_room(total, weight, n, cap))
        return false;
    for (int i = 0; i < n; i++)
        part[i] = weight[i] > 0 ? OPEN : 0;
    if (cap)
        settle_caps(&total, weight, n, &sum, cap, part);
    int64_t left = total;
    for (int i = 0; i < n; i++)
        if (part[i] == OPEN) {
            part[i] = quota(total, weight[i], sum);
            left -= part[i];
        }
    for (int64_t round = 0; left > 0;) {
        int i = next_in_turn(total, weight, n, sum, cap, part, round);
        if (i < 0) {
            round++;
            continue;
        }
        part[i]++;
        left--;
    }
    return true;
}

bool kz_apportion_weights(const double weight[], int n, int64_t whole[])
{
    double largest = 0;
    for (int i = 0; i < n; i++) {
        if (!(weight[i] >= 0) || isinf(weight[i]))
            return false;
        largest = fmax(largest, weight[i]);
    }
    if (largest < 0x1p-900)
        return false;
    for (int i = 0; i < n; i++)
        whole[i] = llround(weight[i] / largest * 0x1p40);
    return true;
}
