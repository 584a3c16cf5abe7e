/*
 * sbom.h - what the program is made of, as CycloneDX 1.5 JSON.
 *
 *     KZ_TRY(kz_sbom_write(&out, err));
 *
 * Made from packaging/dependencies.tsv (kinds run and npm), which is built in.
 * For the linked libraries the version is the one that runs, for the others
 * the one in the list; the same program on the same machine gives the same
 * bytes (no time stamp, no serial number).
 * Source: CycloneDX 1.5 JSON schema, https://cyclonedx.org/docs/1.5/json/
 */
#ifndef KZ_CLI_SBOM_H
#define KZ_CLI_SBOM_H

#include "base/buf.h"

KZ_MUST_USE kz_status kz_sbom_write(kz_buf *out, kz_err *err);

#endif
