/*
 * utm.h - from a plane of ETRS89/UTM back to longitude and latitude.
 *
 *     double lon, lat;
 *     if (kz_utm_to_lonlat(25832, x, y, &lon, &lat)) ...    // EPSG number of the plane
 *
 * Only the worker links PROJ; a finding about an outline that is stored already needs no more than this.
 * EPSG:25828 to 25837 (ETRS89, zones 28 to 37, north).  Better than a millimetre within the zone.  O(1).
 * Method: geo/project.h.
 */
#ifndef KZ_GEO_UTM_H
#define KZ_GEO_UTM_H

#include "base/status.h"

/* False: not such a plane, or not a place in it. */
KZ_MUST_USE bool kz_utm_to_lonlat(int epsg, double x, double y, double *lon, double *lat);

#endif
