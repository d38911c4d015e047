/* The texts beside the tables: policies in force, limits, how to check it. */
#include <inttypes.h>
#include <string.h>

#include "app/report_inside.h"
#include "base/text.h"

const char *const not_covered[] = {
    "How servers, networks, databases and clouds are set up, and who may log "
    "in to them.",
    "What ran in an environment, beyond what somebody told of a deployment.",
    "Changes that are in no gated ref of a repository named here.",
    "What a ticket says: its number is taken from the change, and not looked "
    "up.",
    "Whether a test or a rollback plan is any good: only that it is there.",
    "Hiring, training and leaving: people are who people.yaml says they are.",
    "What the root of the server could do between two checkpoints that were "
    "not held elsewhere.",
    "Two accounts of one human being that people.yaml does not join.", NULL};

static const char verify_head[] =
    "How to check this pack with sha256sum, openssl and a shell, and nothing\n"
    "of foureyes.  Change into this directory first.  Each command stands on\n"
    "lines that begin with four blanks.\n\n";

/* Each step prints "ok" or a line that says what is wrong. */
static const char verify_steps[] =
    "1. Is the pack whole, and as it was signed?  The report key is the one\n"
    "that the sealing key introduced in the ledger (a record of type key).\n\n"
    "    openssl pkey -pubin -in report.pub -outform DER | sha256sum\n"
    "    openssl dgst -sha256 -verify report.pub -signature "
    "manifest.sha256.sig manifest.sha256\n"
    "    sha256sum --quiet -c manifest.sha256 && echo ok\n\n"
    "2. Is seal.pub the key whose fingerprint was published?  Compare what\n"
    "this prints with the line above and with the place named there.\n\n"
    "    openssl pkey -pubin -in seal.pub -outform DER | sha256sum\n\n"
    "3. Did that key sign the checkpoint?  Its text ends at the empty line;\n"
    "the signature is base64, behind a key id of four bytes.\n\n"
    "    t=$(mktemp -d)\n"
    "    sed '/^$/,$d' checkpoint >$t/text\n"
    "    origin=$(sed -n 1p checkpoint)\n"
    "    grep -F -- \"$(printf '\\342\\200\\224') $origin \" checkpoint | "
    "while read -r dash name line; do\n"
    "        echo \"$line\" | base64 -d | tail -c +5 >$t/sig\n"
    "        openssl pkeyutl -verify -rawin -pubin -inkey seal.pub "
    "-in $t/text -sigfile $t/sig && echo ok\n"
    "    done\n\n"
    "4. Does each record name the one before it?\n\n"
    "    prev=; good=ok\n"
    "    while IFS= read -r line; do\n"
    "        case $line in *\"\\\"prev\\\":\\\"$prev\"*) ;; *) "
    "good=\"broken before $line\";; esac\n"
    "        prev=$(printf %s \"$line\" | sha256sum | cut -d' ' -f1)\n"
    "    done <records.jsonl; echo \"$good\"\n\n"
    "5. Do the records give the root of the checkpoint?  The leaf of a record\n"
    "is SHA-256 of a zero byte and its line; two neighbours join as SHA-256\n"
    "of a one byte and both.  range.txt has the subtrees before and behind.\n"
    "This takes about a minute for 10,000 records.\n\n"
    "    size=$(sed -n 's/^size //p' range.txt)\n"
    "    first=$(sed -n 's/^first //p' range.txt)\n"
    "    {\n"
    "        sed -n 's/^before [0-9]* //p' range.txt\n"
    "        n=$first\n"
    "        while IFS= read -r line && [ $n -le $size ]; do\n"
    "            echo 1 $({ printf '\\0'; printf %s \"$line\"; } | sha256sum |"
    " cut -d' ' -f1)\n"
    "            n=$((n + 1))\n"
    "        done <records.jsonl\n"
    "        sed -n 's/^after [0-9]* //p' range.txt\n"
    "    } >$t/leaves\n"
    "    join() { { printf '\\1'; echo $1$2 | tr a-f A-F | basenc --base16 -d; "
    "} | sha256sum | cut -d' ' -f1; }\n"
    "    set --\n"
    "    while read -r count hash; do\n"
    "        set -- $count $hash \"$@\"\n"
    "        while [ $# -ge 4 ] && [ $1 -eq $3 ]; do\n"
    "            hash=$(join $4 $2); count=$(($1 * 2))\n"
    "            shift 4; set -- $count $hash \"$@\"\n"
    "        done\n"
    "    done <$t/leaves\n"
    "    while [ $# -ge 4 ]; do\n"
    "        hash=$(join $4 $2); count=$(($1 + $3))\n"
    "        shift 4; set -- $count $hash \"$@\"\n"
    "    done\n"
    "    root=$(echo $2 | tr a-f A-F | basenc --base16 -d | base64)\n"
    "    [ \"$root\" = \"$(sed -n 3p checkpoint)\" ] && echo ok\n"
    "    rm -r $t\n\n"
    "Records behind the checkpoint's count are chained, and not sealed yet: a\n"
    "later checkpoint seals them.  checkpoint-start is the newest one before\n"
    "the first record; hold it against the one you kept.\n\n"
    "6. Rows: the columns decision_seq and landing_seq name records; the one\n"
    "of number N is\n\n"
    "    grep '^{\"v\":1,\"seq\":N,' records.jsonl\n\n"
    "7. Cells: where one begins with a single quote, take that one away; then\n"
    "\\\\ is a backslash, \\n a line feed, \\r a carriage return, \\t a tab, "
    "\\xHH a\nbyte, \\u{HHHH} the character of that number.\n";

static const char *
introduced_by(struct making *m)
{
	struct pool *pool = &m->report.pool;

	return m->report_key_seq == 0
	    ? "introduced:  BY NO RECORD OF THE LEDGER\n"
	    : pool_printf(pool, "introduced:  by record %" PRIu64 "\n",
	          m->report_key_seq);
}

static int
write_verify(struct making *m, struct err *err)
{
	const struct report *r = &m->report;
	const struct key_link *key = sealed_key(m);
	const char *where = r->s->config.settings.published;
	struct buf out = {0};
	int ret;

	buf_printf(&out,
	    "sealing key: %s\npublished: %s\nreport key:  %s\n%s\n",
	    key == NULL ? "none is known" : key->fingerprint,
	    where == NULL ? "nowhere that this installation names; ask for it "
	                    "by another way"
	                  : where,
	    m->report_fingerprint, introduced_by(m));
	if (r->altered != NULL)
		buf_printf(&out,
		    "THE LEDGER DID NOT VERIFY WHEN THIS WAS MADE: %s\n\n",
		    r->altered);
	if (m->checkpoint.len == 0)
		buf_printf(&out,
		    "There is no checkpoint of these records in this pack, so "
		    "steps 3 and 5 cannot be\ndone: %s.\n\n",
		    m->uncut);
	buf_put(&out, verify_head);
	buf_put(&out, verify_steps);
	ret = pack_text(&m->pack, "VERIFY.txt", out.data, out.len, err);
	buf_free(&out);
	return ret;
}

static int
write_limits(struct making *m, struct err *err)
{
	struct buf out = {0};
	int ret;

	buf_put(&out, "What this pack does not show\n\n");
	if (m->report.altered != NULL)
		buf_printf(&out,
		    "- THE LEDGER DOES NOT VERIFY; what is left of it is told "
		    "as it stands: %s\n",
		    m->report.altered);
	for (size_t i = 0; not_covered[i] != NULL; i++)
		buf_printf(&out, "- %s\n", not_covered[i]);
	ret = pack_text(&m->pack, "NOT-COVERED.txt", out.data, out.len, err);
	buf_free(&out);
	return ret;
}

/* policy/<from>-<what>-<seq>.yaml; the interval stands in intervals.csv. */
static int
write_text(struct making *m, const char *what, const struct report_text *text,
    struct table *t, int64_t until, struct err *err)
{
	struct pool pool = {0};
	struct record record;
	const char *name, *body;
	int ret = report_at(&m->report, &pool, &text->mark, &record, err);

	if (ret == 0) {
		name = pool_printf(&pool, "policy/%s-%020" PRIu64 ".yaml", what,
		    text->seq);
		body = tree_text(record.tree, "text");
		body = body == NULL ? "" : body;
		table_text(t, name);
		table_text(t, what);
		table_seq(t, text->mark.seq);
		table_instant(t, text->time);
		table_instant(t, until);
		table_text(t, text->digest);
		table_row(t);
		ret = pack_text(&m->pack, name, body, strlen(body), err);
	}
	pool_free(&pool);
	return ret;
}

static int
write_list(struct making *m, const char *what, const struct report_text *list,
    size_t count, struct table *t, struct err *err)
{
	const struct report *r = &m->report;

	for (size_t i = 0; i < count; i++) {
		int64_t until = i + 1 < count ? list[i + 1].time : 0;

		if (list[i].time >= r->asked.to ||
		    (until != 0 && until <= r->asked.from))
			continue;
		if (write_text(m, what, &list[i], t, until, err) < 0)
			return -1;
	}
	return 0;
}

int
texts_write(struct making *m, struct err *err)
{
	static const char *const columns[] = {"file", "what", "record", "from",
	    "until", "sha256", NULL};
	const struct report *r = &m->report;
	struct table *t = &m->tables[TABLE_INTERVALS];

	if (pack_directory(&m->pack, "policy", err) < 0 ||
	    table_open(t, &m->pack, "policy/intervals", columns, err) < 0 ||
	    write_list(m, "policy", r->policies, r->policy_count, t, err) < 0 ||
	    write_list(m, "people", r->people, r->people_count, t, err) < 0 ||
	    write_limits(m, err) < 0 || write_verify(m, err) < 0)
		return -1;
	return table_close(t, err);
}
