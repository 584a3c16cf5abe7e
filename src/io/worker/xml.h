/*
 * xml.h - the marks of an XML entry, with bounds.
 *
 *     static const xml_handlers H = { .open = open_mark, .close = close_mark, .text = take_text };
 *     if (!xml_read(b, entry, &H, me)) return false;
 *
 * Expat does the parsing; here DOCTYPE is refused whatever the encoding, and so are
 * depth, attributes and marks beyond sheetframe.h.  Names come without their prefix
 * ("x:row" is "row"); xml_value() compares an attribute with prefix when the wanted name has one.
 * A handler that fails calls book_fail(); the parse ends then.  Only UTF-8, UTF-16, Latin-1 and ASCII.
 */
#ifndef KZ_IO_WORKER_XML_H
#define KZ_IO_WORKER_XML_H

#include "io/worker/book.h"

typedef struct xml_handlers {
    void (*open)(void *me, const char *name, const char *const *attributes);
    void (*close)(void *me, const char *name);
    void (*text)(void *me, const char *p, size_t n); /* may be NULL; several calls for one text */
} xml_handlers;

bool xml_read(book *b, const zip_entry *e, const xml_handlers *h, void *me);

/* NULL when there is none. */
const char *xml_value(const char *const *attributes, const char *name);
/* "1" or "true" */
bool xml_true(const char *value);
/* Digits only, at most `most`; UINT32_MAX for anything else. */
uint32_t xml_number(const char *value, uint32_t most);

#endif
