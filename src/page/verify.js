/*
 * The checking of a page: blocks go in as they are read, what was found comes
 * out.  It runs in a worker, so that the page can be used meanwhile, and in
 * the page itself where there can be no worker.
 *
 * Each question is a step: "wait", "good", "amber" (not provable here) or
 * "bad"; the worst of them is the answer.
 */
const STEPS = {
	whole: "The file is whole",
	chain: "Each record names the one before it",
	root: "The records are those that were sealed",
	signature: "The seal holds",
	rows: "The tables say what the records say",
	complete: "Nothing in the records is missing from the tables",
};
const RANK = {good: 0, wait: 1, amber: 2, bad: 3};

/* Only what the tables are compared with is kept of a record. */
const KEPT = ["type", "time", "kind", "repository", "gate", "ref", "old",
    "new", "landed", "outcome", "mode", "decision", "pusher", "requester",
    "contributors", "approvals", "findings", "policy", "emergency",
    "environment", "commit", "withheld", "includes", "rollback_plan",
    "subject", "result", "refused", "person"];

class Verifier {
	constructor(tell) {
		this.tell = tell;
		this.steps = Object.fromEntries(Object.keys(STEPS).map(
		    key => [key, {state: "wait", text: ""}]));
		this.sums = [];
		this.texts = {};
		this.about = {};
		this.blocks = []; /* {first, count, bytes} of records */
		this.leaves = []; /* a Uint8Array for each block */
		this.first = 0;
		this.last = 0;
		this.previous = null; /* digest of the line before, in hex */
		this.times = []; /* of the first record and the newest */
		this.bytes = 0;
		this.commits = new Map(); /* commit -> seqs that speak of it */
		this.carried = new Map(); /* change -> seqs that include it */
		this.deployed = new Map(); /* commit -> what was told of it */
		this.facts = new Map(); /* seq -> what rows are compared with */
		this.landings = [];
		/* Records that owe a row to one of these tables. */
		this.owing = {refusals: [], emergencies: [], deployments: [],
			exceptions: []};
		this.tables = [];
		this.firstBad = 0;
		this.proofs = null;
		this.cache = null;
	}

	set(step, state, text, seq) {
		const now = this.steps[step];
		if (RANK[state] <= RANK[now.state] && now.state !== "wait")
			return;
		this.steps[step] = {state, text, seq};
		if (state === "bad" && seq && !this.firstBad)
			this.firstBad = seq;
		this.report();
	}

	report(over = false) {
		this.tell({kind: "state", over, steps: this.steps,
		    records: this.last === 0 ? 0 : this.last - this.first + 1,
		    first: this.first, last: this.last, bytes: this.bytes,
		    firstBad: this.firstBad, key: this.key?.fingerprint,
		    checkpoint: this.checkpoint && {
			origin: this.checkpoint.origin,
			size: this.checkpoint.size,
		    }, arithmetic: this.arithmetic});
	}

	async take(block) {
		try {
			await this.takeBlock(block);
		} catch (e) {
			this.set("whole", "bad", `${block.what}: ${e.message}`,
			    block.first);
		}
	}

	async takeBlock(block) {
		if (block.kind === "end") {
			this.end = JSON.parse(block.text);
			return;
		}
		const sum = hexOf(sha256(utf8.encode(`${block.tag}\n` +
		    block.text)));
		this.sums.push(sum);
		if (sum !== block.sum)
			this.set("whole", "bad", `${block.what} is not what ` +
			    "was written");
		if (block.kind === "about")
			this.about = JSON.parse(block.text);
		else if (block.kind === "text")
			this.texts[block.name] = JSON.parse(block.text);
		else if (block.kind === "table")
			this.tables.push({name: block.name, text: block.text});
		else
			await this.takeRecords(block);
	}

	async takeRecords(block) {
		if (typeof DecompressionStream === "undefined") {
			this.set("chain", "amber", "this browser cannot " +
			    "unpack the records (it lacks DecompressionStream)");
			return;
		}
		const packed = bytesOfBase64(block.text);
		if (packed === null)
			throw new Error("is not base64");
		let bytes;
		try {
			bytes = await gunzip(packed);
		} catch {
			throw new Error("cannot be unpacked");
		}
		if (this.last !== 0 && block.first !== this.last + 1)
			this.set("chain", "bad", "the records from " +
			    `${this.last + 1} are not here: record ` +
			    `${block.first} follows`, this.last + 1);
		if (this.first === 0)
			this.first = block.first;
		this.blocks.push({first: block.first, count: block.count,
		    packed});
		this.readLines(block, bytes);
		this.bytes += bytes.length;
		this.report();
	}

	readLines(block, bytes) {
		const leaves = new Uint8Array(32 * block.count);
		let seq = block.first, at = 0, n = 0;
		for (; at < bytes.length; seq++, n++) {
			const end = bytes.indexOf(10, at);
			if (end < 0 || n === block.count) {
				this.set("chain", "bad", "there is more " +
				    `behind record ${seq - 1} than one line ` +
				    "each", seq);
				break;
			}
			const line = bytes.subarray(at, end);
			const {digest, leaf} = hashLine(line);
			leaves.set(leaf, 32 * n);
			this.readLine(seq, line);
			this.previous = hexOf(digest);
			at = end + 1;
		}
		if (n !== block.count)
			this.set("chain", "bad", `record ${block.first + n} ` +
			    "is not here", block.first + n);
		this.leaves.push(leaves);
		this.last = block.first + block.count - 1;
	}

	readLine(seq, line) {
		let text, record;
		try {
			text = strictText.decode(line);
			record = JSON.parse(text);
		} catch {
			this.set("chain", "bad", `record ${seq} cannot be ` +
			    "read", seq);
			return;
		}
		const head = readHead(text);
		if (head === null || head.seq !== seq)
			this.set("chain", "bad", `where record ${seq} should ` +
			    "be stands something else", seq);
		else if (seq === 1 && head.prev !== "0".repeat(64))
			this.set("chain", "bad", "record 1 names a record " +
			    "before it", seq);
		else if (this.previous !== null && head.prev !== this.previous)
			this.set("chain", "bad", `record ${seq - 1} is not ` +
			    `the one that record ${seq} names: it was altered`,
			    seq - 1);
		this.times = [this.times[0] ?? head?.time, head?.time];
		this.remember(seq, record);
	}

	/* Under what a record is found again, and what rows are held against. */
	remember(seq, record) {
		const named = [record.commit, record.new, record.landed,
		    ...(record.type === "observation" ?
		    [record.head, ...record.commits ?? []] : [])];
		for (const commit of new Set(named))
			if (typeof commit === "string" && !/^0*$/.test(commit))
				addTo(this.commits, commit, seq);
		/* A copy of one that was pruned tells of no second landing. */
		if (record.carried || (record.type === "observation" &&
		    record.kind !== "deployment"))
			return;
		for (const id of record.includes ?? [])
			addTo(this.carried, id, seq);
		const kept = {seq};
		for (const key of KEPT)
			if (record[key] !== undefined)
				kept[key] = record[key];
		if (record.type === "decision")
			kept.changes = (record.changes ?? []).map(c => ({
				id: c.id, before: c.before, after: c.after,
				requester: c.requester,
				description: c.description,
				contributors: c.contributors,
				rollback_plan: c.rollback_plan,
			}));
		this.facts.set(seq, kept);
		if (record.type === "landing")
			this.landings.push(kept);
		if (record.type === "landing" &&
		    record.outcome === "ADMITTED_AS_EMERGENCY")
			this.owing.emergencies.push(kept);
		if (record.type === "decision" && record.outcome === "REFUSED")
			this.owing.refusals.push(kept);
		if (record.type === "drift" && (!record.check ||
		    record.state === "fail" || record.state === "unknown"))
			this.owing.exceptions.push(kept);
		if (record.kind === "deployment" && record.commit)
			this.deployed.set(record.commit, [...this.deployed.get(
			    record.commit) ?? [], kept]);
		if (record.kind === "deployment" && !record.refused)
			this.owing.deployments.push(kept);
	}

	leaf(n) {
		/* All blocks but the last few are equally long. */
		let low = 0, high = this.blocks.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.blocks[middle].first <= n + 1)
				low = middle;
			else
				high = middle - 1;
		}
		const at = 32 * (n + 1 - this.blocks[low].first);
		return this.leaves[low].subarray(at, at + 32);
	}

	/* Everything was read. */
	async finish() {
		this.checkWhole();
		if (this.last === 0)
			this.takeNone();
		if (this.last === 0 && this.steps.chain.state === "wait")
			this.set("chain", "amber", "this page holds no records");
		else
			this.set("chain", "good", this.last < this.first ?
			    "no record falls into it" : `${count(this.last -
			    this.first + 1)} records, from ${this.first} to ` +
			    `${this.last}`);
		await this.checkSeal();
		this.checkTables();
		this.cache = null;
		this.report(true);
	}

	/* A time in which nothing was recorded: the range says where it lies. */
	takeNone() {
		try {
			const {first, last} = readRange(this.texts.range ?? "");
			if (last === first - 1)
				Object.assign(this, {first, last});
		} catch { /* then nothing is known of it */ }
	}

	checkWhole() {
		const all = hexOf(sha256(utf8.encode(this.sums.join(""))));
		if (!this.end)
			this.set("whole", "bad", "the file is cut short");
		else if (this.end.blocks !== this.sums.length)
			this.set("whole", "bad", `${this.end.blocks} blocks ` +
			    `were written, ${this.sums.length} are here`);
		else if (this.end.sum !== all)
			this.set("whole", "bad", "blocks are not those that " +
			    "were written, or not in their order");
		else
			this.set("whole", "good", `${this.sums.length} ` +
			    "blocks, as they were written");
	}

	async checkSeal() {
		const {checkpoint: note, range, "seal-pub": pem} = this.texts;
		if (!note) {
			this.set("root", "amber", "there is no checkpoint: " +
			    "nobody vouches for the newest record");
			this.set("signature", "amber", "there is no checkpoint");
			return;
		}
		try {
			this.checkpoint = readCheckpoint(note);
			this.checkRoot(range);
		} catch (e) {
			this.set("root", "bad", e.message);
		}
		await this.checkSignature(pem);
	}

	checkRoot(text) {
		if (this.steps.chain.state === "amber") {
			this.set("root", "amber", "the records cannot be " +
			    "read here");
			return;
		}
		const range = readRange(text ?? `first ${this.first}\n` +
		    `last ${this.last}\nsize ${this.checkpoint.size}\n`);
		if (range.first !== this.first || range.last !== this.last ||
		    range.size !== this.checkpoint.size)
			throw new Error("range.txt speaks of other records " +
			    "than there are");
		const sealed = Math.min(this.last, range.size);
		this.proofs = new Tree(range.size, this.first - 1, sealed,
		    n => this.leaf(n), range.given);
		const root = range.size === 0 ? sha256(new Uint8Array(0)) :
		    this.proofs.root(0, range.size);
		if (root === null)
			throw new Error("range.txt lacks what the root is " +
			    "made of");
		if (!sameBytes(root, this.checkpoint.root)) {
			this.proofs = null;
			throw new Error("the root over the records is not " +
			    "the sealed one: a record was altered, added or " +
			    "taken away");
		}
		if (range.size < this.last)
			this.set("root", "amber", `records ${range.size + 1} ` +
			    `to ${this.last} came after the checkpoint: they ` +
			    "are chained, and not sealed yet");
		else
			this.set("root", "good", "the root over them is that " +
			    `of the checkpoint, which counts ` +
			    `${count(range.size)} records`);
	}

	async checkSignature(pem) {
		this.key = pem ? readKey(pem) : null;
		if (!this.checkpoint)
			this.set("signature", "bad", "the checkpoint cannot " +
			    "be read");
		else if (!pem)
			this.set("signature", "amber", "the sealing key is " +
			    "not here");
		else if (!this.key)
			this.set("signature", "bad", "the sealing key is " +
			    "malformed");
		else if (this.about.origin &&
		    this.about.origin !== this.checkpoint.origin)
			this.set("signature", "bad", "the checkpoint is of " +
			    `another ledger: ${this.checkpoint.origin}`);
		else {
			const {holds, by, why} = await checkpointHolds(
			    this.checkpoint, this.key);
			this.arithmetic = by;
			if (holds)
				this.set("signature", "good", "signed by the " +
				    `key ${this.key.fingerprint.slice(0, 16)}` +
				    `..., checked by ${by}`);
			else
				this.set("signature", "bad", why);
		}
	}

	checkTables() {
		if (this.steps.chain.state === "amber") {
			this.set("rows", "amber", "the records cannot be read");
			this.set("complete", "amber",
			    "the records cannot be read");
			return;
		}
		const seen = {changes: new Set()};
		const told = {rows: 0, unproved: 0};
		for (const {name, text} of this.tables)
			this.checkTable(name, text, seen, told);
		this.tables = [];
		if (told.unproved > 0)
			this.set("rows", "amber", `${count(told.unproved)} of ` +
			    `${count(told.rows)} changes rest on a record ` +
			    "that is not in this page");
		else
			this.set("rows", "good", `${count(told.rows)} changes ` +
			    "and the rows that name a record were compared " +
			    "with it; access, duties, controls, attributes " +
			    "and reconciliation are what the program made " +
			    "of the records");
		this.checkComplete(seen);
		this.checkEdges();
	}

	checkTable(name, text, seen, told) {
		let table;
		try {
			table = JSON.parse(text);
		} catch {
			this.set("rows", "bad", `table ${name} cannot be read`);
			return;
		}
		if (!isTable(table)) {
			this.set("rows", "bad", `table ${name} is malformed`);
			return;
		}
		seen[name] ??= new Set();
		const record = seq => this.facts.get(seq);
		for (const cells of table.rows) {
			const row = Object.fromEntries(table.columns.map(
			    (column, i) => [column, cells[i]]));
			const found = name === "changes" ?
			    checkChange(row, record,
				(commit, at) => this.told(commit, at)) :
			    checkOther(name, row, record);
			if (found.bad)
				this.set("rows", "bad", found.bad, found.seq);
			for (const key of ["seq", "decision_seq",
			    "landing_seq", "record"])
				if (row[key])
					seen[name].add(Number(row[key]));
			if (name === "changes")
				this.countChange(row, found, seen, told);
		}
	}

	countChange(row, found, seen, told) {
		const key = `${row.landing_seq} ${row.change}`;
		told.rows++;
		told.unproved += found.unproved !== undefined;
		if (row.landing_seq && seen.changes.has(key))
			this.set("rows", "bad", `change "${short(row.change)}" ` +
			    "stands there twice", Number(row.landing_seq));
		seen.changes.add(key);
	}

	/* Deployments of a commit, where the records of that time are here. */
	told(commit, at) {
		const [begun, ended] = this.times.map(t => Date.parse(t));
		const time = Date.parse(at);
		return Number.isNaN(time) || (time >= begun && time <= ended) ?
		    this.deployed.get(commit) ?? [] : null;
	}

	inScope(record) {
		/* Of one day only the newest change of each gate is told. */
		const {scope = {}, period, as_of: day} = this.about;
		const within = (list, name) => !list?.length || !name ||
		    list.includes(name);
		return !day && within(scope.repositories, record.repository) &&
		    within(scope.gates, record.gate) && !(period &&
		    (Date.parse(record.time) < Date.parse(period.from) ||
		    Date.parse(record.time) >= Date.parse(period.to)));
	}

	checkComplete(seen) {
		for (const landing of this.landings) {
			if (!this.inScope(landing))
				continue;
			const decision = this.facts.get(landing.decision);
			const ids = (decision?.changes ?? []).map(
			    c => `${landing.seq} ${c.id}`);
			for (const id of ids.length ? ids : [landing.seq])
				if (!seen.changes.has(id))
					this.set("complete", "bad", "landing " +
					    `${landing.seq} has no row among ` +
					    "the changes", landing.seq);
		}
		const counts = [`${count(this.landings.length)} landings`];
		for (const [table, records] of Object.entries(this.owing)) {
			if (!seen[table])
				continue;
			counts.push(`${count(records.length)} ${OWED[table]}`);
			for (const r of records)
				if (this.inScope(r) && !seen[table].has(r.seq))
					this.set("complete", "bad", `record ` +
					    `${r.seq} has no row among the ` +
					    table, r.seq);
		}
		if (seen.changes.size === 0 && this.landings.length === 0)
			counts[0] = "nothing landed";
		this.set("complete", "good", `${counts.join(", ")}: each in ` +
		    "period and scope has its row");
	}

	/* Could more of the period lie before or behind what is here? */
	checkEdges() {
		const {period, incomplete} = this.about;
		if (!period || this.last === 0)
			return;
		const [begun, ended] = this.times.map(t => Date.parse(t));
		if (this.first > 1 && !(begun < Date.parse(period.from)))
			this.set("complete", "amber", "no record from before " +
			    "the period is here: whether earlier ones of it " +
			    "were left out cannot be told");
		if (!incomplete && !(ended >= Date.parse(period.to)) &&
		    !(this.last >= (this.checkpoint?.size ?? Infinity)))
			this.set("complete", "amber", "no record from after " +
			    "the period is here: whether later ones of it " +
			    "were left out cannot be told");
	}

	/* The text of one record, or null when it is not here. */
	async line(seq) {
		const block = this.blocks.find(b => seq >= b.first &&
		    seq < b.first + b.count);
		if (!block)
			return null;
		if (this.cache?.first !== block.first)
			this.cache = {first: block.first,
			    text: new TextDecoder().decode(
			    await gunzip(block.packed)).split("\n")};
		return this.cache.text[seq - block.first] ?? null;
	}

	/* What the page asks for. */
	async answer(question) {
		if (question.what === "life")
			return this.life(question);
		const line = await this.line(question.seq);
		if (question.what === "record" || line === null)
			return {seq: question.seq, line};
		return {seq: question.seq, line, ...this.proof(question.seq, line)};
	}

	async life({change, commits, seqs}) {
		const wanted = new Set(seqs);
		const add = list => (list ?? []).forEach(n => wanted.add(n));
		const own = [];
		for (const seq of seqs) {
			const line = await this.line(seq);
			if (line !== null)
				own.push(JSON.parse(line));
		}
		const all = new Set(commits);
		for (const record of own)
			for (const c of record.changes ?? [])
				if (c.id === change) {
					all.add(c.after);
					(c.commits ?? []).forEach(
					    one => all.add(one.id ?? one));
					add((c.approvals ?? []).map(
					    a => a.record));
				}
		for (const commit of all)
			add(this.commits.get(commit));
		const including = this.carried.get(change);
		add(including);
		for (const landing of this.landings)
			if (including?.includes(landing.decision))
				wanted.add(landing.seq);
		const found = [];
		for (const seq of [...wanted].filter(n => n > 0)
		    .sort((a, b) => a - b).slice(0, LIFE_MAX)) {
			const line = await this.line(seq);
			found.push({seq, line});
		}
		return {records: found, more: wanted.size > LIFE_MAX,
		    first: this.first, last: this.last};
	}

	proof(seq, line) {
		const {leaf, digest} = hashLine(utf8.encode(line));
		const out = {digest: hexOf(digest), leaf: hexOf(leaf)};
		if (!this.proofs)
			return {...out, why: "the root does not agree with " +
			    "the checkpoint"};
		if (seq > this.checkpoint.size)
			return {...out, why: "it is newer than the checkpoint"};
		const path = this.proofs.path(seq - 1);
		const root = climb(leaf, path);
		return {...out, size: this.checkpoint.size, root: hexOf(root),
		    holds: sameBytes(root, this.checkpoint.root),
		    path: path.map(p => ({side: p.side, hash: hexOf(p.hash)}))};
	}
}

const isTexts = list => Array.isArray(list) &&
    list.every(text => typeof text === "string");
const isTable = table => isTexts(table?.columns) &&
    Array.isArray(table.rows) && table.rows.every(row => isTexts(row) &&
    row.length === table.columns.length);

const OWED = {refusals: "refusals", emergencies: "emergencies",
	deployments: "deployments", exceptions: "movements nobody decided"};
const LIFE_MAX = 200;
const count = n => n.toLocaleString("en");
const addTo = (map, key, seq) => {
	const list = map.get(key);
	if (!list)
		map.set(key, [seq]);
	else if (list.at(-1) !== seq)
		list.push(seq);
};

/* One thing after the other, in the order it was asked for. */
const serve = tell => {
	const verifier = new Verifier(tell);
	let work = Promise.resolve();
	return message => {
		work = work.then(async () => {
			if (message.kind === "finish")
				return verifier.finish().catch(e => {
					verifier.set("rows", "bad",
					    `they cannot be read: ${e.message}`);
					verifier.report(true);
				});
			if (message.kind !== "ask")
				return verifier.take(message);
			let answer;
			try {
				answer = await verifier.answer(message.question);
			} catch (e) {
				answer = {failed: e.message};
			}
			tell({kind: "answer", id: message.id, answer});
		}).catch(e => tell({kind: "failed", why: e.message}));
	};
};

if (typeof document === "undefined" && typeof postMessage === "function") {
	const take = serve(told => postMessage(told));
	onmessage = event => take(event.data);
} else
	globalThis.foureyesChecker = serve;
