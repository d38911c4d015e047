#include "page_pieces.h"

#include <stdbool.h>
#include <string.h>

#include "app/page.h"
#include "base/digest.h"
#include "base/text.h"

/* The assembler takes the files in; the Makefile knows that it does. */
#define PIECE(symbol, file)                                                    \
	__asm__(".pushsection .rodata\n" #symbol ":\n"                         \
	        ".incbin \"src/page/" file "\"\n.byte 0\n.popsection\n");      \
	extern const char(symbol)[] __asm__(#symbol)

PIECE(piece_html, "index.html");
PIECE(piece_css, "page.css");
/* What checks; it runs beside the page, so it is a script of its own. */
PIECE(piece_sha256, "sha256.js");
PIECE(piece_ed25519, "ed25519.js");
PIECE(piece_formats, "formats.js");
PIECE(piece_claims, "claims.js");
PIECE(piece_verify, "verify.js");
/* What shows. */
PIECE(piece_show, "show.js");
PIECE(piece_plots, "plots.js");
PIECE(piece_table, "table.js");
PIECE(piece_changes, "changes.js");
PIECE(piece_life, "life.js");
PIECE(piece_sections, "sections.js");
PIECE(piece_overview, "overview.js");
PIECE(piece_proof, "proof.js");
PIECE(piece_live, "live.js");
PIECE(piece_main, "main.js");

#define PIECES_END NULL

static const char *const checking[] = {piece_sha256, piece_ed25519,
    piece_formats, piece_claims, piece_verify, PIECES_END};
static const char *const showing[] = {piece_show, piece_plots, piece_table,
    piece_changes, piece_life, piece_sections, piece_overview, piece_proof,
    piece_main, PIECES_END};
static const char *const showing_live[] = {piece_show, piece_plots, piece_table,
    piece_changes, piece_life, piece_sections, piece_overview, piece_proof,
    piece_live, piece_main, PIECES_END};

/* In braces, so that no name of ours becomes one of the window's. */
static void
join(struct buf *out, const char *const *pieces)
{
	buf_put(out, "\"use strict\";\n{\n");
	for (; *pieces != PIECES_END; pieces++)
		buf_put(out, *pieces);
	buf_put(out, "}\n");
}

static void
allow(struct buf *out, const char *what)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(digest, what, strlen(what));
	buf_put(out, "'sha256-");
	text_base64(out, digest, sizeof(digest));
	buf_char(out, '\'');
}

/* The scripts of one page. */
struct scripts {
	bool live;
	struct buf check, show;
};

static void
join_scripts(struct scripts *s)
{
	join(&s->check, checking);
	join(&s->show, s->live ? showing_live : showing);
}

static void
free_scripts(struct scripts *s)
{
	buf_free(&s->check);
	buf_free(&s->show);
}

/* Nothing but our own script and style, by their digests. */
static void
content_policy(struct buf *out, const struct scripts *s)
{
	buf_put(out,
	    "default-src 'none'; base-uri 'none'; form-action 'none'; "
	    "worker-src blob:; ");
	if (s->live)
		buf_put(out, "connect-src 'self'; ");
	buf_put(out, "script-src ");
	allow(out, buf_text(&s->check));
	buf_char(out, ' ');
	allow(out, buf_text(&s->show));
	buf_put(out, "; style-src ");
	allow(out, piece_css);
}

static void
fill(struct buf *out, const char *word, const struct scripts *s)
{
	if (text_starts(word, "@POLICY@"))
		content_policy(out, s);
	else if (text_starts(word, "@STYLE@"))
		buf_put(out, piece_css);
	else if (text_starts(word, "@CHECK@"))
		buf_put(out, buf_text(&s->check));
	else
		buf_put(out, buf_text(&s->show));
}

static void
put_shell(struct buf *out, bool live)
{
	const char *rest = piece_html, *at;
	struct scripts s = {.live = live};

	join_scripts(&s);
	while ((at = strchr(rest, '@')) != NULL) {
		buf_add(out, rest, (size_t)(at - rest));
		fill(out, at, &s);
		rest = strchr(at + 1, '@') + 1;
	}
	buf_put(out, rest);
	free_scripts(&s);
}

void
page_shell(struct buf *out)
{
	put_shell(out, false);
}

void
page_live(struct buf *out)
{
	put_shell(out, true);
	buf_put(out, "</body>\n</html>\n");
}

void
page_live_policy(struct buf *out)
{
	struct scripts s = {.live = true};

	join_scripts(&s);
	content_policy(out, &s);
	free_scripts(&s);
}
