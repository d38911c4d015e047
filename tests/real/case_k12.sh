#!/bin/sh
# Kind K12: signatures checked wrongly, over the wrong bytes, for the wrong time.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

receiver_site
receiver_start
python_taps case_k12.py

# What GitHub's own library signs is taken, and what we would sign is by it.
cat >"$W/octokit.mjs" <<'JS'
import {randomUUID} from "node:crypto";
import {readFileSync} from "node:fs";
const {sign, verify} = await import(process.argv[2]);
const secret = "the secret of hub, long";
let good = true;
for (const body of ['{"zen":"x"}', '{ "zen" : "\u00e9", "n": 1.0 }', '{"zen":"\u{1f600}"}']) {
  const signature = await sign(secret, body);
  const send = s => fetch(process.argv[3] + "/hooks/hub", {method: "POST", body, headers: {
    "Content-Type": "application/json", "X-GitHub-Event": "ping",
    "X-GitHub-Delivery": randomUUID(), "X-Hub-Signature-256": s}});
  const other = await sign(secret + ".", body);
  const right = (await send(signature)).status, wrong = (await send(other)).status;
  console.log(body, right, wrong);
  good = good && right === 200 && wrong === 401 && await verify(secret, body, signature);
}
process.exit(good ? 0 : 1);
JS
octokit=$src/build/forge/node_modules/@octokit/webhooks-methods
check "@octokit/webhooks-methods signs, and it is taken" node \
    "$W/octokit.mjs" "$octokit/$(sed -n 's/.*"import": *"\.\/\([^"]*\)".*/\1/p' \
    "$octokit/package.json" | head -1)" "$HTTP"

# M04: nothing of a secret in the log either.
check_not "M04 no secret is in the log" 1 grep -q 'the secret of' "$W/serve.log"

# M06: a secret is changed; both are taken for a while, and then the new one.
tell_with() {
	told=$(RECEIVER_KEY=$1 RECEIVER_ID=$2 client 'print(tell(status_body(6),
	    os.environ["RECEIVER_ID"],
	    key=os.environ["RECEIVER_KEY"].encode())[0])')
	[ "$told" = "$3" ]
}
new=whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
(umask 077 && echo $new >"$SECRETS/ci-new")
check_not "M06 the new secret is not taken before" 1 tell_with $new m06-0 204
CI_FILES="$SECRETS/ci, $SECRETS/ci-new"
receiver_yaml >"$W/etc/foureyes.yaml"
receiver_reload
check "M06 the old secret is taken meanwhile" tell_with "$CI_SECRET" m06-1 204
check "M06 the new secret is taken meanwhile" tell_with $new m06-2 204
CI_FILES=$SECRETS/ci-new
receiver_yaml >"$W/etc/foureyes.yaml"
receiver_reload
check "M06 the old secret is not taken any more" tell_with "$CI_SECRET" m06-3 401
check "M06 what it signed stays: it is known" tell_with $new m06-1 200
CI_FILES=
receiver_yaml >"$W/etc/foureyes.yaml"
receiver_stop

# M09: a start without a secret is refused, and so is a reload.
refused() {
	foureyesd serve >"$W/out" 2>&1
	[ $? -eq 3 ] && grep -q "$1" "$W/out"
}
mv "$SECRETS/hub" "$SECRETS/kept"
check "M09 no file" refused "No such file"
(umask 077 && : >"$SECRETS/hub")
check "M09 an empty file" refused "it is empty"
(umask 077 && echo >"$SECRETS/hub")
check "M09 a newline alone" refused "it is empty"
(umask 077 && printf 'the secret of hub, long\n\n' >"$SECRETS/hub")
check "M09 two newlines" refused "more than one line"
(umask 077 && echo short >"$SECRETS/hub")
check "M09 a short one" refused "too short"
cp "$SECRETS/kept" "$SECRETS/hub"
chmod 644 "$SECRETS/hub"
check "M09 a file that everybody may read" refused "open to others"
chmod 620 "$SECRETS/hub"
check "M09 a file that its group may write" refused "open to others"
sed 's/hub: {kind: github, secret_files: [^]]*]/hub: {kind: github/' \
    "$W/etc/foureyes.yaml" >"$W/without"
cp "$W/etc/foureyes.yaml" "$W/with"
cp "$W/without" "$W/etc/foureyes.yaml"
check "M09 a source without secret_files" refused "has no secret_files"
cp "$W/with" "$W/etc/foureyes.yaml"
(umask 077 && rm "$SECRETS/hub" &&
    printf 'the secret of hub, long\n' >"$SECRETS/hub")
receiver_start
check "M09 one newline at the end is not part of it" client '
body = b"{\"zen\":\"x\"}"
got = post("/hooks/hub", body, {"X-GitHub-Event": "ping",
    "X-Hub-Signature-256": "sha256=" + hexmac(b"the secret of hub, long", body)})
sys.exit(got[0] != 200)'
: >"$SECRETS/hub"
check_not "M09 a reload with an empty secret changes nothing" 1 receiver_reload
check "M09 the secret that was read still counts" client '
body = b"{\"zen\":\"y\"}"
got = post("/hooks/hub", body, {"X-GitHub-Event": "ping",
    "X-Hub-Signature-256": "sha256=" + hexmac(b"the secret of hub, long", body)})
sys.exit(got[0] != 200)'
receiver_stop
done_testing
