#include "stat/peers.h"

#include "base/status.h"

#include <math.h>

static double squared(const double *const z[], int n_columns, int a, int b)
{
    double sum = 0;
    for (int c = 0; c < n_columns; c++)
        sum += (z[c][a] - z[c][b]) * (z[c][a] - z[c][b]);
    return sum;
}

void kz_peers_find(const double *const z[], int n_columns, int n, int area, int wanted, kz_peer peer[], double share[])
{
    int found = 0;
    KZ_ASSERT(wanted > 0 && wanted < n && area >= 0 && area < n);
    for (int i = 0; i < n; i++) {
        if (i == area)
            continue;
        double d = squared(z, n_columns, area, i);
        if (found == wanted && d >= peer[found - 1].distance)
            continue;
        int at = found < wanted ? found++ : found - 1;
        for (; at > 0 && peer[at - 1].distance > d; at--)
            peer[at] = peer[at - 1];
        peer[at] = (kz_peer){ i, d };
    }
    for (int k = 0; k < wanted; k++) {
        for (int c = 0; c < n_columns; c++) {
            double d = z[c][area] - z[c][peer[k].area];
            share[k * n_columns + c] = peer[k].distance > 0 ? d * d / peer[k].distance : 0;
        }
        peer[k].distance = sqrt(peer[k].distance);
    }
}
