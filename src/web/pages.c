/* The table of all pages: router, menu, sitemap and the list that axe visits. */
#include "web/pages.h"

/* lint: allow-file size, because a line is a page */
const kz_page kz_pages[] = {
    { .method = "GET", .pattern = "/", .run = kz_page_start, .cache_s = 300, .title = "page.start.title" },
    { .method = "GET", .pattern = "/thema", .run = kz_page_themes, .cache_s = 300, .title = "page.themes.title" },
    { .method = "GET", .pattern = "/thema/:indicator.csv", .run = kz_page_theme_csv, .cache_s = 300 },
    { .method = "GET", .pattern = "/thema/:indicator", .run = kz_page_theme, .cache_s = 300, .title = "page.themes.title" },
    { .method = "GET", .pattern = "/gebiet", .run = kz_page_areas, .cache_s = 300, .title = "page.areas.title" },
    { .method = "GET", .pattern = "/gebiet/:area.csv", .run = kz_page_area_csv, .cache_s = 300 },
    { .method = "GET", .pattern = "/gebiet/:area", .run = kz_page_area, .cache_s = 300, .title = "page.areas.title" },
    { .method = "GET", .pattern = "/suche", .run = kz_page_search, .cache_s = 300, .title = "page.search.title" },
    { .method = "GET", .pattern = "/daten", .run = kz_page_data, .cache_s = 300, .title = "page.data.title" },
    { .method = "GET", .pattern = "/barrierefreiheit", .run = kz_page_access, .cache_s = 300, .title = "page.access.title" },
    { .method = "GET", .pattern = "/datenschutz", .run = kz_page_privacy, .cache_s = 300, .title = "page.privacy.title" },
    { .method = "GET", .pattern = "/impressum", .run = kz_page_imprint, .cache_s = 300, .title = "page.imprint.title" },
    { .method = "GET", .pattern = "/gesundheit", .run = kz_page_health, .without_atlas = true },
    { .method = "GET", .pattern = "/robots.txt", .run = kz_page_robots, .cache_s = 3600, .without_atlas = true },
    { .method = "GET", .pattern = "/sitemap.xml", .run = kz_page_sitemap, .cache_s = 3600, .without_atlas = true },
    { .method = "GET", .pattern = "/favicon.ico", .run = kz_page_favicon, .cache_s = 86400, .without_atlas = true },
};
const size_t kz_n_pages = sizeof kz_pages / sizeof kz_pages[0];
