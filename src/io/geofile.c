/* The frames of kekiz-geo, read as hostile input. */
#include "io/geofile.h"

#include "io/frame.h"
#include "io/geoworker.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_ID(NAME, name, status) [KZ_GEO_##NAME] = "geofile." #name,
static const char *const MESSAGE_IDS[KZ_N_GEO_MESSAGES] = { KZ_GEO_MESSAGES(MESSAGE_ID) };
#define MESSAGE_STATUS(NAME, name, status) [KZ_GEO_##NAME] = status,
static const kz_status MESSAGE_STATUS[KZ_N_GEO_MESSAGES] = { KZ_GEO_MESSAGES(MESSAGE_STATUS) };

typedef struct reading {
    const char *path;
    kz_arena *a;
    kz_geofile f;
    bool header, end;
    kz_geo_feature *features;
    int room, last_row;
    const char *repair; /* of the feature that comes next */
    int repair_row;
} reading;

static double get_f64(kz_payload *in)
{
    uint64_t lo = kz_take_u32(in), bits = lo | (uint64_t)kz_take_u32(in) << 32;
    double v;
    memcpy(&v, &bits, 8);
    return v;
}

static kz_status distrust(const reading *r, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "geofile.distrust", kz_s("file", r->path));
}

static kz_status full(const reading *r, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geofile.memory", kz_s("file", r->path));
}

static kz_status get_text(reading *r, kz_payload *in, const char **ret, kz_err *err)
{
    size_t n;
    const char *p = (const char *)kz_take_bytes(in, &n);
    if (in->bad || n > KZ_GEO_TEXT_MAX || memchr(p, 0, n) || kz_utf8_bad(p, n) < n)
        return distrust(r, err);
    *ret = kz_arena_strndup(r->a, p, n);
    return *ret ? KZ_OK : full(r, err);
}

static kz_status get_texts(reading *r, kz_payload *in, int n, const char *const **ret, kz_err *err)
{
    const char **list = kz_arena_new(r->a, const char *, n);
    if (!list)
        return full(r, err);
    for (int i = 0; i < n; i++)
        KZ_TRY(get_text(r, in, &list[i], err));
    *ret = list;
    return KZ_OK;
}

static kz_status take_header(reading *r, kz_payload *in, kz_err *err)
{
    if (r->header)
        return distrust(r, err);
    r->header = true;
    KZ_TRY(get_text(r, in, &r->f.layer, err));
    KZ_TRY(get_text(r, in, &r->f.crs, err));
    uint32_t n = kz_take_u32(in);
    if (in->bad || n > KZ_GEO_FIELDS_MAX)
        return distrust(r, err);
    r->f.n_fields = (int)n;
    return get_texts(r, in, r->f.n_fields, &r->f.fields, err);
}

static kz_status take_feature(reading *r, kz_payload *in, kz_err *err)
{
    kz_geo_feature f = { .row = (int)kz_take_u32(in) };
    f.kind = kz_take_u8(in);
    f.lon = get_f64(in);
    f.lat = get_f64(in);
    f.ground = get_f64(in);
    if (in->bad || !r->header || f.row != r->last_row + 1 || f.row > KZ_GEO_FEATURES_MAX ||
        (f.kind != KZ_GEO_POLYGON && f.kind != KZ_GEO_POINT) || !(fabs(f.lon) <= 180) || !(fabs(f.lat) <= 90) ||
        !(f.ground > 0.1 && f.ground < 10))
        return distrust(r, err);
    r->last_row = f.row;
    KZ_TRY(get_texts(r, in, r->f.n_fields, &f.values, err));
    const unsigned char *wkb = kz_take_bytes(in, &f.n_wkb);
    if (in->bad)
        return distrust(r, err);
    unsigned char *kept = kz_arena_alloc(r->a, f.n_wkb + 1);
    if (!kept)
        return full(r, err);
    memcpy(kept, wkb, f.n_wkb);
    f.wkb = kept;
    f.repair = r->repair_row == f.row ? r->repair : NULL;
    if (r->f.n == r->room) {
        int room = r->room ? 2 * r->room : 256;
        kz_geo_feature *grown = kz_arena_new(r->a, kz_geo_feature, room);
        if (!grown)
            return full(r, err);
        if (r->f.n > 0)
            memcpy(grown, r->features, (size_t)r->f.n * sizeof *grown);
        r->features = grown;
        r->room = room;
    }
    r->features[r->f.n++] = f;
    return KZ_OK;
}

/* An error ends the reading; a notice belongs to the feature that follows. */
static kz_status take_message(reading *r, kz_payload *in, bool error, kz_err *err)
{
    uint8_t message = kz_take_u8(in);
    uint32_t row = kz_take_u32(in);
    const char *what;
    KZ_TRY(get_text(r, in, &what, err));
    if (in->bad || message >= KZ_N_GEO_MESSAGES || row > KZ_GEO_POINTS_MAX)
        return distrust(r, err);
    if (error != (MESSAGE_STATUS[message] != KZ_OK))
        return distrust(r, err);
    if (error)
        return kz_fail(err, MESSAGE_STATUS[message], MESSAGE_IDS[message], kz_s("file", r->path),
                       kz_n("row", row), kz_s("what", what));
    r->repair = MESSAGE_IDS[message];
    r->repair_row = (int)row;
    return KZ_OK;
}

static kz_status take_frame(void *me, char type, const unsigned char *p, size_t n, kz_err *err)
{
    reading *r = me;
    kz_payload in = { .p = p, .n = n };
    if (r->end)
        return distrust(r, err);
    switch (type) {
    case 'H':
        KZ_TRY(take_header(r, &in, err));
        break;
    case 'F':
        KZ_TRY(take_feature(r, &in, err));
        break;
    case 'N':
    case 'E':
        KZ_TRY(take_message(r, &in, type == 'E', err));
        break;
    case 'Z':
        r->end = true;
        if (kz_take_u32(&in) != (uint32_t)r->f.n || !r->header)
            return distrust(r, err);
        break;
    default:
        return distrust(r, err);
    }
    return in.bad || in.n > 0 ? distrust(r, err) : KZ_OK;
}

kz_status kz_geofile_read(const char *path, const kz_geofile_options *how, kz_arena *a, kz_geofile *ret,
                          kz_err *err)
{
    reading r = { .path = path, .a = a };
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return kz_fail(err, KZ_E_MISSING, "file.missing", kz_s("file", path));
    KZ_TRY(kz_geoworker_run(path, how, take_frame, &r, err));
    if (!r.end)
        return distrust(&r, err);
    r.f.features = r.features;
    *ret = r.f;
    return KZ_OK;
}

kz_status kz_geofile_from_frames(const void *bytes, size_t n, const char *path, kz_arena *a, kz_geofile *ret,
                                 kz_err *err)
{
    reading r = { .path = path, .a = a };
    const unsigned char *p = bytes;
    while (n > 0) {
        kz_payload head = { .p = p, .n = n };
        char type = (char)kz_take_u8(&head);
        size_t size;
        const unsigned char *body = kz_take_bytes(&head, &size);
        if (head.bad || size > KZ_GEO_FRAME_MAX)
            return distrust(&r, err);
        KZ_TRY(take_frame(&r, type, body, size, err));
        p = head.p;
        n = head.n;
    }
    if (!r.end)
        return distrust(&r, err);
    r.f.features = r.features;
    *ret = r.f;
    return KZ_OK;
}

kz_status kz_geofile_field(const kz_geofile *f, const char *path, const char *name, int *ret, kz_err *err)
{
    kz_auto(kz_buf) known = kz_buf_init(64 * 1024);
    for (int i = 0; i < f->n_fields; i++)
        if (strcmp(f->fields[i], name) == 0) {
            *ret = i;
            return KZ_OK;
        }
    for (int i = 0; i < f->n_fields; i++) {
        if (kz_utf8_same(kz_view_of(f->fields[i]), kz_view_of(name))) {
            *ret = i;
            return KZ_OK;
        }
        kz_buf_fmt(&known, "%s%s", i ? ", " : "", f->fields[i]);
    }
    return kz_fail(err, KZ_E_INPUT, "area.no_field", kz_s("file", path), kz_s("field", name),
                   kz_s("fields", kz_buf_text(&known)));
}
