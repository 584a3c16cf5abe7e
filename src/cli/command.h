/*
 * command.h - one line of the table of all commands (commands.c).
 *
 * Help, option parsing and the handbook are made from the table, so an option
 * that is not in it does not exist.
 *
 *     { .words = "area list", .run = kz_cmd_area_list, .help = "geo.cmd_list",
 *       .opts = { { .name = "level", .kind = KZ_OPT_TEXT, .value = "LEVEL" }, KZ_OPT_FORMAT } },
 *
 * Texts in assets/locale/<lang>/<room>.txt: geo.cmd_list (one sentence),
 * geo.cmd_list.level (each option; else cli.opt.level is taken), and where there is
 * more to say geo.cmd_list.more (a paragraph) and geo.cmd_list.example (a line).
 *
 * A command returns its status and fills call->err; main says it and ends with
 * that exit code.  Data go out through output.h, never by printf.  A list
 * option (KZ_OPT_LIST) may be repeated and also takes the bare words that follow
 * it, once the command has the arguments it needs: `index FILE --columns A B C`.
 */
#ifndef KZ_CLI_COMMAND_H
#define KZ_CLI_COMMAND_H

#include "base/text.h"

typedef enum kz_opt_kind { KZ_OPT_FLAG, KZ_OPT_TEXT, KZ_OPT_INT, KZ_OPT_LIST } kz_opt_kind;

typedef struct kz_opt {
    const char *name;  /* "level" for --level                              */
    kz_opt_kind kind;  /* LIST: may come several times                     */
    const char *value; /* name of the value in help: "DIR"; NULL for flags */
    bool required;
} kz_opt;

typedef struct kz_call {
    const char *workspace;
    kz_lang lang;
    bool quiet; /* no messages for people but its failure */
    const struct kz_command *command;
    int n_args;
    const char *const *args; /* without command words and options */
    struct kz_opt_values *values;
    kz_err err;
} kz_call;

typedef kz_status (*kz_command_fn)(kz_call *call);

enum { KZ_MAX_OPTS = 20 };

typedef struct kz_command {
    const char *words; /* "area import"                                   */
    const char *args;  /* for help: "FILE"                                */
    int min_args, max_args; /* max -1: any number                         */
    kz_command_fn run;
    const char *help;  /* message id of one sentence; <id>.more may follow */
    kz_opt opts[KZ_MAX_OPTS]; /* ends with name NULL                      */
} kz_command;

extern const kz_command kz_commands[];
extern const size_t kz_n_commands;

/* NULL / false / `fallback` when the option was not given. */
const char *kz_opt_text(const kz_call *c, const char *name);
bool kz_opt_flag(const kz_call *c, const char *name);
int64_t kz_opt_int(const kz_call *c, const char *name, int64_t fallback);
int kz_opt_count(const kz_call *c, const char *name);
const char *kz_opt_nth(const kz_call *c, const char *name, int nth);

/* Who is at the keyboard: the account of the operating system, never empty. */
const char *kz_call_user(void);

/* A message for people, to stderr. */
#define kz_tell(call, id, ...) \
    kz_tell_((call), (id), KZ_ARGS(__VA_ARGS__))
void kz_tell_(const kz_call *c, const char *id, const kz_arg args[]);

#endif
