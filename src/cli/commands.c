/*
 * The table of all commands: help and option parsing are made from it.
 * Sorted by theme: workspace, areas, data, indicators, release, server, people, program.
 */
#include "cli/command.h"

#include "cli/cmd.h"

#define KZ_OPT_FORMAT { .name = "format", .kind = KZ_OPT_TEXT, .value = "csv|json|table" }

const kz_command kz_commands[] = {
    /* workspace */
    { .words = "init", .args = "DIR", .min_args = 1, .max_args = 1, .run = kz_cmd_init,
      .help = "cli.cmd.init",
      .opts = { { .name = "name", .kind = KZ_OPT_TEXT, .value = "NAME", .required = true },
                { .name = "key", .kind = KZ_OPT_TEXT, .value = "AGS", .required = true } } },
    { .words = "check", .run = kz_cmd_check, .help = "cli.cmd.check", .opts = { KZ_OPT_FORMAT } },
    /* areas */
    { .words = "area import", .args = "FILE", .min_args = 1, .max_args = 1, .run = kz_cmd_area_import,
      .help = "area.cmd_import",
      .opts = { { .name = "level", .kind = KZ_OPT_TEXT, .value = "LEVEL", .required = true },
                { .name = "key", .kind = KZ_OPT_TEXT, .value = "FIELD", .required = true },
                { .name = "name", .kind = KZ_OPT_TEXT, .value = "FIELD", .required = true },
                { .name = "parent", .kind = KZ_OPT_TEXT, .value = "FIELD" },
                { .name = "crs", .kind = KZ_OPT_TEXT, .value = "auto|EPSG:N" },
                { .name = "layer", .kind = KZ_OPT_TEXT, .value = "NAME" },
                { .name = "valid-from", .kind = KZ_OPT_TEXT, .value = "YYYY-MM-DD" } } },
    { .words = "area list", .run = kz_cmd_area_list, .help = "area.cmd_list",
      .opts = { { .name = "level", .kind = KZ_OPT_TEXT, .value = "LEVEL" },
                { .name = "format", .kind = KZ_OPT_TEXT, .value = "csv|json|table" } } },
    /* data */
    { .words = "import", .args = "FILE", .min_args = 1, .max_args = 1, .run = kz_cmd_import,
      .help = "import.cmd.import",
      .opts = { { .name = "source", .kind = KZ_OPT_TEXT, .value = "ID", .required = true },
                { .name = "map", .kind = KZ_OPT_TEXT, .value = "NAME|FILE" },
                { .name = "period", .kind = KZ_OPT_TEXT, .value = "P" },
                { .name = "dry-run", .kind = KZ_OPT_FLAG },
                { .name = "report", .kind = KZ_OPT_TEXT, .value = "FILE.csv" } } },
    { .words = "import list", .run = kz_cmd_import_list, .help = "import.cmd.list", .opts = { KZ_OPT_FORMAT } },
    { .words = "import show", .args = "N", .min_args = 1, .max_args = 1, .run = kz_cmd_import_show,
      .help = "import.cmd.show", .opts = { KZ_OPT_FORMAT } },
    { .words = "import undo", .args = "N", .min_args = 1, .max_args = 1, .run = kz_cmd_import_undo,
      .help = "import.cmd.undo" },
    { .words = "source list", .run = kz_cmd_source_list, .help = "import.cmd.source_list",
      .opts = { KZ_OPT_FORMAT } },
    { .words = "source show", .args = "ID", .min_args = 1, .max_args = 1, .run = kz_cmd_source_show,
      .help = "import.cmd.source_show", .opts = { KZ_OPT_FORMAT } },
    /* indicators */
    { .words = "indicator list", .run = kz_cmd_indicator_list, .help = "indicator.cmd_list",
      .opts = { KZ_OPT_FORMAT } },
    { .words = "indicator show", .args = "ID", .min_args = 1, .max_args = 1, .run = kz_cmd_indicator_show,
      .help = "indicator.cmd_show", .opts = { KZ_OPT_FORMAT } },
    { .words = "indicator check", .args = "FILE", .min_args = 1, .max_args = 1, .run = kz_cmd_indicator_check,
      .help = "indicator.cmd_check" },
    { .words = "compute", .run = kz_cmd_compute, .help = "compute.cmd" },
    { .words = "get", .args = "INDICATOR", .min_args = 1, .max_args = 1, .run = kz_cmd_get, .help = "get.cmd",
      .opts = { { .name = "level", .kind = KZ_OPT_TEXT, .value = "L" },
                { .name = "period", .kind = KZ_OPT_TEXT, .value = "P" },
                { .name = "group", .kind = KZ_OPT_TEXT, .value = "G" },
                { .name = "as", .kind = KZ_OPT_TEXT, .value = "public|internal" },
                KZ_OPT_FORMAT } },
    { .words = "explain", .args = "INDICATOR AREA PERIOD", .min_args = 3, .max_args = 3, .run = kz_cmd_explain,
      .help = "explain.cmd", .opts = { { .name = "group", .kind = KZ_OPT_TEXT, .value = "G" }, KZ_OPT_FORMAT } },
    /* release */
    { .words = "release draft", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_release_draft,
      .help = "release.cmd_draft",
      .opts = { { .name = "indicator", .kind = KZ_OPT_LIST, .value = "ID" },
                { .name = "level", .kind = KZ_OPT_LIST, .value = "L" },
                { .name = "period", .kind = KZ_OPT_LIST, .value = "P" },
                { .name = "by", .kind = KZ_OPT_TEXT, .value = "USER" },
                { .name = "replace", .kind = KZ_OPT_FLAG } } },
    { .words = "release protect", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_release_protect,
      .help = "release.cmd_protect" },
    { .words = "release audit", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_release_audit,
      .help = "release.cmd_audit" },
    { .words = "release publish", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_release_publish,
      .help = "release.cmd_publish",
      .opts = { { .name = "approve", .kind = KZ_OPT_TEXT, .value = "USER", .required = true },
                { .name = "at", .kind = KZ_OPT_TEXT, .value = "TIME" },
                { .name = "credits", .kind = KZ_OPT_TEXT, .value = "TEXT" } } },
    { .words = "release due", .run = kz_cmd_release_due, .help = "release.cmd_due" },
    { .words = "release export", .args = "NAME DIR", .min_args = 2, .max_args = 2, .run = kz_cmd_release_export,
      .help = "release.cmd_export" },
    { .words = "release list", .run = kz_cmd_release_list, .help = "release.cmd_list", .opts = { KZ_OPT_FORMAT } },
    /* server */
    { .words = "serve", .run = kz_cmd_serve, .help = "serve.cmd",
      .opts = { { .name = "listen", .kind = KZ_OPT_TEXT, .value = "ADDR:PORT" },
                { .name = "public-only", .kind = KZ_OPT_FLAG },
                { .name = "threads", .kind = KZ_OPT_INT, .value = "N" },
                { .name = "url", .kind = KZ_OPT_TEXT, .value = "URL" },
                { .name = "https", .kind = KZ_OPT_FLAG },
                { .name = "list-pages", .kind = KZ_OPT_FLAG } } },
    /* people */
    { .words = "user add", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_user_add,
      .help = "user.cmd_add",
      .opts = { { .name = "role", .kind = KZ_OPT_TEXT, .value = "ROLE", .required = true } } },
    { .words = "user list", .run = kz_cmd_user_list, .help = "user.cmd_list", .opts = { KZ_OPT_FORMAT } },
    { .words = "user disable", .args = "NAME", .min_args = 1, .max_args = 1, .run = kz_cmd_user_disable,
      .help = "user.cmd_disable" },
    /* program */
    { .words = "help", .args = "[COMMAND]", .max_args = 2, .run = kz_cmd_help, .help = "cli.cmd.help",
      .opts = { { .name = "all", .kind = KZ_OPT_FLAG } } },
    { .words = "version", .run = kz_cmd_version, .help = "cli.cmd.version",
      .opts = { { .name = "sbom", .kind = KZ_OPT_FLAG } } },
};
const size_t kz_n_commands = sizeof kz_commands / sizeof kz_commands[0];
