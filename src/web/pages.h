/* pages.h - the functions behind the table of pages, by file. */
#ifndef KZ_WEB_PAGES_H
#define KZ_WEB_PAGES_H

#include "web/http.h"

/* page_*.c: the public atlas */
kz_status kz_page_start(kz_request *rq);
kz_status kz_page_search(kz_request *rq);
kz_status kz_page_themes(kz_request *rq);
kz_status kz_page_theme(kz_request *rq);
kz_status kz_page_theme_csv(kz_request *rq);
kz_status kz_page_sheet(kz_request *rq);
kz_status kz_page_life(kz_request *rq);
kz_status kz_page_areas(kz_request *rq);
kz_status kz_page_area(kz_request *rq);
kz_status kz_page_area_csv(kz_request *rq);
kz_status kz_page_data(kz_request *rq);
kz_status kz_page_access(kz_request *rq);
kz_status kz_page_privacy(kz_request *rq);
kz_status kz_page_imprint(kz_request *rq);

/* page_sign.c: coming in and going out */
kz_status kz_page_sign_in(kz_request *rq);
kz_status kz_page_sign_in_post(kz_request *rq);
kz_status kz_page_sign_out_post(kz_request *rq);

/* The internal side, for the statistics office */
kz_status kz_page_desk(kz_request *rq);          /* page_desk.c: what is to be done          */
kz_status kz_page_sources(kz_request *rq);       /* page_source.c: choose, hand in           */
kz_status kz_page_source(kz_request *rq);
kz_status kz_page_source_post(kz_request *rq);
kz_status kz_page_run(kz_request *rq);           /* page_run.c: how far it is, what came out */
kz_status kz_page_run_apply_post(kz_request *rq);
kz_status kz_page_run_check_post(kz_request *rq);
kz_status kz_page_run_drop_post(kz_request *rq);
kz_status kz_page_run_csv(kz_request *rq);       /* page_report.c: the report                */
kz_status kz_page_run_xlsx(kz_request *rq);
kz_status kz_page_map(kz_request *rq);           /* page_map.c: what the columns mean        */
kz_status kz_page_map_post(kz_request *rq);
kz_status kz_page_history(kz_request *rq);       /* page_history.c                           */
kz_status kz_page_import(kz_request *rq);
kz_status kz_page_import_undo(kz_request *rq);
kz_status kz_page_import_undo_post(kz_request *rq);
kz_status kz_page_state(kz_request *rq);         /* page_state.c: the machine                */

/* page_system.c: for machines */
kz_status kz_page_health(kz_request *rq);
kz_status kz_page_robots(kz_request *rq);
kz_status kz_page_sitemap(kz_request *rq);
kz_status kz_page_favicon(kz_request *rq);

/*
 * Every address that a public GET page has in this atlas: patterns with :area
 * or :indicator once for each of them, others by their example.  For the
 * sitemap (`for_people`: only pages with a title) and for the test list.
 */
void kz_pages_each(const kz_atlas *atlas, bool for_people, void (*visit)(void *ctx, const char *path), void *ctx);

#endif
