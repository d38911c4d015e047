/* doctor: a ledger that is shared, as this node's foureyesd finds it. */
#include "app/doctor.h"

#include <string.h>

#include "app/node.h"
#include "base/text.h"

static const struct {
	const char *word;
	enum level level;
} levels[] = {
    {"ok ", NOTE_OK},
    {"warning ", NOTE_WARNING},
    {"wrong ", NOTE_WRONG},
};

static void
note_line(struct notes *n, struct checked *c, const char *line)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		const char *text = line + strlen(levels[i].word);

		if (!text_starts(line, levels[i].word))
			continue;
		if (levels[i].level == NOTE_OK)
			note(n, NOTE_OK, "shared ledger", "%s", text);
		else
			note_of(n, c, levels[i].level, "shared ledger", "%s",
			    text);
	}
}

void
doctor_shared(struct notes *n, struct setup *s)
{
	struct checked *c = checking(n, "ledger.shared", NULL, NULL);
	struct buf out = {0};
	struct err err = {0};

	if (node_standing(&s->config.settings, &out, &err) < 0) {
		note_of(n, c, NOTE_WRONG, "shared ledger", "%s", err.text);
		buf_free(&out);
		return;
	}
	for (char *at = out.data, *lf; at != NULL && *at != '\0'; at = lf + 1) {
		lf = strchr(at, '\n');
		if (lf == NULL)
			break;
		*lf = '\0';
		note_line(n, c, text_safe_copy(n->pool, at, strlen(at), 600));
	}
	buf_free(&out);
}
