#include "io/worker/xml.h"

#include <expat.h>

typedef struct reading {
    book *b;
    const char *entry;
    const xml_handlers *h;
    void *me;
    XML_Parser parser;
    int depth;
    uint64_t fed;
} reading;

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void stop(reading *r)
{
    if (r->b->failed)
        XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_open(void *me, const char *name, const char **attributes)
{
    reading *r = me;
    if (r->b->failed)
        return;
    if (++r->depth > KZ_SHEET_DEPTH_MAX)
        book_fail(r->b, KZ_SHEET_DEEP, "%s", r->entry);
    for (const char **a = attributes; *a && !r->b->failed; a++)
        if (strlen(*a) > KZ_SHEET_ATTRIBUTE_MAX)
            book_fail(r->b, KZ_SHEET_LONG, "%s", r->entry);
    if (!r->b->failed)
        r->h->open(r->me, local(name), (const char *const *)attributes);
    stop(r);
}

static void XMLCALL on_close(void *me, const char *name)
{
    reading *r = me;
    if (r->b->failed)
        return;
    r->depth--;
    r->h->close(r->me, local(name));
    stop(r);
}

static void XMLCALL on_text(void *me, const char *p, int n)
{
    reading *r = me;
    if (r->b->failed || !r->h->text)
        return;
    r->h->text(r->me, p, (size_t)n);
    stop(r);
}

static void XMLCALL on_doctype(void *me, const char *name, const char *system, const char *public, int internal)
{
    reading *r = me;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    book_fail(r->b, KZ_SHEET_DTD, "%s", r->entry);
    stop(r);
}

static bool feed(void *me, const char *p, size_t n)
{
    reading *r = me;
    enum XML_Status st = XML_Parse(r->parser, p, (int)n, 0);
    r->fed += n;
    if (r->b->failed)
        return false;
    if (st != XML_STATUS_OK)
        return book_fail(r->b, KZ_SHEET_XML, "%s", r->entry);
    /* A mark that does not end: parsing it again with every chunk would take for ever. */
    int64_t at = XML_GetCurrentByteIndex(r->parser);
    if (at >= 0 && r->fed > (uint64_t)at + KZ_SHEET_TOKEN_MAX)
        return book_fail(r->b, KZ_SHEET_LONG, "%s", r->entry);
    return true;
}

bool xml_read(book *b, const zip_entry *e, const xml_handlers *h, void *me)
{
    reading r = { .b = b, .entry = e->name, .h = h, .me = me, .parser = XML_ParserCreate(NULL) };
    if (!r.parser)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", e->name);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_open, on_close);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    if (zip_unpack(b, e, feed, &r) && XML_Parse(r.parser, "", 0, 1) != XML_STATUS_OK && !b->failed)
        book_fail(b, KZ_SHEET_XML, "%s", e->name);
    XML_ParserFree(r.parser);
    return !b->failed;
}

const char *xml_value(const char *const *attributes, const char *name)
{
    bool whole = strchr(name, ':') != NULL;
    for (; *attributes; attributes += 2)
        if (strcmp(whole ? attributes[0] : local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

bool xml_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

uint32_t xml_number(const char *value, uint32_t most)
{
    uint64_t n = 0;
    if (!value || *value == '\0')
        return UINT32_MAX;
    for (; *value; value++) {
        if (*value < '0' || *value > '9')
            return UINT32_MAX;
        n = n * 10 + (uint64_t)(*value - '0');
        if (n > most)
            return UINT32_MAX;
    }
    return (uint32_t)n;
}
