/*
 * A world of changes, as a ledger and a pack would tell it: chained, sealed,
 * the same for the same seed.  make(options) gives the lines writer.c reads.
 */
"use strict";
const crypto = require("node:crypto");

const sha256 = (...parts) => {
	const hash = crypto.createHash("sha256");
	parts.forEach(p => hash.update(p));
	return hash.digest();
};

/* A small generator of numbers that only looks like chance. */
const chance = seed => {
	let state = seed >>> 0;
	return () => {
		state = state + 0x6d2b79f5 >>> 0;
		let t = Math.imul(state ^ state >>> 15, state | 1);
		t ^= t + Math.imul(t ^ t >>> 7, t | 61);
		return ((t ^ t >>> 14) >>> 0) / 4294967296;
	};
};

class Ledger {
	constructor() {
		this.lines = [];
		this.leaves = [];
		this.previous = "0".repeat(64);
	}

	add(time, body) {
		const seq = this.lines.length + 1;
		const stamp = new Date(time).toISOString();
		const line = `{"v":1,"seq":${seq},"time":"${stamp}","prev":"` +
		    `${this.previous}",${JSON.stringify(body).slice(1)}`;
		this.lines.push(line);
		this.leaves.push(sha256("\0", line));
		this.previous = sha256(line).toString("hex");
		return {seq, time: stamp};
	}

	root(low, high) {
		if (high - low === 1)
			return this.leaves[low];
		let k = 1;
		while (2 * k < high - low)
			k *= 2;
		return sha256("\x01", this.root(low, low + k),
		    this.root(low + k, high));
	}

	subtrees(side, from, to) {
		const out = [];
		for (let at = from; at < to;) {
			let n = 1;
			while (at % (2 * n) === 0 && at + 2 * n <= to)
				n *= 2;
			out.push(`${side} ${at} ${n} ` +
			    this.root(at, at + n).toString("hex") + "\n");
			at += n;
		}
		return out.join("");
	}
}

const PEOPLE = ["alice", "bob", "carol", "dave", "erin", "frank", "grace",
	"heidi", "ivan", "judy", "mallory", "niaj"];
const REPOSITORIES = ["payments", "web/front", "ledger-tools"];
const SUBJECTS = ["Lower the fee", "Round amounts half to even",
	"Retry the settlement when the bank is slow", "Drop the old importer",
	"Show the balance in the account's own currency",
	"Limit how many sessions a user may have",
	"Move the schedule into the database", "Log who changed a limit",
	"Escape names in the statement", "Correct the summer time of reports",
	"Take fonts from our own server", "Speed up the search for customers"];
const CONTROLS = ["peer.count", "review.unreviewed-commit", "rollback.missing",
	"staging.not-staged", "peer.none", "ticket.missing", "secret.found"];

const CHANGES = ["change", "time", "repository", "gate", "ref", "old", "new",
	"requester", "contributors", "approvers", "approved_commits",
	"description", "rollback_plan", "staging", "emergency", "outcome",
	"findings", "lander", "decision_seq", "landing_seq", "policy",
	"decided", "approved_times", "includes", "deployed", "deployer", "mode"];
const ATTRIBUTES = ["ticket", "requester", "independent_approval",
	"reviewed_is_landed", "staging_first", "approved_before", "lander",
	"rollback_plan", "emergency_reviewed"];

const found = (control, standing, code, text, change) =>
    ({control, standing, code, text, change});

class World {
	constructor({changes, seed = 1, from = "2026-01-01T00:00:00.000Z",
		to = "2026-07-01T00:00:00.000Z", odd = [], lean = false}) {
		this.lean = lean; /* smaller records, for many of them */
		this.random = chance(seed);
		this.from = Date.parse(from);
		this.to = Date.parse(to);
		this.ledger = new Ledger();
		this.policy = sha256("policy").toString("hex");
		this.rows = [];
		this.refused = [];
		this.urgent = [];
		this.deployed = [];
		this.wrong = [];
		this.tips = new Map();
		this.prelude();
		const step = (this.to - this.from) / (changes + 1);
		for (let i = 0; i < changes; i++)
			this.change(i, this.from + step * (i + .5),
			    odd[i] ?? {});
		this.last = this.ledger.lines.length;
		for (let i = 0; i < 5; i++)
			this.push(this.to + 1000 * i, "payments", "alice",
			    [this.commit()], "after");
		this.last++; /* and the first one after it where it ends */
	}

	pick(list) {
		return list[Math.floor(this.random() * list.length)];
	}

	commit() {
		return sha256("commit", String(this.random()))
		    .toString("hex").slice(0, 40);
	}

	prelude() {
		const at = this.from - 86400000;
		this.ledger.add(at, {type: "opened", origin: "example.com/books"});
		for (let i = 0; i < 11; i++)
			this.ledger.add(at + i, {type: "policy",
			    sha256: this.policy, text: `version: ${i}`});
		/* The last one before the period shows where it begins. */
		this.first = this.ledger.lines.length;
	}

	push(time, repository, person, commits, branch) {
		return this.ledger.add(time, {type: "observation", kind: "push",
		    repository, pusher: {person, login: person},
		    refs: [`refs/heads/${branch}`], commits});
	}

	approve(time, repository, person, commit, target) {
		return this.ledger.add(time, {type: "observation",
		    kind: "approval", source: "git", repository,
		    ref: `refs/foureyes/approvals/${commit}/${this.commit()
			.slice(0, 16)}`, commit, targets: [target],
		    decision: "approve", who: {person},
		    key: this.policy, tag: this.lean ? "" : Buffer.from(`object ${commit}\ntype commit\n` +
			`tag foureyes/approve-${this.commit()}\n`)
			.toString("base64")});
	}

	deploy(time, repository, commit, environment, ok) {
		const result = ok ? "success" : "failure";
		const {seq, time: stamp} = this.ledger.add(time, {
			type: "observation", kind: "deployment",
			source: "generic", repository, environment, commit,
			result, who: {person: "deploy-bot"}});
		this.deployed.push([stamp, repository, environment, commit,
			result, "deploy-bot", String(seq)]);
	}

	change(i, time, odd) {
		const repository = odd.repository ?? this.pick(REPOSITORIES);
		const gate = odd.gate ?? (i % 5 === 4 ? "production" : "main");
		const ref = `refs/heads/${gate}`;
		const author = odd.author ?? this.pick(PEOPLE);
		const peer = this.pick(PEOPLE.filter(p => p !== author));
		const old = this.tips.get(repository + ref) ?? this.commit();
		const commit = this.commit();
		const subject = odd.subject ?? this.pick(SUBJECTS);
		const urgent = odd.urgent ?? i % 67 === 40;
		const lead = (0.2 + this.random() * this.random() * 40) * 3600000;
		this.push(time - lead * 1.4, repository, author, [commit],
		    `topic-${i}`);
		const id = `${repository}/${gate}/${commit.slice(0, 12)}`;
		const facts = {i, id, repository, gate, ref, author, peer, old,
			commit, subject, odd, time};
		if (i % 9 === 3)
			this.refuse(facts, time - lead);
		const approval = urgent ? null : this.approve(
		    time - lead * this.random(), repository, peer, commit, ref);
		this.land(facts, time, urgent, approval);
		this.tips.set(repository + ref, commit);
		if (i % 53 === 17)
			this.drift(time + 40000);
		if (gate === "production")
			this.deploy(time + 60000, repository, commit, gate,
			    i % 31 !== 9);
	}

	decision(facts, outcome, approval, findings, emergency) {
		const {id, repository, gate, ref, author, old, commit, subject,
			odd} = facts;
		const peer = approval && {record: approval.seq,
			person: facts.peer, repository, commit, target: ref,
			time: approval.time, source: "git", carried: "exact",
			in_force: "yes", spent: "no"};
		return {type: "decision", outcome, repository, gate, ref, old,
		    new: commit, landed: commit, mode: "enforce", move: "forward",
		    pusher: {person: author, login: author}, adopted: "yes",
		    gated: 1, changes: [{id, before: old, after: commit,
			description: odd.description ?? subject,
			requester: author, commits: [{id: commit, subject}],
			contributors_known: "yes", contributors: [
			    {person: author, known: true, written:
				`${author}@example.com`, commit, part: "author"},
			    {person: author, known: true, written: author,
				commit, part: "first-pusher"}],
			approvals_known: "yes", approvals: peer ? [peer] : [],
			rollback_plan: {where: "commit",
			    text: "Revert and deploy the build before.",
			    to: null, approved: true},
			paths_known: "yes", path_count: 3,
			rehearsal: {clean: "yes"}}],
		    requester: author, contributors: [author], unseen: 0,
		    approvals: peer ? [{person: facts.peer, commit, target: ref,
			time: approval.time, source: "git", carried: "exact",
			record: approval.seq, change: id, counted: true}] : [],
		    includes: [], emergency, staging: null,
		    findings: this.lean ? findings.slice(3, 4) : findings,
		    policy: this.policy, people: this.policy,
		    settings: this.policy, rules: 1,
		    program: {version: "0.1", sha256: this.policy}};
	}

	findings(facts, standing, code) {
		const {id} = facts;
		return [
			found("secret", "MET", "secret.none", "nothing found"),
			found("environment", "MET", "environment.lander",
			    `${facts.author} may move ${facts.ref}`),
			found("review", "MET", "review.covered",
			    "all of it was approved", id),
			found("peer", standing, code, standing === "MET" ?
			    "1 of 1 approvals by people who had no part in it" :
			    "0 of 1 approvals by people who had no part in it",
			    id),
			found("owners", "NOT_ASKED", "owners.not-asked",
			    "no path with owners of its own changes", id),
			found("rollback", "MET", "rollback.plan",
			    "there is a plan", id)];
	}

	refuse(facts, time) {
		const code = CONTROLS[facts.i % CONTROLS.length];
		const findings = this.findings(facts, "UNMET", code);
		const {seq, time: stamp} = this.ledger.add(time,
		    this.decision(facts, "REFUSED", null, findings, null));
		this.refused.push([stamp, facts.repository, facts.gate,
			facts.ref, facts.old, facts.commit, facts.author, code,
			"0 of 1 approvals by people who had no part in it",
			String(seq)]);
	}

	land(facts, time, urgent, approval) {
		const {id, repository, gate, ref, author, peer, old, commit,
			subject, odd} = facts;
		const outcome = urgent ? "ADMITTED_AS_EMERGENCY" : "ADMITTED";
		const findings = urgent ?
		    this.findings(facts, "UNMET", "peer.count") :
		    this.findings(facts, "MET", "peer.count");
		const incident = `INC-${100 + facts.i}`;
		const decided = this.ledger.add(time, this.decision(facts,
		    outcome, approval, findings, urgent ? {incident,
			reason: "payments stand still", declarer: author} :
			null));
		const landed = this.ledger.add(time + 20, {type: "landing",
		    repository, gate, ref, old, new: commit,
		    decision: decided.seq, witness: "transaction", outcome,
		    mode: "enforce", subject: commit, landed: [commit],
		    approved: approval ? [commit] : [], lander: author});
		this.rows.push([id, landed.time, repository, gate, ref, old,
			commit, author, author, approval ? peer : "",
			approval ? commit : "", odd.description ?? subject,
			"Revert and deploy the build before.", "",
			urgent ? incident : "", outcome,
			urgent ? "peer.count" : "", author,
			String(decided.seq), String(landed.seq), this.policy,
			decided.time, approval ? approval.time : "", "", "", "",
			"enforce"]);
		if (urgent)
			this.emergency(facts, decided, landed, incident);
	}

	emergency(facts, decided, landed, incident) {
		const due = new Date(facts.time + 86400000).toISOString();
		const late = this.urgent.length % 2 === 1;
		const state = late ? "overdue" : "reviewed in time";
		this.urgent.push([landed.time, facts.id, facts.repository,
			facts.gate, facts.commit, facts.author, incident,
			"payments stand still", due, state, String(decided.seq),
			String(landed.seq)]);
		if (late)
			this.wrong.push([facts.id, due, "emergency.overdue",
				"The review of an emergency is overdue.",
				facts.author, due, "open", String(landed.seq)]);
	}

	drift(time) {
		const {seq, time: stamp} = this.ledger.add(time, {type: "drift",
		    repository: "payments", gate: "main",
		    ref: "refs/heads/main", old: this.commit(),
		    new: this.commit(), witness: "found"});
		this.wrong.push(["", stamp, "witness.drift",
			"The ref moved as nothing allowed.", "erin", "", "open",
			String(seq)]);
	}

	/* Take out what rests on records that are not told, as a forger would. */
	cut() {
		const inside = seq => Number(seq) >= this.first &&
		    Number(seq) <= this.last;
		this.rows = this.rows.filter(r => inside(r[19]));
		for (const name of ["refused", "urgent", "deployed", "wrong"])
			this[name] = this[name].filter(r => inside(r.at(-1)));
	}

	attributes() {
		return this.rows.map(r => [r[0], ...ATTRIBUTES.map(name =>
		    name === "ticket" ? "NA" :
		    name === "independent_approval" && r[9] === "" ? "FAIL" :
		    name === "staging_first" && r[3] === "main" ? "NA" :
		    name === "emergency_reviewed" ? r[14] ? "UNKNOWN" : "NA" :
		    "PASS")]);
	}

	/* {tables, texts, about, records} */
	pack({size = this.ledger.lines.length, key, empty = false} = {}) {
		const seal = key ?? crypto.createPrivateKey({format: "der",
		    type: "pkcs8", key: Buffer.concat([Buffer.from(
			"302e020100300506032b657004220420", "hex"),
			sha256("seal")])});
		const pem = crypto.createPublicKey(seal)
		    .export({format: "pem", type: "spki"});
		const {ledger, first, last} = this;
		const origin = "example.com/books";
		const text = `${origin}\n${size}\n${ledger.root(0, size)
		    .toString("base64")}\n`;
		const raw = crypto.createPublicKey(seal)
		    .export({format: "der", type: "spki"}).subarray(12);
		const id = sha256(origin, "\n\x01", raw).subarray(0, 4);
		const signed = crypto.sign(null, Buffer.from(text), seal);
		const note = `${text}\n\u2014 ${origin} ${Buffer.concat([id,
		    signed]).toString("base64")}\n`;
		const range = `first ${first}\nlast ${last}\nsize ${size}\n` +
		    ledger.subtrees("before", 0, first - 1) +
		    (last < size ? ledger.subtrees("after", last, size) : "");
		return {about: this.about(origin, empty),
		    tables: this.tables(empty),
		    texts: {checkpoint: note, "seal-pub": pem, range},
		    records: ledger.lines.slice(first - 1, last)
			.map((line, i) => [first + i, line])};
	}

	about(origin) {
		const {first, last} = this;
		return {title: "Books, change management", origin,
		    period: {from: new Date(this.from).toISOString(),
			to: new Date(this.to).toISOString()},
		    record: last, records: {first, last},
		    made: {at: new Date(this.to + 3600000).toISOString(),
			by: "erin", program: {version: "0.1"}},
		    published: "https://example.com/seal.txt",
		    coverage: {gated: this.rows.length,
			covered: this.rows.length},
		    verify: {unaltered: {is: "yes", why: "chain and root hold"},
			uncut: {is: "yes", why: "a checkpoint held elsewhere"},
			complete: {is: "yes", why: "3 refs are at their tips"}},
		    not_covered: ["Infrastructure that is changed outside Git.",
			"What was deployed without being told."]};
	}

	tables() {
		const n = String(this.rows.length);
		return [
			["changes", CHANGES, this.rows],
			["exceptions", ["change", "time", "code", "what",
			    "owner", "due", "state", "seq"], this.wrong],
			["emergencies", ["time", "change", "repository", "gate",
			    "commit", "declarer", "incident", "reason", "due",
			    "state", "decision_seq", "landing_seq"],
			    this.urgent],
			["refusals", ["time", "repository", "gate", "ref", "old",
			    "new", "pusher", "codes", "text", "seq"],
			    this.refused],
			["attributes", ["change", ...ATTRIBUTES],
			    this.attributes()],
			["deployments", ["time", "repository", "environment",
			    "commit", "result", "told_by", "seq"],
			    this.deployed],
			["access", ["time", "person", "gate", "right", "why"],
			    PEOPLE.map((p, i) => ["2026-01-01T00:00:00.000Z", p,
				i % 3 ? "main" : "production",
				i % 2 ? "approve" : "land", "group engineers"])],
			["separation", ["pair", "person", "state", "what"], []],
			["controls", ["control", "soc2", "iso27001", "pci",
			    "nist", "evidence"], [["peer approval", "CC8.1",
				"A.8.32; A.5.3", "6.2.3", "CM-3; CM-5",
				"changes.csv: approvers"]]],
			["reconciliation", ["what", "log", "git", "pack",
			    "result"], [["landings", n, n, n, "equal"]]],
		];
	}
}

/* What the writer reads; `spoil` may change anything of the pack before. */
const lines = pack => {
	const out = ["A" + JSON.stringify(pack.about)];
	for (const [name, columns, rows] of pack.tables) {
		out.push("T" + JSON.stringify([name, ...columns]));
		for (const row of rows)
			out.push("R" + JSON.stringify(row));
		out.push("E");
	}
	for (const [id, text] of Object.entries(pack.texts))
		out.push("X" + JSON.stringify([id, text]));
	for (const [seq, line] of pack.records)
		out.push(`L${seq} ${line}`);
	return out;
};

module.exports = {World, lines, CHANGES, sha256};
