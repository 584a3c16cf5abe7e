/*
 * chart_map.h - a level's outlines as a map: colour steps, doubt, secrets, the own area.
 *
 *     kz_chart_map_shapes(out, map, "m");               // once a page: the outlines as <defs>
 *     kz_chart_map(out, &chart, map, "m", "5 km", 5);   // any number of maps refer to them
 *     kz_chart_map_thumb(out, &chart, map, "m");
 *
 * items[i] of the chart belongs to areas[i] of the map.  Outlines stand once in
 * the page and maps <use> them, so a second map costs 4 KB and not 60.
 * Labels: largest area first, left out when wider than 86 % of their room or when
 * they would meet another.  See io/chart.h for the rest.
 */
#ifndef KZ_GEO_CHART_MAP_H
#define KZ_GEO_CHART_MAP_H

#include "geo/svgmap.h"
#include "io/chart.h"

void kz_chart_map_shapes(kz_buf *out, const kz_map *map, const char *shapes);
/* scale_label: "5 km", for a bar of scale_km kilometres. */
void kz_chart_map(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes,
                  const char *scale_label, double scale_km);
/* Amounts are no colours: circles on grey land, area of a circle = amount. */
void kz_chart_map_circles(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes,
                          const char *scale_label, double scale_km);
void kz_chart_map_thumb(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes);
/* Where is it?  All areas pale, one dark; coarse, self-contained, decorative. */
void kz_chart_map_place(kz_buf *out, const kz_map *map, int own);

#endif
