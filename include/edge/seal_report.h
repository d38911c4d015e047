/*
 * seal_report - the report key, which signs packs for auditors.
 *
 * An ECDSA key on P-256 in a file of its own (PKCS#8 PEM, mode 0400), because
 * every openssl there is checks what it signed:
 *
 *	openssl dgst -sha256 -verify report.pub -signature FILE.sig FILE
 *
 * It vouches for nothing in the ledger.  The sealing key introduces it there
 * (app/key_chain.h).  The private half stays inside this module.
 */
#ifndef EDGE_SEAL_REPORT_H
#define EDGE_SEAL_REPORT_H

#include "base/buf.h"
#include "edge/seal.h"

struct seal_report;

/* Make a new key in a new file; a file that is there already is an error. */
int seal_report_make(const char *path, struct err *err) must_check;
/* Refused as seal_open() does, and any key but one on P-256. */
int seal_report_open(struct seal_report **out, const char *path,
    struct err *err) must_check;
void seal_report_close(struct seal_report *key); /* NULL is allowed */

/* The public half in PEM, and the SHA-256 of its DER. */
int seal_report_public(const struct seal_report *key, struct buf *pem,
    char fingerprint[SEAL_FINGERPRINT_SIZE], struct err *err) must_check;
/* The fingerprint of such a PEM; ERR_INPUT for anything else. */
int seal_report_fingerprint(char out[SEAL_FINGERPRINT_SIZE], const char *pem,
    size_t len, struct err *err) must_check;
/* Appends the signature (DER) over SHA-256 of `data`. */
int seal_report_sign(const struct seal_report *key, const void *data,
    size_t len, struct buf *signature, struct err *err) must_check;

#endif
