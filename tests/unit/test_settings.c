#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/settings.h"
#include "reads.h"

static struct pool pool;

static int
tear_down(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static struct settings
read_good(const char *text)
{
	struct settings settings = {0};
	struct err err = {0};
	const struct tree *t;

	if (tree_parse_yaml(&t, &pool, text, strlen(text), "foureyes.yaml",
	        &err) < 0 ||
	    settings_read(&settings, &pool, t, &err) < 0)
		fail_msg("%s", err.text);
	return settings;
}

#define V "version: 1\norigin: o\n"
#define L V "ledger: /l\nindex: /i\n"
#define GATED "gate: unix:/s\nreceiver: {socket: /s}\n"
#define SHARED "ledger: \"postgresql://h/d\"\n" GATED

static bool
has_source(const struct settings *s, const char *name)
{
	for (const char *const *n = s->sources; *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

static void
what_is_absent_has_its_default(void **state)
{
	struct settings s = read_good(L);

	(void)state;
	assert_string_equal(s.origin, "o");
	assert_string_equal(s.gate, "local");
	assert_int_equal(s.deadline, 4000);
	assert_int_equal(s.door_count, 0);
	assert_null(s.published);
	assert_null(s.seal_key);
	assert_null(s.report_key);
	assert_null(s.openpgp_keyring);
	assert_null(s.revoked_keys);
	assert_null(s.hook_user);
	assert_false(s.receiver.there);
	assert_int_equal(s.alerts.count, 0);
	assert_true(has_source(&s, "local"));
	assert_false(has_source(&s, "http"));
}

static void
every_key_is_read(void **state)
{
	struct settings s = read_good(
	    "version: 1\norigin: example.com/f\npublished: \"https://p\"\n"
	    "ledger: /a/l\nindex: /a/i.db\nseal_key: /a/s\nreport_key: /a/r\n"
	    "gate: local\nopenpgp_keyring: /a/o\nrevoked_keys: /a/k\n"
	    "hook_user: git\ndeadline: 2s\n"
	    "server: {kind: http, root: /srv/git, pusher: X_USER, logins: ldap, "
	    "web_committers: [w@x]}\n"
	    "receiver: {listen: \"127.0.0.1:1\"}\n"
	    "alerts: [{name: m, kind: mail, to: a@x.example, sender: f@x.example}]\n");

	(void)state;
	assert_string_equal(s.origin, "example.com/f");
	assert_string_equal(s.published, "https://p");
	assert_string_equal(s.ledger, "/a/l");
	assert_string_equal(s.index, "/a/i.db");
	assert_string_equal(s.seal_key, "/a/s");
	assert_string_equal(s.report_key, "/a/r");
	assert_string_equal(s.openpgp_keyring, "/a/o");
	assert_string_equal(s.revoked_keys, "/a/k");
	assert_string_equal(s.hook_user, "git");
	assert_int_equal(s.deadline, 2000);
	assert_int_equal(s.door_count, 1);
	assert_int_equal(s.doors[0].kind, SERVER_HTTP);
	assert_string_equal(s.doors[0].root, "/srv/git");
	assert_string_equal(s.doors[0].pusher, "X_USER");
	assert_string_equal(s.doors[0].logins, "ldap");
	assert_string_equal(s.doors[0].web_committers.list[0], "w@x");
	assert_string_equal(s.receiver.listen, "127.0.0.1:1");
	assert_int_equal(s.alerts.count, 1);
	assert_string_equal(s.alerts.list[0].name, "m");
	assert_true(has_source(&s, "ldap"));
	assert_false(has_source(&s, "http"));
}

static void
a_server_says_that_it_made_a_push_in_the_words_of_its_kind(void **state)
{
	static const struct {
		enum server_kind kind;
		const char *variable, *value;
		bool web;
	} rows[] = {
	    {SERVER_HTTP, NULL, "web", false},
	    {SERVER_SSH, NULL, "web", false},
	    {SERVER_LOCAL, NULL, "web", false},
	    {SERVER_GITOLITE, NULL, "web", false},
	    {SERVER_GITLAB, "GL_PROTOCOL", "web", true},
	    {SERVER_GITLAB, "GL_PROTOCOL", "ssh", false},
	    {SERVER_GITLAB, "GL_PROTOCOL", "", false},
	    {SERVER_GITEA, "SSH_ORIGINAL_COMMAND", "gitea-internal", true},
	    {SERVER_FORGEJO, "SSH_ORIGINAL_COMMAND", "gitea-internal", true},
	    {SERVER_FORGEJO, "SSH_ORIGINAL_COMMAND",
	        "git-receive-pack 'gitea-internal'", false},
	    {SERVER_GHES, "GITHUB_VIA", "pull request merge button", true},
	    {SERVER_GHES, "GITHUB_VIA", "blob#save", true},
	    {SERVER_GHES, "GITHUB_VIA", "git refs update api", false},
	    {SERVER_BITBUCKET_DC, "BB_HOOK_TRIGGER_ID", "pull-request-merge",
	        true},
	    {SERVER_BITBUCKET_DC, "BB_HOOK_TRIGGER_ID", "push", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = server_kind_web(rows[i].kind);

		assert_true(rows[i].variable == NULL
		        ? name == NULL
		        : strcmp(name, rows[i].variable) == 0);
		assert_true(server_kind_is_web(rows[i].kind, rows[i].value) ==
		    rows[i].web);
		assert_false(server_kind_is_web(rows[i].kind, NULL));
	}
}

static void
each_kind_has_its_name_its_sign_and_its_variable(void **state)
{
	static const struct {
		const char *name, *fits, *variable;
	} rows[] = {
	    {NULL, NULL, NULL},
	    {"http", "GATEWAY_INTERFACE", "REMOTE_USER"},
	    {"ssh", "SSH_CONNECTION", NULL},
	    {"local", NULL, NULL},
	    {"gitolite", NULL, "GL_USER"},
	    {"gitea", NULL, "GITEA_PUSHER_NAME"},
	    {"forgejo", NULL, "GITEA_PUSHER_NAME"},
	    {"gitlab", NULL, "GL_USERNAME"},
	    {"ghes", NULL, "GITHUB_USER_LOGIN"},
	    {"bitbucket-dc", NULL, "BB_USER_NAME"},
	    {NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum server_kind kind = (enum server_kind)i;
		struct settings s;

		assert_true(rows[i].name == NULL
		        ? server_kind_name(kind) == NULL
		        : strcmp(server_kind_name(kind), rows[i].name) == 0);
		assert_true(rows[i].fits == NULL
		        ? server_kind_fits(kind) == NULL
		        : strcmp(server_kind_fits(kind), rows[i].fits) == 0);
		assert_true(rows[i].variable == NULL
		        ? server_kind_variable(kind) == NULL
		        : strcmp(server_kind_variable(kind),
		              rows[i].variable) == 0);
		if (rows[i].name == NULL)
			continue;
		s = read_good(pool_printf(&pool,
		    L "server: {kind: %s, root: /r}\n", rows[i].name));
		assert_int_equal(s.doors[0].kind, kind);
		assert_string_equal(s.doors[0].logins, rows[i].name);
		assert_null(s.doors[0].pusher);
	}
}

static void
one_door_of_each_sign_may_stand_beside_the_others(void **state)
{
	struct settings s = read_good(L "server:\n"
	                                "  - {kind: ssh, root: /a}\n"
	                                "  - {kind: http, root: /b}\n"
	                                "  - {kind: local, root: /c}\n");

	(void)state;
	assert_int_equal(s.door_count, 3);
	assert_int_equal(s.doors[0].kind, SERVER_SSH);
	assert_string_equal(s.doors[2].root, "/c");
	assert_true(has_source(&s, "ssh") && has_source(&s, "http") &&
	    s.doors[2].kind == SERVER_LOCAL);
}

static void
a_gate_elsewhere_needs_no_ledger_here(void **state)
{
	struct settings s = read_good(V "gate: \"unix:/run/f.sock\"\n");

	(void)state;
	assert_string_equal(s.gate, "unix:/run/f.sock");
	assert_null(s.ledger);
	s = read_good(V "gate: \"https://gate.example.com\"\n");
	assert_string_equal(s.gate, "https://gate.example.com");
}

static void
a_ledger_may_be_a_database(void **state)
{
	struct settings s = read_good(V SHARED "index: /var/i.db\n");

	(void)state;
	assert_string_equal(s.shared, "postgresql://h/d");
	assert_string_equal(s.ledger, "/var/ledger");
}

static void
every_source_is_a_name_for_logins(void **state)
{
	struct settings s = read_good(L
	    "server: {kind: gitea, logins: one}\n"
	    "receiver:\n"
	    "  listen: \"127.0.0.1:1\"\n"
	    "  socket: /s\n"
	    "  tls: {certificate: /c, key: /k}\n"
	    "  sources:\n"
	    "    one: {kind: gitea, secret_files: [/a, /b], api: \"https://a\", "
	    "token_file: /t, tells: [approvals, tests, deployments], "
	    "environments: [e], repositories: {\"a/*\": \"*\"}, settle: 0s, "
	    "mirrors: /m}\n"
	    "    two: {kind: gitea, app: {id: 1, private_key_file: /p}, tells: "
	    "[]}\n");

	(void)state;
	assert_true(has_source(&s, "one") && has_source(&s, "two") &&
	    has_source(&s, "local"));
	assert_false(has_source(&s, "gitea"));
}

static int
read_any(struct pool *p, const struct tree *t, struct err *err)
{
	struct settings settings = {0};
	int ret = settings_read(&settings, p, t, err);

	/* What was refused leaves nothing behind. */
	assert_true(ret == 0 || settings.origin == NULL);
	return ret;
}

#define S L "server: "
#define C L "receiver: "
#define O C "{sources: {a: {kind: github, "

static const struct refused bad[] = {
    {"", "foureyes.yaml:1:1: this must be a mapping"},
    {"origin: o\n",
        "foureyes.yaml:1:1: 'version' is missing: the first line is 'version: 1'"},
    {"version: 3\n", "foureyes.yaml:1:1: 'version' must be 1"},
    {"version: 1\nledger: /l\nindex: /i\n",
        "foureyes.yaml:1:1: 'origin' is missing"},
    {V, "foureyes.yaml:1:1: 'ledger' is missing"},
    {V "ledger: /l\n", "foureyes.yaml:1:1: 'index' is missing"},
    {V "index: /i\n", "foureyes.yaml:1:1: 'ledger' is missing"},
    {L "key: x\n",
        "foureyes.yaml:5:1: no such key 'key' (known here: version, origin, published, ledger, ledger_copy, ledger_password_file, node, index, seal_key, seal_state, report_key, gate, gate_secret_file, gate_ca_file, gate_address, openpgp_keyring, revoked_keys, hook_user, deadline, server, receiver, alerts, held, config_from)"},
    {L "published:\n", "foureyes.yaml:5:1: 'published' has no value"},
#define HOSTS L "receiver:\n  hosts:\n"
    {HOSTS "    east: {server: {kind: gitea}}\n",
        "foureyes.yaml:7:5: 'accounts' or 'secret_files' is missing: by what is this host known"},
    {HOSTS "    east: {accounts: []}\n",
        "foureyes.yaml:7:12: 'accounts' is empty: name one, or leave the key out"},
    {HOSTS "    east: {secret_files: [here]}\n",
        "foureyes.yaml:7:27: 'here' must be a path from '/' on: secrets stand in files of their own"},
    {HOSTS "    east: {accounts: [git]}\n    west: {accounts: [git]}\n",
        "foureyes.yaml:8:5: the account 'git' is the host 'east' already"},
    {HOSTS "    east: {accounts: [git], server: {kind: http}}\n",
        "foureyes.yaml:7:29: 'root' is missing: a door of kind 'http' needs the directory of its repositories"},
    {"version: 1\norigin: a b\nledger: /l\nindex: /i\n",
        "foureyes.yaml:2:1: 'origin' must have no blanks and no '+'"},
    {"version: 1\norigin: a+b\nledger: /l\nindex: /i\n",
        "foureyes.yaml:2:1: 'origin' must have no blanks and no '+'"},
    {"version: 1\norigin: \"a\\x7f\"\nledger: /l\nindex: /i\n",
        "foureyes.yaml:2:1: 'origin' must have no blanks and no '+'"},
    {V "ledger: l\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: mysql://h/d\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V SHARED, "foureyes.yaml:1:1: 'index' is missing"},
    {V "ledger: \"postgresql://h/d\"\nindex: /i\n",
        "foureyes.yaml:3:1: hooks do not reach a database: with a ledger that is shared 'gate' is 'unix:PATH' of foureyesd's socket, or 'https://HOST'"},
    {V "ledger: \"postgresql://h/d\"\nindex: /i\ngate: unix:/s\n",
        "foureyes.yaml:1:1: 'receiver.socket' is missing: commands reach a ledger that is shared by it"},
    {V "ledger: \"postgresql://me:secret@h/d\"\nindex: /i\n" GATED,
        "foureyes.yaml:3:1: 'ledger' holds a password, which everybody could read here: put it into a file of its own, and name that by 'ledger_password_file'"},
    {V "ledger: \"postgresql://h/d?password=secret\"\nindex: /i\n" GATED,
        "foureyes.yaml:3:1: 'ledger' holds a password, which everybody could read here: put it into a file of its own, and name that by 'ledger_password_file'"},
    {V "ledger: /l\nindex: /i\nledger_copy: /c\n",
        "foureyes.yaml:5:1: 'ledger_copy' is for a ledger that is shared: 'ledger: postgresql://...'"},
    {V "ledger: /a/../l\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: /a/./l\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: /a//l\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: /a/\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: /\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: \"/a\\e\"\nindex: /i\n",
        "foureyes.yaml:3:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {V "ledger: /l\nindex: i\n",
        "foureyes.yaml:4:1: 'index' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {L "seal_key: s\n",
        "foureyes.yaml:5:1: 'seal_key' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {L "report_key: r\n",
        "foureyes.yaml:5:1: 'report_key' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {L "openpgp_keyring: k\n",
        "foureyes.yaml:5:1: 'openpgp_keyring' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {L "revoked_keys: k\n",
        "foureyes.yaml:5:1: 'revoked_keys' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {L "hook_user: \"a b\"\n",
        "foureyes.yaml:5:1: 'a b' is no name: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {L "deadline: 999\n",
        "foureyes.yaml:5:1: 'deadline' must be a time such as 30m, 4h or 90d, at most 3650d, not '999'"},
    {L "deadline: 0s\n", "foureyes.yaml:5:1: 'deadline' must be 1s to 5m"},
    {L "deadline: 301s\n", "foureyes.yaml:5:1: 'deadline' must be 1s to 5m"},
    {L "gate: remote\n",
        "foureyes.yaml:5:1: 'gate' must be 'local', 'unix:/PATH' or 'https://HOST'"},
    {L "gate: \"unix:sock\"\n",
        "foureyes.yaml:5:1: 'gate' must be 'local', 'unix:/PATH' or 'https://HOST'"},
    {L "gate: \"https://\"\n",
        "foureyes.yaml:5:1: 'gate' must be 'local', 'unix:/PATH' or 'https://HOST'"},
    {L "gate: \"http://h\"\n",
        "foureyes.yaml:5:1: 'gate' must be 'local', 'unix:/PATH' or 'https://HOST'"},
    {V "gate: \"unix:/s\"\nledger: l\n",
        "foureyes.yaml:4:1: 'ledger' must be a path from '/' on, or 'postgresql://...'"},
    {S "http\n", "foureyes.yaml:5:1: 'server' must be a mapping"},
    {S "[]\n",
        "foureyes.yaml:5:1: 'server' is empty: name a door, or leave the key out"},
    {S "{root: /r}\n", "foureyes.yaml:5:1: 'kind' is missing"},
    {S "{kind: git, root: /r}\n",
        "foureyes.yaml:5:10: 'kind' must be one of http, ssh, local, gitolite, gitea, forgejo, gitlab, ghes, bitbucket-dc, not 'git'"},
    {S "{kind: http}\n",
        "foureyes.yaml:5:1: 'root' is missing: a door of kind 'http' needs the directory of its repositories"},
    {S "{kind: ssh}\n",
        "foureyes.yaml:5:1: 'root' is missing: a door of kind 'ssh' needs the directory of its repositories"},
    {S "{kind: local}\n",
        "foureyes.yaml:5:1: 'root' is missing: a door of kind 'local' needs the directory of its repositories"},
    {S "{kind: http, root: r}\n",
        "foureyes.yaml:5:22: 'root' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {S "{kind: gitea, root: r}\n",
        "foureyes.yaml:5:23: 'root' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {S "{kind: http, root: /r, pusher: \"1X\"}\n",
        "foureyes.yaml:5:32: '1X' is no name of a variable"},
    {S "{kind: http, root: /r, pusher: \"X-Y\"}\n",
        "foureyes.yaml:5:32: 'X-Y' is no name of a variable"},
    {S "{kind: http, root: /r, pusher: \"X.Y\"}\n",
        "foureyes.yaml:5:32: 'X.Y' is no name of a variable"},
    {S "{kind: http, root: /r, pusher: \"X=Y\"}\n",
        "foureyes.yaml:5:32: 'X=Y' is no name of a variable"},
    {S "{kind: gitea, pusher: X}\n",
        "foureyes.yaml:5:23: a server of kind 'gitea' says itself who pushes: leave 'pusher' out"},
    {S "{kind: http, root: /r, logins: \"a b\"}\n",
        "foureyes.yaml:5:32: 'a b' is no name: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {S "{kind: http, root: /r, web_committers: {a: b}}\n",
        "foureyes.yaml:5:32: 'web_committers' must be a text or a list of texts, not a mapping"},
    {S "{kind: http, root: /r, user: x}\n",
        "foureyes.yaml:5:32: no such key 'user' (known here: kind, root, hooks, pusher, logins, web_committers)"},
    {S "[{kind: http, root: /r}, {kind: http, root: /s}]\n",
        "foureyes.yaml:5:34: the doors 'http' and 'http' fit at once: keep one"},
    {S "[{kind: ssh, root: /r}, {kind: http, root: /r}, {kind: ssh, root: "
       "/s}]\n",
        "foureyes.yaml:5:57: the doors 'ssh' and 'ssh' fit at once: keep one"},
    {S "[{kind: local, root: /r}, {kind: gitea}]\n",
        "foureyes.yaml:5:35: the doors 'local' and 'gitea' fit at once: keep one"},
    {S "[{kind: ssh, root: /r}, {kind: gitolite}]\n",
        "foureyes.yaml:5:33: the doors 'ssh' and 'gitolite' fit at once: keep one"},
    {S "[{kind: gitea}, {kind: http, root: /r}]\n",
        "foureyes.yaml:5:25: the doors 'gitea' and 'http' fit at once: keep one"},
    {"version: 1\ngate: unix:/s\nalerts: [{name: m, kind: mail, to: a@x, "
     "sender: f@x}]\n",
        "foureyes.yaml:3:1: 'alerts' stands where the ledger is, and its index"},
    {L "alerts: {}\n", "foureyes.yaml:5:1: 'alerts' must be a list"},
    {L "alerts: [{kind: syslog}]\n", "foureyes.yaml:5:10: 'name' is missing"},
    {C "[]\n", "foureyes.yaml:5:1: 'receiver' must be a mapping"},
    {C "{port: 1}\n",
        "foureyes.yaml:5:12: no such key 'port' (known here: listen, socket, tls, page, token_key_file, reader_files, sources, hosts)"},
    {C "{socket: s}\n",
        "foureyes.yaml:5:12: 'socket' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {C "{tls: {certificate: /c}}\n", "foureyes.yaml:5:12: 'key' is missing"},
    {C "{tls: {key: /k}}\n", "foureyes.yaml:5:12: 'certificate' is missing"},
    {C "{tls: {certificate: c, key: /k}}\n",
        "foureyes.yaml:5:18: 'certificate' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {C "{sources: []}\n", "foureyes.yaml:5:12: 'sources' must be a mapping"},
    {C "{sources: {\"a b\": {kind: github}}}\n",
        "foureyes.yaml:5:22: 'a b' is no name for a source: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {C "{sources: {a: {}}}\n", "foureyes.yaml:5:22: 'kind' is missing"},
    {C "{sources: {a: {kind: svn}}}\n",
        "foureyes.yaml:5:26: 'kind' must be one of github, gitlab, gitea, forgejo, bitbucket, bitbucket-dc, generic, not 'svn'"},
    {O "secret: x}}}\n",
        "foureyes.yaml:5:40: no such key 'secret' (known here: kind, secret_files, api, token_file, app, tells, environments, repositories, settle, mirrors, mirror_deadline, mirror_max, web_committers)"},
    {O "secret_files: []}}}\n",
        "foureyes.yaml:5:40: 'secret_files' is empty: name one, or leave the key out"},
    {O "secret_files: [/a, b]}}}\n",
        "foureyes.yaml:5:59: 'b' must be a path from '/' on: secrets stand in files of their own"},
    {O "token_file: t}}}\n",
        "foureyes.yaml:5:40: 'token_file' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {O "tells: [approvals, lies]}}}\n",
        "foureyes.yaml:5:59: 'lies' is nothing a source can tell: approvals, tests, deployments"},
    {O "environments: [\"a b\"]}}}\n",
        "foureyes.yaml:5:55: 'a b' is no name: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {O "repositories: [a]}}}\n",
        "foureyes.yaml:5:40: 'repositories' must be a mapping"},
    {O "repositories: {a: [b]}}}}\n",
        "foureyes.yaml:5:55: a repository's name is expected here"},
    {O "repositories: {a: \"\"}}}}\n",
        "foureyes.yaml:5:55: a repository's name is expected here"},
    {O "settle: 61m}}}\n", "foureyes.yaml:5:40: 'settle' must be 0s to 1h"},
    {O "mirrors: m}}}\n",
        "foureyes.yaml:5:40: 'mirrors' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {O "app: {id: 1}}}}\n",
        "foureyes.yaml:5:40: 'private_key_file' is missing"},
    {O "app: {private_key_file: /p}}}}\n",
        "foureyes.yaml:5:40: 'id' is missing"},
    {O "app: {id: 0, private_key_file: /p}}}}\n",
        "foureyes.yaml:5:46: 'id' must be a whole number from 1 to 2147483647, not '0'"},
    {O "app: {id: 1, private_key_file: p}}}}\n",
        "foureyes.yaml:5:53: 'private_key_file' must be a path from '/' on, without '//', '..' or a '/' at its end"},
    {O "app: {id: 1, private_key_file: /p}, token_file: /t}}}\n",
        "foureyes.yaml:5:40: 'app' and 'token_file' are two ways to the same forge: keep one"},
    {S "{kind: gitea}\nreceiver: {sources: {a: {kind: gitea}, b: {kind: "
       "gitea}}}\n",
        "foureyes.yaml:5:1: 2 sources are of kind 'gitea': say with 'logins' whose accounts this door has"},
};

static void
what_is_unsound_is_refused_with_its_place(void **state)
{
	(void)state;
	reads_refuse(bad, sizeof(bad) / sizeof(bad[0]), "foureyes.yaml",
	    read_any);
}

static void
a_thousand_sources_are_taken_and_no_more(void **state)
{
	(void)state;
	reads_limit(&pool,
	    reads_repeat(&pool, C "\n  sources:\n", "    s#: {kind: github}\n",
	        1000, ""),
	    "foureyes.yaml", read_any, NULL);
	reads_limit(&pool,
	    reads_repeat(&pool, C "\n  sources:\n", "    s#: {kind: github}\n",
	        1001, ""),
	    "foureyes.yaml", read_any,
	    "foureyes.yaml:6:3: more than 1000 sources");
}

static void
names_of_servers_are_those_of_their_rows(void **state)
{
	size_t count = 0;

	(void)state;
	for (; server_kind_names[count] != NULL; count++)
		assert_string_equal(server_kind_names[count],
		    server_kind_name((enum server_kind)(count + 1)));
	assert_null(server_kind_name((enum server_kind)(count + 1)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_absent_has_its_default),
	    cmocka_unit_test(every_key_is_read),
	    cmocka_unit_test(
	        a_server_says_that_it_made_a_push_in_the_words_of_its_kind),
	    cmocka_unit_test(each_kind_has_its_name_its_sign_and_its_variable),
	    cmocka_unit_test(one_door_of_each_sign_may_stand_beside_the_others),
	    cmocka_unit_test(a_gate_elsewhere_needs_no_ledger_here),
	    cmocka_unit_test(a_ledger_may_be_a_database),
	    cmocka_unit_test(every_source_is_a_name_for_logins),
	    cmocka_unit_test(what_is_unsound_is_refused_with_its_place),
	    cmocka_unit_test(a_thousand_sources_are_taken_and_no_more),
	    cmocka_unit_test(names_of_servers_are_those_of_their_rows),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
