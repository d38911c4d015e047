#!/bin/sh
# Three Git servers that write one ledger: each a machine on a network, each
# with repositories of its own, and one that all three serve from one storage;
# the database is two machines, of which one follows the other.  A link is cut,
# the database dies, and nothing that anybody was told is lost, or twice.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cluster.sh
. "$src/tests/real/lib_cluster.sh"
why=$(cluster_can) || skip_all "$why"
own_network "$src/tests/real/cluster.sh" "$@"
NODES='n1 n2 n3'
CHANGES=12
export DOOR=local

# ---- the database ----

number=0
for name in $NODES a b; do
	number=$((number + 1))
	machine "$name" "10.77.0.$number"
done
database_primary a
page_block sql 1 | sql_file a
database_standby b a
URL="postgresql://foureyes@$(address_of a):$(port_of a),$(address_of b):$(port_of b)/foureyes?sslmode=verify-full&sslrootcert=$W/db/ca.pem"

# ---- the nodes ----

settings_of() {
	its=$(home_of "$1")
	cat <<-YAML
		version: 1
		origin: example.com/foureyes
		ledger: "$URL"
		ledger_password_file: $its/etc/ledger-password
		ledger_copy: $its/etc/ledger
		node: $1
		index: $its/etc/index.db
		gate: unix:$its/foureyesd.sock
		server: {kind: local, root: $its/srv, pusher: TEST_PUSHER}
		receiver:
		  socket: $its/foureyesd.sock
	YAML
}

cluster_policy() {
	cat <<-YAML
		version: 1
		mode: enforce
		administration: {groups: [platform]}
		repositories:
		  - match: ["**"]
		    gates:
		      main:
		        refs: ["refs/heads/main", "refs/heads/team/*"]
		        approvals: {count: 1, groups: [engineers]}
		emergency: {groups: [incident-commanders], valid_for: 4h, review_within: 24h}
	YAML
}

# at NODE COMMAND...: foureyes, with that node's configuration.
at() {
	node=$1
	shift
	on "$node" foureyes --config "$(home_of "$node")/etc" "$@"
}

node_start() {
	on_and_stay "$1" foureyesd --config "$(home_of "$1")/etc" serve \
	    >>"$W/serve-$1.log" 2>&1 </dev/null &
	eval "daemon_$1=$!"
	for _ in $(seq 200); do
		on "$1" curl -s -o /dev/null --unix-socket \
		    "$(home_of "$1")/foureyesd.sock" http://localhost/healthz &&
		    return 0
		sleep 0.05
	done
	sed 's/^/# /' "$W/serve-$1.log"
	echo "Bail out! foureyesd of $1 did not start"
	exit 3
}

nodes_gone() {
	for node in $NODES; do
		eval "pid=\${daemon_$node:-}"
		[ -z "$pid" ] || kill "$pid" 2>/dev/null
		[ -z "$pid" ] || wait "$pid" 2>/dev/null
	done
}
trap 'nodes_gone; databases_gone; machines_gone; finish' EXIT

# bare PATH BRANCH...: a repository from before foureyes with these branches.
bare() {
	git init -q --bare -b main "$1"
	first=$(echo "before foureyes" | git -C "$1" commit-tree \
	    "$(git -C "$1" hash-object -t tree -w /dev/null)")
	shift_path=$1
	shift
	for branch in "$@"; do
		git -C "$shift_path" update-ref "refs/heads/$branch" "$first"
	done
}

need() {
	"$@" >"$W/out" 2>&1 || {
		sed 's/^/# /' "$W/out"
		echo "Bail out! $*"
		exit 3
	}
}

export GIT_AUTHOR_NAME=alice GIT_AUTHOR_EMAIL=alice@example.com
export GIT_COMMITTER_NAME=alice GIT_COMMITTER_EMAIL=alice@example.com
make_keys
bare "$W/payments.git" main team/n1 team/n2 team/n3 team/x team/y
for node in $NODES; do
	mkdir -p "$W/$node/srv"
	bare "$W/$node/srv/app-$node.git" main
	[ "$NETWORK" = yes ] || continue
	mkdir "$W/$node/srv/payments.git"
	on "$node" mount --bind "$W/payments.git" "$W/here/srv/payments.git"
done

home=$(home_of n1)
need on n1 foureyes init --origin example.com/foureyes "$home/etc"
people_yaml >"$W/people.yaml"
cluster_policy >"$W/policy.yaml"
for node in $NODES; do
	mkdir -p "$W/$node/etc"
	cp "$W/people.yaml" "$W/policy.yaml" "$W/$node/etc"
	(umask 077 && echo 'a-long-secret' >"$W/$node/etc/ledger-password")
	settings_of "$node" >"$W/$node/etc/foureyes.yaml"
done
echo "seal_key: $home/etc/seal.key" >>"$W/n1/etc/foureyes.yaml"
made=$(cat "$W"/n1/etc/ledger/*.jsonl | wc -l)
check 'the ledger goes into the database' \
    on n1 foureyesd --config "$home/etc" ledger create
page_block sql 2 | IN=foureyes sql_file a >"$W/out" 2>&1
verdict $? 'and nobody may alter it there'
for node in $NODES; do
	node_start "$node"
	need at "$node" install "$(home_of "$node")/srv/app-$node.git"
	need at "$node" adopt "app-$node"
done
[ "$NETWORK" != yes ] || {
	need at n1 install "$W/here/srv/payments.git"
	need at n1 adopt payments
}
check 'sealed' at n1 seal

# records NODE: how many its copy has.
records() {
	cat "$W/$1"/etc/ledger/*.jsonl | wc -l
}
same_now() {
	for node in $NODES; do
		at "$node" log --newest 1 >/dev/null || return 1
	done
	for node in n2 n3; do
		diff -r --exclude lock --exclude sync --exclude reserve \
		    --exclude shared --exclude checkpoints \
		    "$W/n1/etc/ledger" "$W/$node/etc/ledger" || return 1
	done
}
# Some watch may be at it between two looks.
same_everywhere() {
	for _ in $(seq 20); do
		same_now >"$W/same" 2>&1 && return 0
		sleep 0.2
	done
	cat "$W/same"
	return 1
}
check 'each node has the same copy' same_everywhere

at n2 doctor >"$W/out" 2>&1
says 'ok: shared ledger: a commit waits for a replica' \
    'doctor finds that a standby is waited for'
[ "$(grep -c '^[a-z]*: shared ledger:' "$W/out")" -eq \
    "$(grep -c '^ok: shared ledger:' "$W/out")" ]
verdict $? 'and nothing to complain of'

# ---- changes, approved ----

# work_on NODE REPO BRANCH: a clone with CHANGES commits on the branch, all
# known at the node and approved by bob; their names are in a file.
work_on() {
	clone=$W/work-$2-on-$1
	url=$(home_of "$1")/srv/$2.git
	on "$1" git clone -q -b "$3" "$url" "$clone"
	for n in $(seq "$CHANGES"); do
		echo "$n" >"$clone/$1"
		git -C "$clone" add "$1"
		git -C "$clone" commit -q -m "PAY-$n change $n of $1"
		git -C "$clone" rev-parse HEAD
	done >"$clone.commits"
	on "$1" env TEST_PUSHER=alice git -C "$clone" push -q origin \
	    "HEAD:refs/heads/topic-$1" || return 1
	refs=
	while read -r commit; do
		statement_by bob "$clone" "$2" "refs/heads/$3" "$commit"
		refs="$refs $tag:refs/foureyes/approvals/$commit/bob"
	done <"$clone.commits"
	# shellcheck disable=SC2086  # refspecs
	on "$1" env TEST_PUSHER=bob git -C "$clone" push -q origin $refs
}

# statement_by PERSON CLONE REPO TARGET COMMIT [LINE]...: a signed tag: $tag
statement_by() {
	signer=$1
	where=$2
	target=$4
	commit=$5
	{
		printf 'object %s\ntype commit\ntag foureyes/%s\n' "$5" "$1"
		printf 'tagger %s <%s@example.com> %s +0000\n\n' "$1" "$1" \
		    "$(date +%s)"
		printf 'yes\n\nFoureyes-Repository: %s\n' "$3"
		shift 5
		printf 'Foureyes-Target: %s\n' "$target"
		[ $# -gt 0 ] || set -- 'Foureyes-Decision: approve'
		printf '%s\n' "$@"
	} >"$W/tag"
	rm -f "$W/tag.sig"
	ssh-keygen -q -Y sign -n git -f "$W/keys/$signer" "$W/tag" 2>/dev/null
	tag=$(cat "$W/tag" "$W/tag.sig" |
	    git -C "$where" hash-object -t tag -w --stdin)
}

WORK=
for node in $NODES; do
	WORK="$WORK $node:app-$node:main"
	[ "$NETWORK" != yes ] || WORK="$WORK $node:payments:team/$node"
done
for work in $WORK; do
	IFS=: read -r node repo branch <<-WORDS
		$work
	WORDS
	check "$node: changes of $repo are known and approved" \
	    work_on "$node" "$repo" "$branch"
done

# ---- all push at once ----

# How many changes each pusher may have landed by now.
may() {
	echo "$1" >"$W/may.new"
	mv "$W/may.new" "$W/may"
}

# push_on NODE REPO BRANCH: one change after the other, each until it lands.
push_on() {
	clone=$W/work-$2-on-$1
	done_so_far=0
	while read -r commit; do
		while [ "$done_so_far" -ge "$(cat "$W/may")" ]; do
			sleep 0.05
		done
		until on "$1" env TEST_PUSHER=alice git -C "$clone" push -q \
		    origin "$commit:refs/heads/$3" 2>"$clone.said"; do
			cat "$clone.said" >>"$clone.refused"
			sleep 0.2
		done
		echo "$commit" >>"$clone.told"
		done_so_far=$((done_so_far + 1))
	done <"$clone.commits"
}

# until_landed COUNT NODE...: so many by each pusher there.
until_landed() {
	wanted=$1
	shift
	for node in "$@"; do
		for _ in $(seq 600); do
			least=$wanted
			for told in "$W"/work-*-on-"$node".commits; do
				landed=0
				[ ! -e "${told%.commits}.told" ] ||
				    landed=$(wc -l <"${told%.commits}.told")
				[ "$landed" -ge "$least" ] || least=$landed
			done
			[ "$least" -lt "$wanted" ] || break
			sleep 0.05
		done
		[ "$least" -ge "$wanted" ] || {
			echo "$node: $least instead of $wanted"
			tail -n 6 "$W"/work-*-on-"$node".said
			return 1
		}
	done
}

may 2
pushers=
for work in $WORK; do
	IFS=: read -r node repo branch <<-WORDS
		$work
	WORDS
	push_on "$node" "$repo" "$branch" &
	pushers="$pushers $!"
done
# shellcheck disable=SC2086  # words
check 'changes land by all nodes at once' until_landed 2 $NODES

if [ "$NETWORK" = yes ]; then
	link_cut n3
	may 4
	for _ in $(seq 200); do
		[ ! -s "$W/work-app-n3-on-n3.refused" ] || break
		sleep 0.05
	done
	cat "$W"/work-*-on-n3.refused >"$W/out" 2>/dev/null
	says 'foureyes: .*the database of the ledger' \
	    'a node that is cut off refuses and says why'
	check 'the others go on meanwhile' until_landed 4 n1 n2
	link_mend n3
	check 'and it does when the link is back' until_landed 4 n3
else
	skip 'a node that is cut off' "$NETWORK"
	may 4
	# shellcheck disable=SC2086  # words
	check 'all go on' until_landed 4 $NODES
fi

may 8
sleep 0.2
database_kill a
check 'the database dies, and the other takes over' database_promote b
may "$CHANGES"
# shellcheck disable=SC2086  # words
check 'all go on with that' until_landed "$CHANGES" $NODES
for pid in $pushers; do
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
done

# ---- one word, at two nodes at once ----

# together NODE BRANCH: the commit $C to it, in the background: $pid.
together() {
	on "$1" env TEST_PUSHER=alice git -C "$clone" push "$W/here/srv/payments.git" \
	    "$C:refs/heads/$2" >"$W/out-$1" 2>&1 &
	pid=$!
}

one_word() {
	clone=$W/work-payments-on-n1
	C=$(git -C "$clone" commit-tree -p "$(git -C "$clone" rev-parse \
	    "$(head -n 1 "$clone.commits")^")" -m "PAY-99 for either" \
	    "$(head -n 1 "$clone.commits")^{tree}")
	statement_by bob "$clone" payments 'refs/heads/team/*' "$C"
	on n1 env TEST_PUSHER=alice git -C "$clone" push -q origin \
	    "$C:refs/heads/topic-x" &&
	    on n3 env TEST_PUSHER=bob git -C "$clone" push -q \
	    "$W/here/srv/payments.git" \
	    "$tag:refs/foureyes/approvals/$C/bob" || return 1
	# Both are judged before either is recorded.
	IN=foureyes sql b 'begin; lock table foureyes.head in exclusive mode;
	    select pg_sleep(1); commit' >/dev/null &
	holder=$!
	sleep 0.3
	together n1 team/x
	first=$pid
	together n2 team/y
	landed=0
	wait "$first" && landed=$((landed + 1))
	wait "$pid" && landed=$((landed + 1))
	wait "$holder"
	cat "$W/out-n1" "$W/out-n2"
	[ "$landed" -eq 1 ]
}

if [ "$NETWORK" = yes ]; then
	check 'one approval serves one of two nodes' one_word
	says 'peer\.(spent|in-use)' 'and the other is told why not'
else
	skip 'one approval at two nodes at once' "$NETWORK"
fi

# ---- nothing is lost, and nothing is twice ----

all_told_is_recorded() {
	for told in "$W"/work-*.told; do
		while read -r commit; do
			for type in decision landing; do
				grep -h "\"type\":\"$type\"" \
				    "$W"/n1/etc/ledger/*.jsonl |
				    grep -q "\"new\":\"$commit\"" || {
					echo "no $type of $commit: $told"
					return 1
				}
			done
		done <"$told"
	done
}

# What is in the database, to the byte.
database_has_it() {
	IN=foureyes sql b "select encode(lines, 'base64') from
	    foureyes.lines order by last" | base64 -d >"$W/lines" &&
	    cat "$W"/n1/etc/ledger/*.jsonl | cmp - "$W/lines"
}

for node in $NODES; do
	at "$node" reconcile >"$W/reconcile-$node" 2>&1
done
check 'all three copies are the same' same_everywhere
check 'and are what the database has' database_has_it
check 'all that was told is in them' all_told_is_recorded
[ "$(cat "$W"/n1/etc/ledger/*.jsonl | grep -cv '"node":"n[123]"')" -eq \
    "$made" ]
verdict $? 'each record since says which node wrote it'
check 'sealed again' at n1 seal
for node in $NODES; do
	check "$node: it verifies" at "$node" verify
	says '^unaltered: yes'
	says '^uncut: yes'
	says '^complete: yes.* 2 more are for other machines to say'
done
done_testing
