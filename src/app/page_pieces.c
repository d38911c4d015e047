#include "page_pieces.h"

#include <string.h>

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
PIECE(piece_main, "main.js");

#define PIECES_END NULL

static const char *const checking[] = {piece_sha256, piece_ed25519,
    piece_formats, piece_claims, piece_verify, PIECES_END};
static const char *const showing[] = {piece_show, piece_plots, piece_table,
    piece_changes, piece_life, piece_sections, piece_overview, piece_proof,
    piece_main, PIECES_END};

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

/* Nothing but our own script and style, by their digests. */
static void
content_policy(struct buf *out, const char *check, const char *show)
{
	buf_put(out,
	    "default-src 'none'; base-uri 'none'; form-action 'none'; "
	    "worker-src blob:; script-src ");
	allow(out, check);
	buf_char(out, ' ');
	allow(out, show);
	buf_put(out, "; style-src ");
	allow(out, piece_css);
}

static void
fill(struct buf *out, const char *word, const char *check, const char *show)
{
	if (text_starts(word, "@POLICY@"))
		content_policy(out, check, show);
	else if (text_starts(word, "@STYLE@"))
		buf_put(out, piece_css);
	else if (text_starts(word, "@CHECK@"))
		buf_put(out, check);
	else
		buf_put(out, show);
}

void
page_shell(struct buf *out)
{
	const char *rest = piece_html, *at;
	struct buf check = {0}, show = {0};

	join(&check, checking);
	join(&show, showing);
	while ((at = strchr(rest, '@')) != NULL) {
		buf_add(out, rest, (size_t)(at - rest));
		fill(out, at, buf_text(&check), buf_text(&show));
		rest = strchr(at + 1, '@') + 1;
	}
	buf_put(out, rest);
	buf_free(&check);
	buf_free(&show);
}
