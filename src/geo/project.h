/*
 * project.h - coordinates of points between the systems that German offices use.
 *
 *     kz_crs wgs, utm;
 *     kz_crs_find(4326, &wgs);
 *     kz_crs_find(25832, &utm);
 *     kz_point p = kz_crs_move(&wgs, &utm, (kz_point){ 6.9583, 50.9413 });   // Kölner Dom: 356,560 5,645,282
 *
 * Known are longitude and latitude (EPSG 4326, 4258), UTM 31 to 33 (25831-25833, 32631-32633; with the zone in
 * front of the easting 4647, 5650), Gauß-Krüger 2 to 4 (31466-31468) and Web Mercator (3857).  x is always
 * longitude or easting.  WGS84 and ETRS89 are taken as one (below a metre).  Gauß-Krüger stands on another
 * ellipsoid; it is turned by seven numbers for all of Germany, good to about 3 metres: near a border that can
 * be the wrong side, and callers say so (`rough`).
 *
 * For tables of points in this process; files of geographic information systems go through PROJ in the
 * worker (io/geofile.h), which knows all systems.  Own code, because a million rows need 0.3 seconds and no
 * library that has to be kept away from foreign bytes (docs/adr/0009).
 *
 * Plain values, no state, safe from any thread.  O(1).  Errors against PROJ: below 0.1 mm, Gauß-Krüger below
 * 3 m of PROJ with the official grid BETA2007 (test/numeric/project.tsv).
 * Method: C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85 (2011),
 * 475-485 (Krüger's series to n^6).  The seven numbers: EPSG transformation 1777 (position vector).
 */
#ifndef KZ_GEO_PROJECT_H
#define KZ_GEO_PROJECT_H

#include "geo/polygon.h"

typedef enum kz_crs_kind { KZ_CRS_DEGREES, KZ_CRS_TRANSVERSE, KZ_CRS_WEB } kz_crs_kind;

typedef struct kz_crs {
    int epsg;             /* 0: none of EPSG                  */
    const char *name;     /* message id: geo.crs_utm32        */
    kz_crs_kind kind;
    double lon0, k0, x0;  /* middle meridian in degrees, scale, false easting */
    bool rough;           /* on Bessel's ellipsoid            */
} kz_crs;

/* False: not one of them. */
bool kz_crs_find(int epsg, kz_crs *ret);
/* The i-th of all; false behind the last.  Last stands UTM 32 with 2,500,000 in front of the meridian,
 * which Köln writes into its files (EPSG 0). */
bool kz_crs_nth(int i, kz_crs *ret);

/* NaN in, or too far from the middle meridian (more than 40 degrees): NaN out. */
kz_point kz_crs_move(const kz_crs *from, const kz_crs *to, kz_point p);

#endif
