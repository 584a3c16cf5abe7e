/* The file as GDAL sees it, after our own questions. */
#include "geo/worker/worker.h"

#include "io/geojson_check.h"

#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* These four and no other driver: GDALAllRegister() would bring a hundred.  The
 * header that declares them is C++. */
void RegisterOGRShape(void);
void RegisterOGRGeoJSON(void);
void RegisterOGRGeoPackage(void);
void RegisterOGRLIBKML(void);

static char trouble[800];

/* Nothing of GDAL reaches a terminal: its last failure is kept for a frame. */
static void CPL_STDCALL keep_trouble(CPLErr class, CPLErrorNum number, const char *text)
{
    (void)number;
    if (class >= CE_Failure)
        snprintf(trouble, sizeof trouble, "%s", text);
    if (class == CE_Fatal)
        worker_fail(KZ_GEO_READ, 0, trouble);
}

const char *last_trouble(void)
{
    return trouble;
}

static bool exists(const char *path)
{
    VSIStatBufL st;
    return VSIStatExL(path, &st, VSI_STAT_EXISTS_FLAG) == 0;
}

static void swap_extension(const char *path, const char *extension, char *out, size_t size)
{
    snprintf(out, size, "%.*s%s", (int)(strlen(path) - strlen(CPLGetExtension(path))), path, extension);
}

static void check_shapefile(const char *path)
{
    static const char *const NEED[][2] = { { "dbf", "DBF" }, { "shx", "SHX" } };
    for (int i = 0; i < 2; i++) {
        char lower[4200], upper[4200];
        swap_extension(path, NEED[i][0], lower, sizeof lower);
        swap_extension(path, NEED[i][1], upper, sizeof upper);
        if (!exists(lower) && !exists(upper))
            worker_fail(i == 0 ? KZ_GEO_NO_DBF : KZ_GEO_NO_SHX, 0, CPLGetFilename(lower));
    }
    /* Bytes 24 to 27: the length of the file in 16-bit words. */
    unsigned char head[28];
    VSILFILE *f = VSIFOpenL(path, "rb");
    if (!f)
        worker_fail(KZ_GEO_OPEN, 0, path);
    bool whole = VSIFReadL(head, 1, sizeof head, f) == sizeof head;
    VSIFSeekL(f, 0, SEEK_END);
    vsi_l_offset size = VSIFTellL(f);
    VSIFCloseL(f);
    vsi_l_offset said = ((vsi_l_offset)head[24] << 24 | (vsi_l_offset)head[25] << 16 |
                         (vsi_l_offset)head[26] << 8 | head[27]) * 2;
    if (!whole || said > size)
        worker_fail(KZ_GEO_CUT, 0, CPLGetFilename(path));
}

/* GDAL forgives much that is no GeoJSON; we do not. */
static void check_geojson(const char *path)
{
    static const kz_geo_message MESSAGES[] = {
        [KZ_GEOJSON_SYNTAX] = KZ_GEO_JSON,          [KZ_GEOJSON_DEEP] = KZ_GEO_JSON_DEEP,
        [KZ_GEOJSON_BAD_NUMBER] = KZ_GEO_JSON_NUMBER, [KZ_GEOJSON_TWICE] = KZ_GEO_JSON_TWICE,
        [KZ_GEOJSON_TEXT] = KZ_GEO_JSON_TEXT,       [KZ_GEOJSON_BOM] = KZ_GEO_JSON_BOM,
        [KZ_GEOJSON_COORDINATE] = KZ_GEO_JSON_COORDINATE, [KZ_GEOJSON_LEVELS] = KZ_GEO_JSON_LEVELS,
        [KZ_GEOJSON_CRS] = KZ_GEO_UNKNOWN_CRS,
    };
    GByte *bytes = NULL;
    vsi_l_offset n = 0;
    kz_geojson_fault f;
    if (!VSIIngestFile(NULL, path, &bytes, &n, KZ_GEO_FILE_MAX))
        worker_fail(KZ_GEO_OPEN, 0, path);
    if (!kz_geojson_check((const char *)bytes, (size_t)n, &f))
        worker_fail(MESSAGES[f.kind], f.line < KZ_GEO_POINTS_MAX ? f.line : KZ_GEO_POINTS_MAX, f.what);
    VSIFree(bytes);
}

/* A SQLite file that says it is a GeoPackage, and nothing waiting beside it. */
static void check_gpkg(const char *path)
{
    static const char *const IDS[] = { "GPKG", "GP10", "GP11" };
    char head[72], wal[8500];
    VSIStatBufL st;
    VSILFILE *f = VSIFOpenL(path, "rb");
    if (!f)
        worker_fail(KZ_GEO_OPEN, 0, path);
    bool whole = VSIFReadL(head, 1, sizeof head, f) == sizeof head, known = false;
    VSIFCloseL(f);
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++)
        known = known || (whole && memcmp(head + 68, IDS[i], 4) == 0);
    if (!known || memcmp(head, "SQLite format 3", 16) != 0)
        worker_fail(KZ_GEO_FORMAT, 0, "");
    snprintf(wal, sizeof wal, "%s-wal", path);
    if (VSIStatL(wal, &st) == 0 && st.st_size > 0)
        worker_fail(KZ_GEO_WAL, 0, CPLGetFilename(wal));
}

/* Whole, and the layer a table of its own: a view or virtual table could run anything for any time. */
static void check_opened_gpkg(GDALDatasetH ds, OGRLayerH layer)
{
    OGRLayerH r = GDALDatasetExecuteSQL(ds, "PRAGMA quick_check(1)", NULL, "SQLITE_NATIVE");
    if (!r)
        r = GDALDatasetExecuteSQL(ds, "PRAGMA quick_check(1)", NULL, NULL);
    OGRFeatureH f = r ? OGR_L_GetNextFeature(r) : NULL;
    const char *said = f ? OGR_F_GetFieldAsString(f, 0) : "";
    if (strcmp(said, "ok") != 0)
        worker_fail(KZ_GEO_DAMAGED, 0, *said ? said : trouble);
    OGR_F_Destroy(f);
    GDALDatasetReleaseResultSet(ds, r);
    bool table = false;
    r = GDALDatasetExecuteSQL(ds, "SELECT name, sql FROM sqlite_master WHERE type = 'table'", NULL, NULL);
    while (r && (f = OGR_L_GetNextFeature(r))) {
        if (strcmp(OGR_F_GetFieldAsString(f, 0), OGR_L_GetName(layer)) == 0)
            table = !EQUALN(OGR_F_GetFieldAsString(f, 1), "CREATE VIRTUAL", 14);
        OGR_F_Destroy(f);
    }
    GDALDatasetReleaseResultSet(ds, r);
    if (!table)
        worker_fail(KZ_GEO_NO_TABLE, 0, OGR_L_GetName(layer));
}

static bool is_layer_file(const char *name)
{
    static const char *const KNOWN[] = { "shp", "geojson", "json", "gpkg", "kml" };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (EQUAL(CPLGetExtension(name), KNOWN[i]))
            return true;
    return false;
}

/* The one layer file inside a zip. */
static void look_into_zip(const char *file, char *path, size_t size)
{
    char zip[4300];
    snprintf(zip, sizeof zip, "/vsizip/{%s}", file);
    char **names = VSIReadDirRecursive(zip);
    const char *only = NULL;
    int n = 0, all = 0;
    for (char **name = names; name && *name; name++) {
        if (++all > 1000)
            break;
        if (is_layer_file(*name) && !strstr(*name, "__MACOSX")) {
            only = *name;
            n++;
        }
    }
    if (n != 1 || all > 1000)
        worker_fail(KZ_GEO_ZIP, (uint32_t)n, "");
    snprintf(path, size, "%s/%s", zip, only);
    CSLDestroy(names);
}

static OGRLayerH choose_layer(GDALDatasetH ds, const char *wanted)
{
    int n = GDALDatasetGetLayerCount(ds);
    if (*wanted) {
        OGRLayerH l = GDALDatasetGetLayerByName(ds, wanted);
        if (l)
            return l;
    } else if (n == 1) {
        return GDALDatasetGetLayer(ds, 0);
    }
    char names[500] = "";
    for (int i = 0; i < n && strlen(names) < 400; i++) {
        size_t at = strlen(names);
        snprintf(names + at, sizeof names - at, "%s%.60s", at ? ", " : "",
                 OGR_L_GetName(GDALDatasetGetLayer(ds, i)));
    }
    if (n == 0)
        worker_fail(KZ_GEO_EMPTY, 0, "");
    worker_fail(*wanted ? KZ_GEO_NO_LAYER : KZ_GEO_LAYERS, (uint32_t)n, names);
}

void source_open(const char *file, const char *crs, const char *layer, GDALDatasetH *ds, OGRLayerH *ret)
{
    CPLSetErrorHandler(keep_trouble);
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "FALSE");
    CPLSetConfigOption("OGR_GEOJSON_MAX_OBJ_SIZE", "200");
    CPLSetConfigOption("OGR_SQLITE_PRAGMA", "trusted_schema=OFF,cell_size_check=ON,query_only=ON");
    CPLSetConfigOption("CPL_TMPDIR", "/nonexistent");
    OSRSetPROJEnableNetwork(0);
    RegisterOGRShape();
    RegisterOGRGeoJSON();
    RegisterOGRGeoPackage();
    RegisterOGRLIBKML();

    /* A real path only: names such as /vsicurl/… would be something else to GDAL. */
    char path[8400], real[4200];
    VSIStatBufL st;
    char *resolved = realpath(file, NULL);
    if (!resolved || strlen(resolved) >= sizeof real || strncmp(resolved, "/vsi", 4) == 0)
        worker_fail(KZ_GEO_OPEN, 0, file);
    /* cppcheck-suppress nullPointerRedundantCheck ; worker_fail() does not come back */
    snprintf(real, sizeof real, "%s", resolved);
    free(resolved);
    if (VSIStatL(real, &st) != 0 || !VSI_ISREG(st.st_mode))
        worker_fail(KZ_GEO_OPEN, 0, file);
    if (st.st_size > KZ_GEO_FILE_MAX)
        worker_fail(KZ_GEO_TOO_LARGE, 0, file);
    if (st.st_size == 0)
        worker_fail(KZ_GEO_EMPTY, 0, file);
    if (EQUAL(CPLGetExtension(real), "zip"))
        look_into_zip(real, path, sizeof path);
    else
        snprintf(path, sizeof path, "%s", real);
    if (EQUAL(CPLGetExtension(path), "shp"))
        check_shapefile(path);

    bool gpkg = EQUAL(CPLGetExtension(path), "gpkg");
    if (gpkg)
        check_gpkg(path);
    if (EQUAL(CPLGetExtension(path), "geojson") || EQUAL(CPLGetExtension(path), "json"))
        check_geojson(path);
    const char *const options[] = { gpkg ? "IMMUTABLE=YES" : NULL, NULL };
    *ds = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_INTERNAL, NULL, options, NULL);
    if (strncmp(trouble, "PROJ:", 5) == 0) {
        if (strcmp(crs, "auto") == 0)
            worker_fail(KZ_GEO_UNKNOWN_CRS, 0, "");
        trouble[0] = '\0';
    }
    if (!*ds)
        worker_fail(trouble[0] ? KZ_GEO_READ : KZ_GEO_FORMAT, 0, trouble);
    *ret = choose_layer(*ds, layer);
    if (gpkg)
        check_opened_gpkg(*ds, *ret);
}

static OGRSpatialReferenceH by_epsg(int code)
{
    OGRSpatialReferenceH s = OSRNewSpatialReference(NULL);
    if (OSRImportFromEPSG(s, code) != OGRERR_NONE) {
        char name[32];
        snprintf(name, sizeof name, "EPSG:%d", code);
        worker_fail(KZ_GEO_BAD_CRS, 0, name);
    }
    OSRSetAxisMappingStrategy(s, OAMS_TRADITIONAL_GIS_ORDER);
    return s;
}

static OGRSpatialReferenceH source_system(OGRLayerH layer, const char *crs)
{
    if (strcmp(crs, "auto") != 0) {
        char *end = NULL;
        long code = strncasecmp(crs, "EPSG:", 5) == 0 ? strtol(crs + 5, &end, 10) : 0;
        if (!end || *end || code < 1024 || code > 100000)
            worker_fail(KZ_GEO_BAD_CRS, 0, crs);
        return by_epsg((int)code);
    }
    OGRSpatialReferenceH found = OGR_L_GetSpatialRef(layer);
    if (!found)
        worker_fail(KZ_GEO_NO_CRS, 0, "");
    /* A .prj may carry a height system that is of no use here and that PROJ
     * would want grids for; the plane part is taken word by word (Köln: a false
     * easting of 2,500,000 under the name of UTM 32). */
    OGRSpatialReferenceH s = OSRClone(found);
    if (OSRStripVertical(s) != OGRERR_NONE || OSRIsLocal(s))
        worker_fail(KZ_GEO_NO_CRS, 0, "");
    OSRSetAxisMappingStrategy(s, OAMS_TRADITIONAL_GIS_ORDER);
    return s;
}

void source_transforms(OGRLayerH layer, const char *crs, int target, char *found, size_t found_size,
                       OGRCoordinateTransformationH *to_target, OGRCoordinateTransformationH *to_lonlat)
{
    *to_target = *to_lonlat = NULL;
    snprintf(found, found_size, "%s", "");
    if (target == 0)
        return;
    OGRSpatialReferenceH from = source_system(layer, crs), to = by_epsg(target), lonlat = by_epsg(4326);
    const char *name = OSRGetName(from);
    snprintf(found, found_size, "%s", name ? name : "");
    *to_target = OCTNewCoordinateTransformation(from, to);
    *to_lonlat = OCTNewCoordinateTransformation(to, lonlat);
    if (!*to_target || !*to_lonlat)
        worker_fail(KZ_GEO_TRANSFORM, 0, trouble);
}
