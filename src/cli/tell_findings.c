#include "cli/tell_findings.h"

enum { FINDINGS_SHOWN = 10 };

static void tell_finding(const kz_call *call, const kz_findings *found, const kz_finding *f)
{
    kz_auto(kz_buf) message = kz_buf_init(4096), remedy = kz_buf_init(4096);
    kz_finding_say(&message, call->lang, f);
    kz_finding_say_remedy(&remedy, call->lang, f);
    kz_arg row = kz_n("row", f->row), file = kz_s("file", found->file);
    kz_arg said = kz_s("message", kz_buf_text(&message)), then = kz_s("remedy", kz_buf_text(&remedy));
    kz_arg sheet = kz_s("sheet", found->sheet ? found->sheet : ""), cell = kz_s("cell", f->cell);
    if (f->cell[0] != '\0')
        kz_tell(call, "import.said_finding_cell", file, sheet, cell, said, then);
    else if (f->row > 0 && found->sheet)
        kz_tell(call, "import.said_finding_row", file, sheet, row, said, then);
    else if (f->row > 0)
        kz_tell(call, "import.said_finding", file, row, said, then);
    else
        kz_tell(call, "import.said_finding_whole", file, said, then);
}

/* The first errors; when there is none the first warnings, then the first notices. */
void kz_tell_findings(const kz_call *call, const kz_findings *found)
{
    kz_severity which = found->count[KZ_ERROR] > 0 ? KZ_ERROR : found->count[KZ_WARNING] > 0 ? KZ_WARNING : KZ_NOTICE;
    int shown = 0;
    for (int i = 0; i < found->n && shown < FINDINGS_SHOWN; i++)
        if (found->list[i]->severity == which) {
            tell_finding(call, found, found->list[i]);
            shown++;
        }
    if (found->count[which] > shown)
        kz_tell(call, "import.said_more", kz_n("more", found->count[which] - shown));
}
