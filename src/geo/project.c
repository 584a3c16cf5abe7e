#include "geo/project.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

typedef struct ellipsoid {
    double a, f;
} ellipsoid;
static const ellipsoid GRS80 = { 6378137, 1 / 298.257222101 }, BESSEL = { 6377397.155, 1 / 299.1528128 };

static const kz_crs KNOWN[] = {
    { 4326, "geo.crs_wgs84", KZ_CRS_DEGREES, 0, 1, 0, false },
    { 4258, "geo.crs_etrs89", KZ_CRS_DEGREES, 0, 1, 0, false },
    { 25832, "geo.crs_utm32", KZ_CRS_TRANSVERSE, 9, 0.9996, 500000, false },
    { 25831, "geo.crs_utm31", KZ_CRS_TRANSVERSE, 3, 0.9996, 500000, false },
    { 25833, "geo.crs_utm33", KZ_CRS_TRANSVERSE, 15, 0.9996, 500000, false },
    { 32632, "geo.crs_utm32", KZ_CRS_TRANSVERSE, 9, 0.9996, 500000, false },
    { 32631, "geo.crs_utm31", KZ_CRS_TRANSVERSE, 3, 0.9996, 500000, false },
    { 32633, "geo.crs_utm33", KZ_CRS_TRANSVERSE, 15, 0.9996, 500000, false },
    { 4647, "geo.crs_zone32", KZ_CRS_TRANSVERSE, 9, 0.9996, 32500000, false },
    { 5650, "geo.crs_zone33", KZ_CRS_TRANSVERSE, 15, 0.9996, 33500000, false },
    { 31466, "geo.crs_gk2", KZ_CRS_TRANSVERSE, 6, 1, 2500000, true },
    { 31467, "geo.crs_gk3", KZ_CRS_TRANSVERSE, 9, 1, 3500000, true },
    { 31468, "geo.crs_gk4", KZ_CRS_TRANSVERSE, 12, 1, 4500000, true },
    { 3857, "geo.crs_web", KZ_CRS_WEB, 0, 1, 0, false },
    { 0, "geo.crs_koeln", KZ_CRS_TRANSVERSE, 9, 0.9996, 2500000, false },
};

bool kz_crs_find(int epsg, kz_crs *ret)
{
    for (size_t i = 0; epsg > 0 && i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (KNOWN[i].epsg == epsg) {
            *ret = KNOWN[i];
            return true;
        }
    return false;
}

bool kz_crs_nth(int i, kz_crs *ret)
{
    if (i < 0 || i >= (int)(sizeof KNOWN / sizeof *KNOWN))
        return false;
    *ret = KNOWN[i];
    return true;
}

/* ---- transverse Mercator ------------------------------------------------------ */

enum { TERMS = 6 };

/* Karney (2011), equations 35 and 36, for the third flattening n. */
static void series(double n, double alpha[static TERMS], double beta[static TERMS])
{
    double n2 = n * n, n3 = n2 * n, n4 = n3 * n, n5 = n4 * n, n6 = n5 * n;
    alpha[0] = n / 2 - 2 * n2 / 3 + 5 * n3 / 16 + 41 * n4 / 180 - 127 * n5 / 288 + 7891 * n6 / 37800;
    alpha[1] = 13 * n2 / 48 - 3 * n3 / 5 + 557 * n4 / 1440 + 281 * n5 / 630 - 1983433 * n6 / 1935360;
    alpha[2] = 61 * n3 / 240 - 103 * n4 / 140 + 15061 * n5 / 26880 + 167603 * n6 / 181440;
    alpha[3] = 49561 * n4 / 161280 - 179 * n5 / 168 + 6601661 * n6 / 7257600;
    alpha[4] = 34729 * n5 / 80640 - 3418889 * n6 / 1995840;
    alpha[5] = 212378941 * n6 / 319334400;
    beta[0] = n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360 - 81 * n5 / 512 + 96199 * n6 / 604800;
    beta[1] = n2 / 48 + n3 / 15 - 437 * n4 / 1440 + 46 * n5 / 105 - 1118711 * n6 / 3870720;
    beta[2] = 17 * n3 / 480 - 37 * n4 / 840 - 209 * n5 / 4480 + 5569 * n6 / 90720;
    beta[3] = 4397 * n4 / 161280 - 11 * n5 / 504 - 830251 * n6 / 7257600;
    beta[4] = 4583 * n5 / 161280 - 108847 * n6 / 3991680;
    beta[5] = 20648693 * n6 / 638668800;
}

/* Sum of c[j] * sin(2 (j+1) z) for complex z = xi + i eta (Clenshaw). */
static void add_series(const double c[static TERMS], double xi, double eta, double *dxi, double *deta)
{
    double s2 = sin(2 * xi), c2 = cos(2 * xi), sh2 = sinh(2 * eta), ch2 = cosh(2 * eta);
    double re = 2 * c2 * ch2, im = -2 * s2 * sh2; /* 2 cos 2z */
    double b1r = 0, b1i = 0, b2r = 0, b2i = 0;
    for (int j = TERMS; j-- > 0;) {
        double r = re * b1r - im * b1i - b2r + c[j], i = re * b1i + im * b1r - b2i;
        b2r = b1r;
        b2i = b1i;
        b1r = r;
        b1i = i;
    }
    double sr = s2 * ch2, si = c2 * sh2; /* sin 2z */
    *dxi = sr * b1r - si * b1i;
    *deta = sr * b1i + si * b1r;
}

static double radius(double a, double n)
{
    return a / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64 + n * n * n * n * n * n / 256);
}

/* The tangent of the conformal latitude. */
static double conformal(double tau, double e)
{
    double root = sqrt(1 + tau * tau), sigma = sinh(e * atanh(e * tau / root));
    return tau * sqrt(1 + sigma * sigma) - sigma * root;
}

static kz_point to_plane(const ellipsoid *el, const kz_crs *c, kz_point deg)
{
    double n = el->f / (2 - el->f), e = sqrt(el->f * (2 - el->f)), alpha[TERMS], beta[TERMS];
    double lambda = (deg.x - c->lon0) * PI / 180, dxi, deta;
    if (!(fabs(lambda) < 40 * PI / 180) || !(fabs(deg.y) < 89))
        return (kz_point){ NAN, NAN };
    series(n, alpha, beta);
    double t = conformal(tan(deg.y * PI / 180), e), cl = cos(lambda);
    double xi = atan2(t, cl), eta = asinh(sin(lambda) / sqrt(t * t + cl * cl));
    add_series(alpha, xi, eta, &dxi, &deta);
    double k = c->k0 * radius(el->a, n);
    return (kz_point){ c->x0 + k * (eta + deta), k * (xi + dxi) };
}

static kz_point from_plane(const ellipsoid *el, const kz_crs *c, kz_point p)
{
    double n = el->f / (2 - el->f), e = sqrt(el->f * (2 - el->f)), e2 = e * e, alpha[TERMS], beta[TERMS];
    double k = c->k0 * radius(el->a, n), xi = p.y / k, eta = (p.x - c->x0) / k, dxi, deta;
    if (!(fabs(eta) < 0.7) || !(fabs(xi) < 1.55))
        return (kz_point){ NAN, NAN };
    series(n, alpha, beta);
    add_series(beta, xi, eta, &dxi, &deta);
    xi -= dxi;
    eta -= deta;
    double sh = sinh(eta), cx = cos(xi), t = sin(xi) / sqrt(sh * sh + cx * cx), tau = t / (1 - e2);
    for (int i = 0; i < 5; i++) { /* Newton on the conformal latitude: Karney, equations 19 to 21 */
        double now = conformal(tau, e);
        tau += (t - now) / sqrt(1 + now * now) * (1 + (1 - e2) * tau * tau) / ((1 - e2) * sqrt(1 + tau * tau));
    }
    return (kz_point){ c->lon0 + atan2(sh, cx) * 180 / PI, atan(tau) * 180 / PI };
}

/* ---- from Bessel's ellipsoid and back --------------------------------------------- */

typedef struct xyz {
    double x, y, z;
} xyz;

static xyz to_space(const ellipsoid *el, kz_point deg)
{
    double lon = deg.x * PI / 180, lat = deg.y * PI / 180, e2 = el->f * (2 - el->f);
    double v = el->a / sqrt(1 - e2 * sin(lat) * sin(lat));
    return (xyz){ v * cos(lat) * cos(lon), v * cos(lat) * sin(lon), (1 - e2) * v * sin(lat) };
}

static kz_point from_space(const ellipsoid *el, xyz p)
{
    double e2 = el->f * (2 - el->f), flat = sqrt(p.x * p.x + p.y * p.y), lat = atan2(p.z, flat * (1 - e2));
    for (int i = 0; i < 6; i++) {
        double s = sin(lat), v = el->a / sqrt(1 - e2 * s * s);
        lat = atan2(p.z + e2 * v * s, flat);
    }
    return (kz_point){ atan2(p.y, p.x) * 180 / PI, lat * 180 / PI };
}

/* EPSG 1777, DHDN to WGS84, position vector; backwards with `sign` -1 the exact inverse of the matrix. */
static xyz turn(xyz p, bool back)
{
    const double second = PI / 648000, m = 1 + 6.7e-6;
    const double tx = 598.1, ty = 73.7, tz = 418.2, rx = 0.202 * second, ry = 0.045 * second, rz = -2.455 * second;
    if (!back)
        return (xyz){ tx + m * (p.x - rz * p.y + ry * p.z), ty + m * (rz * p.x + p.y - rx * p.z),
                      tz + m * (-ry * p.x + rx * p.y + p.z) };
    double x = (p.x - tx) / m, y = (p.y - ty) / m, z = (p.z - tz) / m;
    xyz q = { x, y, z };
    for (int i = 0; i < 3; i++) /* the turns are small: this settles at once */
        q = (xyz){ x + rz * q.y - ry * q.z, y - rz * q.x + rx * q.z, z + ry * q.x - rx * q.y };
    return q;
}

static kz_point to_degrees(const kz_crs *c, kz_point p)
{
    switch (c->kind) {
    case KZ_CRS_DEGREES:
        return fabs(p.x) <= 180 && fabs(p.y) <= 90 ? p : (kz_point){ NAN, NAN };
    case KZ_CRS_WEB:
        return (kz_point){ p.x / GRS80.a * 180 / PI, atan(sinh(p.y / GRS80.a)) * 180 / PI };
    default:
        break;
    }
    if (!c->rough)
        return from_plane(&GRS80, c, p);
    return from_space(&GRS80, turn(to_space(&BESSEL, from_plane(&BESSEL, c, p)), false));
}

kz_point kz_crs_move(const kz_crs *from, const kz_crs *to, kz_point p)
{
    if (!isfinite(p.x) || !isfinite(p.y))
        return (kz_point){ NAN, NAN };
    p = to_degrees(from, p);
    switch (to->kind) {
    case KZ_CRS_DEGREES:
        return p;
    case KZ_CRS_WEB:
        return (kz_point){ p.x * PI / 180 * GRS80.a, asinh(tan(p.y * PI / 180)) * GRS80.a };
    default:
        break;
    }
    if (!to->rough)
        return to_plane(&GRS80, to, p);
    return to_plane(&BESSEL, to, from_space(&BESSEL, turn(to_space(&GRS80, p), true)));
}
