/*
 * stat_graph.h - neighbours for the rows of a table, from whatever file has them.
 *
 *     kz_neighbours g;
 *     KZ_TRY(kz_stat_graph_file("bezirke.gal", &table, NULL, &arena, &g, err));
 *
 * By the end of the name: `.gal` (io/gal.h); .geojson .json .gpkg .shp .zip .kml, outlines, whose
 * field `key` (NULL: named as the table's key) holds the keys; anything else is a CSV of edges whose first two
 * columns are keys, both directions from one line.  File and table must have the same keys: one that is
 * missing on either side is an error with its name (edges may leave areas without neighbours).
 *
 * kz_stat_graph_outlines: borders of the features that were read already, in their order.  Corners nearer than a
 * thousandth of a mean area's side are one, because borders are often drawn twice (Köln).
 * Everything lives in the arena.
 */
#ifndef KZ_CLI_STAT_GRAPH_H
#define KZ_CLI_STAT_GRAPH_H

#include "cli/stat_table.h"
#include "geo/adjacency.h"
#include "stat/neighbours.h"

bool kz_stat_is_geometry(const char *path);

/* Outlines as they are drawn: who borders on whom needs no system of coordinates. */
KZ_MUST_USE kz_status kz_stat_geo_read(const char *path, kz_arena *a, kz_geofile *ret, kz_err *err);

KZ_MUST_USE kz_status kz_stat_graph_file(const char *path, const kz_stat_table *table, const char *key, kz_arena *a,
                                         kz_neighbours *ret, kz_err *err);
KZ_MUST_USE kz_status kz_stat_graph_outlines(const char *path, const kz_geofile *geo, kz_contiguity rule, kz_arena *a,
                                             kz_neighbours *ret, kz_err *err);

#endif
