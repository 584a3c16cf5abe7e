/*
 * options.h - from the words of the command line to a kz_call.
 *
 *     kz_auto(kz_command_line) p = { 0 };
 *     KZ_TRY(kz_options_parse(kz_commands, kz_n_commands, argc, argv, &p, &err));
 *     if (p.help) ... else p.call.command->run(&p.call);
 *
 * Global options (--workspace, --lang, --help) may stand anywhere; the words of
 * the command stand side by side; its options and arguments come in any order:
 * --opt VALUE, --opt=VALUE, -o VALUE too for names of one letter; "--" ends the
 * options.  An option that may be repeated (KZ_OPT_LIST) also takes the bare
 * words that follow it, once the arguments that the command needs are there.
 * Unknown words are KZ_E_USAGE with the nearest known word.
 *
 * The result points into argv, which must live as long.  No locks, no globals.
 */
#ifndef KZ_CLI_OPTIONS_H
#define KZ_CLI_OPTIONS_H

#include "cli/command.h"

typedef struct kz_opt_value {
    const kz_opt *opt;
    const char   *text;   /* "" for flags */
    int64_t       number; /* for KZ_OPT_INT */
} kz_opt_value;

struct kz_opt_values {
    int           n;
    kz_opt_value *v;
};

typedef struct kz_command_line {
    kz_call              call; /* .command NULL: none was given                     */
    bool                 help; /* --help: required options and arguments may be missing */
    const char          *group; /* "area" of "kekiz area --help"; else NULL          */
    struct kz_opt_values values;
    const char         **args;
} kz_command_line;

extern const kz_opt kz_global_opts[]; /* ends with name NULL */

/* argv[0] is skipped.  On failure *ret is empty but for call.lang and call.command, as far as known. */
KZ_MUST_USE kz_status kz_options_parse(const kz_command table[], size_t n, int argc, char *const argv[],
                                       kz_command_line *ret, kz_err *err);
void kz_command_line_done(kz_command_line *p);

/* The known command nearest to `words`, or NULL when none is near. */
const char *kz_command_near(const kz_command table[], size_t n, const char *words);
const kz_command *kz_command_find(const kz_command table[], size_t n, const char *words);
/* Does a command begin with this word and another one? */
bool kz_command_is_group(const kz_command table[], size_t n, const char *word);

#endif
