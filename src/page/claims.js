/*
 * Does a row of a table say what its record says?
 *
 * Rows are made from records by a program that the reader need not trust, so
 * each cell that can be read off a record is read off it again.
 */

/* A cell with several things has them apart by "; ". */
const itemsOf = cell => cell.split(";").map(item => item.trim())
    .filter(item => item !== "");
const listed = list => [...new Set(list)].sort().join("; ");
/* Words alone: line breaks and spaces are made equal in a cell. */
const wordsOf = text => (text ?? "").normalize("NFC")
    .replace(/\\u\{?[0-9A-Fa-f]{4,6}\}?/g, "").replace(/[^\p{L}\p{N}]+/gu, "");

const sameInstant = (a, b) => a === b ||
    (a !== "" && Date.parse(a) === Date.parse(b));

const sameText = (cell, text) => {
	const a = wordsOf(cell), b = wordsOf(text);
	return a === b || (/(\.\.\.|\u2026)$/.test(cell.trimEnd()) &&
	    b.startsWith(a));
};

const nameOf = who => who?.person ?? who?.written ?? who?.login ?? "";

/* The approvals that counted for this change. */
const countedOf = (decision, change) => (decision.approvals ?? []).filter(
    a => a.counted && (!a.change || a.change === change.id));

/* Column -> what is wrong with its cell, or "". */
const DECISION_COLUMNS = {
	repository: (cell, {decision}) => cell === decision.repository,
	gate: (cell, {decision}) => cell === decision.gate,
	ref: (cell, {decision}) => cell === decision.ref,
	mode: (cell, {decision}) => cell === decision.mode,
	outcome: (cell, {decision}) => cell === decision.outcome,
	decided: (cell, {decision}) => sameInstant(cell, decision.time),
	policy: (cell, {decision}) => cell === decision.policy,
	old: (cell, {decision, change}) =>
	    [change.before, decision.old].includes(cell),
	new: (cell, {decision, change}) =>
	    [change.after, decision.new, decision.landed].includes(cell),
	requester: (cell, {decision, change}) =>
	    cell === (change.requester ?? decision.requester ?? ""),
	description: (cell, {change}) => change.description === undefined ||
	    sameText(cell, change.description),
	lander: (cell, {decision}) =>
	    cell === nameOf(decision.pusher) ||
	    cell === decision.pusher?.login,
	contributors: (cell, {decision, change}) => {
		const all = change.contributors ?? decision.contributors ?? [];
		const known = listed(all.flatMap(c => itemsOf(
		    typeof c === "string" ? c : nameOf(c))));
		return listed(itemsOf(cell)) === known;
	},
	approvers: (cell, {decision, change}) => listed(itemsOf(cell)) ===
	    listed(countedOf(decision, change).map(a => a.person)),
	approved_commits: (cell, {decision, change}) =>
	    listed(itemsOf(cell)) ===
	    listed(countedOf(decision, change).map(a => a.commit)),
	approved_times: (cell, {decision, change}) => listed(itemsOf(cell)
	    .map(t => String(Date.parse(t)))) ===
	    listed(countedOf(decision, change)
	    .map(a => String(Date.parse(a.time)))),
	emergency: (cell, {decision}) =>
	    (cell !== "") === Boolean(decision.emergency) ||
	    (cell === "no" && !decision.emergency),
	rollback_plan: (cell, {decision, change}) => {
		const {text, to} = (change.id ? change : decision)
		    .rollback_plan ?? {};
		return sameText(cell, typeof text === "string" ? text :
		    to ? `to ${to}` : "");
	},
	staging: (cell, {decision, change}) => {
		const own = (decision.findings ?? []).filter(f =>
		    f.control === "staging" && f.code !== "staging.not-asked" &&
		    (!f.change || f.change === change.id)).at(-1)?.text;
		return sameText(cell, typeof own === "string" ? own : "");
	},
	includes: (cell, {decision}) => listed(itemsOf(cell)) ===
	    listed(decision.includes ?? []),
	findings: (cell, {decision, change}) => {
		const own = (decision.findings ?? []).filter(
		    f => !f.change || f.change === change.id);
		const codes = new Set(own.map(f => f.code));
		const told = cell.match(/[a-z]+\.[a-z0-9-]+/g) ?? [];
		return told.every(code => codes.has(code)) &&
		    own.every(f => f.standing !== "UNMET" ||
		    told.includes(f.code));
	},
};

const LANDING_COLUMNS = {
	time: (cell, landing) => sameInstant(cell, landing.time),
	repository: (cell, landing) => cell === landing.repository,
	gate: (cell, landing) => cell === landing.gate,
	ref: (cell, landing) => cell === landing.ref,
};

const short = text => {
	const one = String(text).replace(/\s+/g, " ");
	return one.length > 80 ? one.slice(0, 80) + "..." : one;
};

/* Told of what landed there, behind it, at that time and by that person. */
const isDeployed = (row, landing, told) => told.some(d =>
    d.result === "success" && !d.refused &&
    d.repository === landing.repository && d.seq > landing.seq &&
    sameInstant(row.deployed, d.time) &&
    (row.deployer ?? "") === (d.person ?? ""));

/*
 * `row` by column name; `record(seq)` gives the parsed record or undefined.
 * {bad: why, seq}, {unproved: seq}, or {} when all agrees.  `deployed(commit)`
 * has the deployments told of it, null where that time is not here.
 */
const checkChange = (row, record, deployed = () => null) => {
	const decision = row.decision_seq && record(Number(row.decision_seq));
	const landing = row.landing_seq && record(Number(row.landing_seq));
	const wrong = (seq, column, why) => ({seq: Number(seq),
	    bad: `the row of change "${short(row.change)}" has ` +
	    `"${short(row[column])}" under ${column}, which ${why}`});
	for (const [column, seq] of [["decision_seq", row.decision_seq],
	    ["landing_seq", row.landing_seq]])
		if (seq && !/^[1-9][0-9]*$/.test(seq))
			return wrong(0, column, "is no record");
	if (decision && decision.type !== "decision")
		return wrong(row.decision_seq, "decision_seq",
		    "is no decision");
	if (landing) {
		if (!["landing", "adopted", "drift"].includes(landing.type))
			return wrong(row.landing_seq, "landing_seq",
			    "is no landing");
		for (const [column, fits] of Object.entries(LANDING_COLUMNS))
			if (column in row && !fits(row[column], landing))
				return wrong(row.landing_seq, column,
				    `record ${row.landing_seq} does not say`);
		if (landing.type === "landing" &&
		    String(landing.decision ?? "") !== (row.decision_seq ?? ""))
			return wrong(row.landing_seq, "decision_seq",
			    `record ${row.landing_seq} does not name`);
	}
	const told = landing && row.deployed ?
	    deployed(landing.subject ?? landing.new, row.deployed) : null;
	if (told && !isDeployed(row, landing, told))
		return wrong(row.landing_seq, "deployed", "no record says");
	if (decision) {
		const change = (decision.changes ?? [])
		    .find(c => c.id === row.change);
		if (!change && (decision.changes ?? []).length > 0)
			return wrong(row.decision_seq, "change",
			    `record ${row.decision_seq} does not hold`);
		const facts = {decision, change: change ?? {}};
		for (const [column, fits] of Object.entries(DECISION_COLUMNS))
			if (column in row && !fits(row[column], facts))
				return wrong(row.decision_seq, column,
				    `record ${row.decision_seq} does not say`);
	}
	if (row.decision_seq && !decision)
		return {unproved: Number(row.decision_seq)};
	if (row.landing_seq && !landing)
		return {unproved: Number(row.landing_seq)};
	return row.landing_seq ? {} : {unproved: 0};
};

/* Any other table: cells that a record has under the same name. */
const SHARED = ["repository", "gate", "ref", "environment", "commit"];
const seqOf = row => Number(row.seq || row.decision_seq ||
    row.landing_seq || row.record || 0);

const checkOther = (table, row, record) => {
	const seq = seqOf(row);
	const own = seq > 0 ? record(seq) : undefined;
	if (!own)
		return {};
	for (const column of SHARED)
		if (row[column] && typeof own[column] === "string" &&
		    row[column] !== own[column])
			return {seq, bad: `a row of ${table} has ` +
			    `"${short(row[column])}" under ${column}, which ` +
			    `record ${seq} does not say`};
	return {};
};
