#include "app/installing.h"

#include "app/say.h"

const char *
installing_names(const struct hooks_places *places)
{
	if (places == &hooks_vref)
		return "VREF/foureyes";
	return places->count == 2 ? "pre-receive, post-receive"
	                          : "pre-receive, post-receive, "
	                            "reference-transaction";
}

static void
gitolite(const char *dir, bool vref)
{
	say("by hand, as the account that runs gitolite:");
	say("  in ~/.gitolite.rc: LOCAL_CODE => \"%s\",", dir);
	if (vref)
		say("  in gitolite.conf, where the rule is to hold: - "
		    "VREF/foureyes = @all");
	else
		say("  gitolite setup --hooks-only");
	say("  git config --global receive.advertisePushOptions true");
	if (vref)
		say("a VREF sees no push options: plans and emergencies come "
		    "by trailers and signed tags alone");
}

static void
gitlab(const char *dir)
{
	say("by hand, on every Gitaly node:");
	say("  /etc/gitlab/gitlab.rb: gitaly['configuration'][:hooks]"
	    "[:custom_hooks_dir] = '%s'",
	    dir);
	say("  (from source: config.toml, [hooks] custom_hooks_dir = \"%s\")",
	    dir);
	say("  gitlab-ctl reconfigure");
}

static void
bitbucket(const char *dir)
{
	say("by hand, as an administrator of Bitbucket (hook scripts of scope "
	    "GLOBAL, or of a project):");
	for (int i = 0; i < 2; i++)
		say("  curl -n -F name=foureyes-%s -F type=%s -F "
		    "content=@%s/foureyes-%s-receive "
		    "https://BITBUCKET/rest/api/latest/hook-scripts",
		    i == 0 ? "pre" : "post", i == 0 ? "PRE" : "POST", dir,
		    i == 0 ? "pre" : "post");
	say("  then switch each on for the triggers of pushes and merges: "
	    "PUT .../hook-scripts/ID {\"triggerIds\": [...]}");
}

void
installing_by_hand(enum server_kind kind, const struct hooks_places *places,
    const char *dir)
{
	if (kind == SERVER_GITOLITE)
		gitolite(dir, places == &hooks_vref);
	else if (kind == SERVER_GITLAB)
		gitlab(dir);
	else if (kind == SERVER_BITBUCKET_DC)
		bitbucket(dir);
	else {
		say("by hand, for every repository of this machine:");
		say("  git config --system core.hooksPath %s", dir);
		say("  git config --system receive.advertisePushOptions true");
		say("or for new ones, where this lies below a template:");
		say("  git config --system init.templateDir %s/..", dir);
	}
}
