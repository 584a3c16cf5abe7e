/*
 * help.h - help in words, made from the table of commands and the catalogue.
 *
 *     kz_help_all(&out, lang, kz_commands, kz_n_commands);
 *
 * Texts of a command with .help = "geo.cmd.import": the id itself (one
 * sentence), <id>.<option> for each option (else cli.opt.<option>), and where
 * there is more to say <id>.more (a paragraph) and <id>.example (a line).
 * Output is wrapped at 80 columns.
 */
#ifndef KZ_CLI_HELP_H
#define KZ_CLI_HELP_H

#include "cli/command.h"

/* Every command with its sentence, and the global options. */
void kz_help_all(kz_buf *out, kz_lang lang, const kz_command table[], size_t n);
/* The commands that begin with `group`. */
void kz_help_group(kz_buf *out, kz_lang lang, const kz_command table[], size_t n, const char *group);
/* Form, sentence, options, more. */
void kz_help_command(kz_buf *out, kz_lang lang, const kz_command *c);

#endif
