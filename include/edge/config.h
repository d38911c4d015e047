/*
 * config - the three files of an installation: their bytes and what they say.
 *
 *	struct config config;
 *
 *	if (config_read(&config, &pool, "/etc/foureyes", err) < 0)
 *		return -1;
 *
 * The directory may be reached through a symbolic link.  Each file must be a
 * regular file of its own (no link), at most CONFIG_SIZE_MAX bytes, and neither
 * it nor the directory may be writable by its group or by others: whoever can
 * write them decides what is asked.  Who owns them is not looked at, because
 * the three may have three owners.  foureyes.yaml is read first, as people.yaml
 * may only use the logins that it names.  An error begins "policy.yaml:3:5: "
 * or names the file's path.
 *
 * Where `gate` is not "local", foureyesd judges, and policy.yaml and
 *people.yaml may be missing; `policy` and `people` are then empty, which lets
 *nothing through, and their texts NULL.  Everything is in the pool.
 */
#ifndef EDGE_CONFIG_H
#define EDGE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/person.h"
#include "core/policy.h"
#include "core/settings.h"

#define CONFIG_SIZE_MAX (4u << 20)
#define CONFIG_POLICY "policy.yaml"
#define CONFIG_PEOPLE "people.yaml"
#define CONFIG_SETTINGS "foureyes.yaml"

struct config_text {
	const char *bytes; /* ended by NUL; NULL: there is no such file */
	size_t len;
};

struct config {
	const char *dir; /* as given */
	struct policy policy;
	struct people people;
	struct settings settings;
	struct config_text policy_text;
	struct config_text people_text;
	struct config_text settings_text;
};

int config_read(struct config *out, struct pool *pool, const char *dir,
    struct err *err) must_check;
/*
 * As config_read(), for a hook: from what config_compile() left where that says
 * the same (config_image.h).  `people` false: who asks which gates there are
 * and decides nothing needs none, and gets none where it must be read.
 */
int config_read_quickly(struct config *out, struct pool *pool, const char *dir,
    bool people, struct err *err) must_check;
/*
 * Leave in `dir` what reading its files comes to, for config_read_quickly().
 * Takes some time more than reading, and a directory that the caller may write.
 */
int config_compile(const char *dir, struct err *err) must_check;
/* `name` is one of the three, and `len` bytes are not too many. */
int config_is_file(const char *name, size_t len, struct err *err) must_check;
/*
 * Are these bytes sound as the file `name` (one of the three) of `config`?
 * Nothing is put in place.  New settings are tried with the people there are.
 */
int config_check(const struct config *config, struct pool *pool,
    const char *name, const char *bytes, size_t len,
    struct err *err) must_check;
/*
 * Put bytes in place as the file `name` (one of the three): written beside it,
 * synced, renamed.  Mode, owner and group stay as they were; a new file is the
 * caller's own, 0644.  On -1 the old file is as it was.
 */
int config_put(const char *dir, const char *name, const char *bytes, size_t len,
    struct err *err) must_check;

#endif
