/*
 * Making follows RFC 6962's recursion, which is a descent: at each step the
 * half that is not gone into is one hash of the proof.  The descent goes from
 * the root down and a proof is written from the leaf up, so what was found is
 * turned round at its end.
 */
#include "core/merkle_proof.h"

#include <string.h>

/* The largest power of two below `n`, which is at least 2. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

static void
push(struct merkle_prover *p, uint64_t begin, uint64_t end)
{
	p->range[p->proof.count++] = (struct merkle_range){begin, end};
}

static void
turn_round(struct merkle_prover *p)
{
	for (size_t i = 0; i < p->proof.count / 2; i++) {
		size_t other = p->proof.count - 1 - i;
		struct merkle_range kept = p->range[i];

		p->range[i] = p->range[other];
		p->range[other] = kept;
	}
}

bool
merkle_prove_inclusion(struct merkle_prover *p, uint64_t index, uint64_t size)
{
	uint64_t begin = 0, end = size;

	if (index >= size)
		return false;
	*p = (struct merkle_prover){.size = size};
	while (end - begin > 1) {
		uint64_t middle = begin + split(end - begin);

		if (index < middle) {
			push(p, middle, end);
			end = middle;
		} else {
			push(p, begin, middle);
			begin = middle;
		}
	}
	turn_round(p);
	return true;
}

bool
merkle_prove_consistency(struct merkle_prover *p, uint64_t old, uint64_t size)
{
	uint64_t begin = 0, end = size;

	if (old == 0 || old > size)
		return false;
	*p = (struct merkle_prover){.size = size};
	/* Down to the subtree that ends where the old list does. */
	while (end != old) {
		uint64_t middle = begin + split(end - begin);

		if (old <= middle) {
			push(p, middle, end);
			end = middle;
		} else {
			push(p, begin, middle);
			begin = middle;
		}
	}
	/* The old list itself is the verifier's own knowledge. */
	if (begin > 0)
		push(p, begin, end);
	turn_round(p);
	return true;
}

/* Those of `all` that lie in leaves [begin, end), if they are all of these. */
static bool
take_part(struct merkle *part, const struct merkle *all, uint64_t begin,
    uint64_t end)
{
	*part = (struct merkle){0};
	for (unsigned level = MERKLE_LEVELS - 1; level-- > 0;) {
		uint64_t at = all->count >> level >> 1 << level << 1;

		if ((all->count >> level & 1) == 0 || at < begin || at >= end ||
		    end - at < (uint64_t)1 << level)
			continue;
		memcpy(part->node[level], all->node[level], DIGEST_SIZE);
		part->count += (uint64_t)1 << level;
	}
	return part->count == end - begin;
}

bool
merkle_prover_begin(struct merkle_prover *p, const struct merkle *first)
{
	struct merkle_prover new = *p;

	if (p->seen != 0 || first->count > p->size)
		return false;
	for (size_t i = 0; i < p->proof.count; i++) {
		const struct merkle_range *r = &p->range[i];
		uint64_t end = r->end < first->count ? r->end : first->count;
		struct merkle part;

		if (r->begin >= first->count)
			continue;
		if (!take_part(&part, first, r->begin, end))
			return false;
		if (r->end <= first->count)
			merkle_root(new.proof.hash[i], &part);
		else
			new.open = part;
	}
	new.seen = first->count;
	*p = new;
	return true;
}

void
merkle_prover_add(struct merkle_prover *p,
    const unsigned char leaf[DIGEST_SIZE])
{
	uint64_t at = p->seen;

	if (at >= p->size)
		return;
	p->seen++;
	for (size_t i = 0; i < p->proof.count; i++) {
		if (at < p->range[i].begin || at >= p->range[i].end)
			continue;
		if (at == p->range[i].begin)
			p->open = (struct merkle){0};
		merkle_add(&p->open, leaf);
		if (at + 1 == p->range[i].end)
			merkle_root(p->proof.hash[i], &p->open);
		return;
	}
}

/*
 * Does a hash of the proof stand for a part of these leaves only?  A single
 * leaf that is proved has its neighbour's hash, and so cuts every subtree.
 */
static bool
is_cut(const struct merkle_prover *p, uint64_t begin, uint64_t end)
{
	for (size_t i = 0; i < p->proof.count; i++) {
		const struct merkle_range *r = &p->range[i];

		if ((r->begin > begin && r->begin < end) ||
		    (r->end > begin && r->end < end))
			return true;
	}
	return false;
}

bool
merkle_prover_add_full(struct merkle_prover *p, unsigned level,
    const unsigned char node[DIGEST_SIZE])
{
	uint64_t at = p->seen, end = at + ((uint64_t)1 << level);

	if (end > p->size || is_cut(p, at, end))
		return false;
	p->seen = end;
	for (size_t i = 0; i < p->proof.count; i++) {
		const struct merkle_range *r = &p->range[i];

		if (at < r->begin || at >= r->end)
			continue;
		if (at == r->begin)
			p->open = (struct merkle){0};
		merkle_add_full(&p->open, level, node);
		if (end == r->end)
			merkle_root(p->proof.hash[i], &p->open);
		return true;
	}
	return true;
}

bool
merkle_prover_done(const struct merkle_prover *p)
{
	return p->size > 0 && p->seen == p->size;
}

/* One step up: is the node at `at` of a level whose last one is `last` left? */
struct climb {
	uint64_t at, last;
};

/* Is the next hash to its left?  At a right edge, levels are skipped. */
static bool
climbs_right(struct climb *c)
{
	bool right = (c->at & 1) == 1 || c->at == c->last;

	while (right && (c->at & 1) == 0 && c->at != 0) {
		c->at >>= 1;
		c->last >>= 1;
	}
	return right;
}

bool
merkle_included(const struct merkle_proof *proof,
    const unsigned char leaf[DIGEST_SIZE], uint64_t index, uint64_t size,
    const unsigned char root[DIGEST_SIZE])
{
	unsigned char node[DIGEST_SIZE];
	struct climb c = {index, size - 1};

	if (index >= size || proof->count > MERKLE_PROOF_MAX)
		return false;
	memcpy(node, leaf, DIGEST_SIZE);
	for (size_t i = 0; i < proof->count; i++) {
		if (c.last == 0)
			return false;
		if (climbs_right(&c))
			merkle_join(node, proof->hash[i], node);
		else
			merkle_join(node, node, proof->hash[i]);
		c.at >>= 1;
		c.last >>= 1;
	}
	return c.last == 0 && memcmp(node, root, DIGEST_SIZE) == 0;
}

/* Both roots at once: the old list's and the whole's. */
static bool
climb_both(const struct merkle_proof *proof, size_t from, struct climb c,
    unsigned char old[DIGEST_SIZE], unsigned char whole[DIGEST_SIZE])
{
	for (size_t i = from; i < proof->count; i++) {
		if (c.last == 0)
			return false;
		if (climbs_right(&c)) {
			merkle_join(old, proof->hash[i], old);
			merkle_join(whole, proof->hash[i], whole);
		} else {
			merkle_join(whole, whole, proof->hash[i]);
		}
		c.at >>= 1;
		c.last >>= 1;
	}
	return c.last == 0;
}

bool
merkle_consistent(const struct merkle_proof *proof, uint64_t old,
    const unsigned char old_root[DIGEST_SIZE], uint64_t size,
    const unsigned char root[DIGEST_SIZE])
{
	unsigned char small[DIGEST_SIZE], whole[DIGEST_SIZE];
	struct climb c = {old - 1, size - 1};
	bool is_node = (old & (old - 1)) == 0; /* the proof leaves it out */
	const unsigned char *first;

	if (old == 0 || old > size || proof->count > MERKLE_PROOF_MAX)
		return false;
	if (old == size)
		return proof->count == 0 &&
		    memcmp(old_root, root, DIGEST_SIZE) == 0;
	if (proof->count == 0)
		return false;
	while ((c.at & 1) == 1) {
		c.at >>= 1;
		c.last >>= 1;
	}
	first = is_node ? old_root : proof->hash[0];
	memcpy(small, first, DIGEST_SIZE);
	memcpy(whole, first, DIGEST_SIZE);
	return climb_both(proof, is_node ? 0 : 1, c, small, whole) &&
	    memcmp(small, old_root, DIGEST_SIZE) == 0 &&
	    memcmp(whole, root, DIGEST_SIZE) == 0;
}
