#include "geo/utm.h"

#include "geo/project.h"

#include <math.h>

bool kz_utm_to_lonlat(int epsg, double x, double y, double *lon, double *lat)
{
    const kz_crs utm = { .kind = KZ_CRS_TRANSVERSE, .lon0 = 6 * (epsg - 25800) - 183, .k0 = 0.9996, .x0 = 500000 };
    const kz_crs degrees = { .kind = KZ_CRS_DEGREES };
    if (epsg < 25828 || epsg > 25837 || !(fabs(x - 500000) < 1e6) || !(y > 0 && y < 9.5e6))
        return false;
    kz_point p = kz_crs_move(&utm, &degrees, (kz_point){ x, y });
    if (isnan(p.x))
        return false;
    *lon = p.x;
    *lat = p.y;
    return true;
}
