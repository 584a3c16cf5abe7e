/* The table of all pages: router, menu, sitemap and the list that axe visits. */
#include "web/pages.h"

const kz_page kz_pages[] = {
    { .method = "GET", .pattern = "/gesundheit", .run = kz_page_health, .without_atlas = true },
    { .method = "GET", .pattern = "/robots.txt", .run = kz_page_robots, .cache_s = 3600, .without_atlas = true },
    { .method = "GET", .pattern = "/sitemap.xml", .run = kz_page_sitemap, .cache_s = 3600, .without_atlas = true },
    { .method = "GET", .pattern = "/favicon.ico", .run = kz_page_favicon, .cache_s = 86400, .without_atlas = true },
};
const size_t kz_n_pages = sizeof kz_pages / sizeof kz_pages[0];
