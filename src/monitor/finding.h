/*
 * finding.h - what a check has to say: where, how bad, and what to do now.
 *
 *     kz_auto(kz_findings) f;
 *     kz_findings_init(&f, "bevoelkerung.csv");
 *     kz_finding_add(&f, KZ_ERROR, "check.area_unknown", 12, "raum_id", key, kz_s("name", "Nippes"));
 *     if (f.count[KZ_ERROR] > 0) ...
 *
 * The id names the rule: its text is the message, "<id>.remedy" the remedy.
 * Every finding is counted; kept are the first KZ_FINDINGS_PER_RULE of a rule and
 * KZ_FINDINGS_MOST altogether, so that one mistake in every row does not hide
 * another.  A message may use {row}, {column}, {value} and the arguments given.
 * Owns what it keeps; not for sharing between threads.
 */
#ifndef KZ_MONITOR_FINDING_H
#define KZ_MONITOR_FINDING_H

#include "base/arena.h"
#include "base/text.h"
#include "base/view.h"

enum { KZ_FINDINGS_MOST = 1000, KZ_FINDINGS_PER_RULE = 200, KZ_FINDING_RULES = 160 };

typedef enum kz_severity { KZ_NOTICE, KZ_WARNING, KZ_ERROR, KZ_N_SEVERITIES } kz_severity;

typedef struct kz_finding {
    const char *rule;
    kz_severity severity;
    int64_t     row;    /* of the file, from 1; 0: the file as a whole */
    const char *column; /* "" when it is not about one                 */
    const char *value;
    const char *cell;   /* "B7" when the file is a spreadsheet, else ""    */
    kz_err      what;
} kz_finding;

typedef struct kz_findings {
    kz_arena    arena;
    const char *file;
    const char *sheet;  /* the sheet that rows are counted in; NULL: a text */
    size_t      n_places;
    const kz_view  *place_names;   /* its columns, and where they are      */
    const uint32_t *place_columns;
    int         n; /* kept */
    kz_finding *list[KZ_FINDINGS_MOST];
    int64_t     count[KZ_N_SEVERITIES]; /* all, kept or not */
    int         n_rules;
    struct {
        const char *rule;
        kz_severity severity;
        int64_t     n;
    } rules[KZ_FINDING_RULES];
} kz_findings;

void kz_findings_init(kz_findings *f, const char *file);
void kz_findings_done(kz_findings *f);
/* From here on findings have a cell: the column of that name in the row.  Names and columns must live as
 * long as findings are added; `sheet` is copied. */
void kz_findings_in_sheet(kz_findings *f, const char *sheet, size_t n, const kz_view names[], const uint32_t columns[]);

#define kz_finding_add(f, severity, rule, row, column, value, ...) \
    kz_finding_add_((f), (severity), (rule), (row), (column), (value), \
                    KZ_ARGS(__VA_ARGS__))
void kz_finding_add_(kz_findings *f, kz_severity severity, const char *rule, int64_t row, const char *column,
                     kz_view value, const kz_arg args[]);

/* `n` more of a rule that are counted and not kept: what came in many threads was chosen before. */
void kz_findings_more(kz_findings *f, kz_severity severity, const char *rule, int64_t n);

/* "check.outlier=3 check.sum_areas=1": the rules of this severity and how often each was broken. */
void kz_findings_rules(kz_buf *out, const kz_findings *f, kz_severity severity);
/* How often a rule was broken. */
int64_t kz_findings_of(const kz_findings *f, const char *rule);

/* The message, or the remedy, in words. */
void kz_finding_say(kz_buf *out, kz_lang lang, const kz_finding *f);
void kz_finding_say_remedy(kz_buf *out, kz_lang lang, const kz_finding *f);
/* "error", "warning", "notice" */
const char *kz_severity_name(kz_severity s);

/* CSV: file,row,column,value,rule,severity,message,remedy and of a spreadsheet sheet,cell; errors
 * first, then warnings and notices, each in the order they were found. */
void kz_findings_csv(kz_buf *out, kz_lang lang, const kz_findings *f);
/* The same as the bytes of an XLSX file, texts as texts. */
KZ_MUST_USE kz_status kz_findings_xlsx(kz_buf *out, kz_lang lang, const kz_findings *f, kz_err *err);

#endif
