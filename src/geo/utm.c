#include "geo/utm.h"

#include <math.h>

bool kz_utm_to_lonlat(int epsg, double x, double y, double *lon, double *lat)
{
    const double a = 6378137, f = 1 / 298.257222101, n = f / (2 - f), n2 = n * n, n3 = n2 * n, n4 = n3 * n;
    const double radius = a / (1 + n) * (1 + n2 / 4 + n4 / 64), scale = 0.9996, radian = M_PI / 180;
    const double beta[] = { n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360, n2 / 48 + n3 / 15 - 437 * n4 / 1440,
                            17 * n3 / 480 - 37 * n4 / 840, 4397 * n4 / 161280 };
    const double delta[] = { 2 * n - 2 * n2 / 3 - 2 * n3 + 116 * n4 / 45, 7 * n2 / 3 - 8 * n3 / 5 - 227 * n4 / 45,
                             56 * n3 / 15 - 136 * n4 / 35, 4279 * n4 / 630 };
    if (epsg < 25828 || epsg > 25837 || !(fabs(x - 500000) < 1e6) || !(y > 0 && y < 9.5e6))
        return false;
    double north = y / (scale * radius), east = (x - 500000) / (scale * radius), xi = north, eta = east;
    for (int j = 0; j < 4; j++) {
        xi -= beta[j] * sin(2 * (j + 1) * north) * cosh(2 * (j + 1) * east);
        eta -= beta[j] * cos(2 * (j + 1) * north) * sinh(2 * (j + 1) * east);
    }
    double chi = asin(sin(xi) / cosh(eta)), phi = chi;
    for (int j = 0; j < 4; j++)
        phi += delta[j] * sin(2 * (j + 1) * chi);
    *lat = phi / radian;
    *lon = 6 * (epsg - 25800) - 183 + atan2(sinh(eta), cos(xi)) / radian;
    return true;
}
