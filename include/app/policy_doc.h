/*
 * policy_doc - the Change Management Policy that is in force, as Markdown.
 *
 * Written from policy.yaml, people.yaml and foureyes.yaml as they are read, so
 * that what an auditor is handed as the policy is what decides.  Each clause
 * stands with the rule as it is set and with the evidence that a decision
 * leaves of it.  What is not asked, only observed or not judged is said so.
 *
 * The same three files and the same instant give the same bytes.  Texts out of
 * the files are escaped: none of them can begin a row, a heading or a link.
 */
#ifndef APP_POLICY_DOC_H
#define APP_POLICY_DOC_H

#include "base/buf.h"
#include "base/pool.h"
#include "edge/config.h"

/* Who is in force is asked of the instant `at`. */
void policy_doc(struct buf *out, struct pool *pool, const struct config *config,
    int64_t at);

/* policy_doc_gate.c: the clauses of one gate, a table. */
void policy_doc_gate(struct buf *out, struct pool *pool,
    const struct policy *policy, const struct gate *gate);
/* policy_doc_rights.c: who holds which right in this entry, two tables. */
void policy_doc_rights(struct buf *out, struct pool *pool,
    const struct config *config, const struct policy_repository *entry,
    int64_t at);
/* A text for a cell or a sentence; `code` puts it between backquotes. */
const char *policy_doc_text(struct pool *pool, const char *text, bool code);
/* "`a`, `b` or `c`"; `none` where there are none. */
const char *policy_doc_texts(struct pool *pool, const struct texts *texts,
    const char *none);

#endif
