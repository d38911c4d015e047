#include "app/signing.h"

int
signing_check(struct signature *out, struct setup *s, const char *space,
    const struct buf *statement, const struct buf *armor, struct err *err)
{
	const struct signature_rules rules = {.space = space,
	    .keyring = s->config.settings.openpgp_keyring,
	    .revoked = s->config.settings.revoked_keys,
	    .now = s->now};

	return signature_check(out, buf_text(statement), statement->len,
	    buf_text(armor), armor->len, &rules, err);
}

const struct person *
signing_person(struct setup *s, const struct signature *signature,
    const struct texts *groups, const char *called, struct err *err)
{
	const struct person_key *key;
	const struct person *who =
	    people_by_key(&s->config.people, signature->key, &key);

	if (who == NULL)
		err_set(err, ERR_INPUT,
		    "people.yaml has nobody with the key %s", signature->key);
	else if (who->machine || groups->count == 0 ||
	    !person_in_any(who, groups->list, groups->count))
		err_set(err, ERR_INPUT, "%s is no person of %s", who->id,
		    called);
	else if (!person_in_force(who, s->now) ||
	    !person_key_in_force(key, s->now))
		err_set(err, ERR_INPUT, "%s or the key %s is not in force",
		    who->id, signature->key);
	else
		return who;
	return NULL;
}
