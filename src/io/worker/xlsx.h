/* xlsx.h - what the sheets of a workbook share. Between xlsx.c and xlsx_sheet.c. */
#ifndef KZ_IO_WORKER_XLSX_H
#define KZ_IO_WORKER_XLSX_H

#include "io/worker/xml.h"

enum { STYLE_DATE = 200 }; /* of a number; never leaves the worker */

typedef struct xlsx {
    bool     from_1904;
    uint32_t n_strings, strings_cap;
    kz_view *strings;
    uint32_t n_styles;
    uint8_t *styles; /* by index of cellXfs: KZ_STYLE_…, STYLE_DATE */
} xlsx;

/* A serial number of a spreadsheet as a day: "2012-12-31" or with a time; false when it is none. */
bool xlsx_day(double serial, bool from_1904, char out[static 32]);

#endif
