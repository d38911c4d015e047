/*
 * tree_quick - the documents of every day, read without a library.
 *
 * Both readers take a part of their language only, and there come out with
 * exactly the tree that the library behind tree_parse_*() gives; of everything
 * else they say false, and nothing of why: then the library is asked, and its
 * word, its refusals included, is the one that counts.  So they decide nothing;
 * they are there because a hook reads three files and some records at each
 * push.  tests/fuzz/fuzz_tree_quick.c holds them against the libraries.
 *
 * JSON: whole numbers of at most 18 digits, escapes but for surrogates, at most
 * QUICK_KEYS_MAX keys in a mapping.
 *
 * YAML: mappings and lists in blocks, a mapping's list or mapping indented
 * deeper than its key; lists and mappings in brackets on one line; plain texts
 * on one line; quoted texts on one line, without escapes; comments.  Plain
 * texts begin with a letter, a digit or one of "_./~".  No tabs.
 */
#ifndef BASE_TREE_QUICK_H
#define BASE_TREE_QUICK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"

#define QUICK_KEYS_MAX 64
#define QUICK_YAML_KEY_MAX 128 /* bytes of a key */
#define QUICK_YAML_DEPTH_MAX 16

/* False: not found out, nothing is in `*out`. */
bool tree_quick_json(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file);
/* Asks that the characters have been looked at already (tree_yaml.c). */
bool tree_quick_yaml(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file);

/* What the libraries say. */
int tree_library_json(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file, struct err *err) must_check;
int tree_library_yaml(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file, struct err *err) must_check;

#endif
