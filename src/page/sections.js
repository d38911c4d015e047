/*
 * Everything of the pack that is not a change: one section a table.
 */
const SECTIONS = {
	exceptions: {name: "Exceptions",
		empty: "No exception is recorded in this period.",
		about: "What was not as it should be. An exception stays on " +
		    "record, also when it was put right."},
	emergencies: {name: "Emergencies",
		empty: "0: no emergency change landed in this period. The " +
		    "lane was not used.",
		about: "Changes that landed against a finding, by a valid " +
		    "declaration; each owes a review."},
	refusals: {name: "Refusals",
		empty: "0: no push was refused in this period.",
		about: "Pushes that control stopped. Nothing of them landed."},
	deployments: {name: "Deployments",
		empty: "0: nobody told of a deployment in this period.",
		about: "What was told to have been put into an environment."},
	access: {name: "Access",
		empty: "Who may do what is not recorded.",
		about: "Who could approve and move what: at the start, at the " +
		    "end, at each change."},
	separation: {name: "Separation of duties",
		empty: "0: no pair of duties met in one person.",
		about: "Duties that should not meet in one person: where they " +
		    "could have, and where they did."},
	controls: {name: "Controls",
		empty: "There is no map of controls.",
		about: "Which control answers which point of which framework, " +
		    "and where its evidence stands."},
	reconciliation: {name: "Reconciliation",
		empty: "Nothing was reconciled.",
		about: "Counts of the log, of Git and of this pack, side by " +
		    "side."},
};

const WIDE = /^(text|reason|description|why|detail|details|evidence|point|wants|control_text|response|what|changes?|findings?|cause|summary|note|notes|proof|limit|limits)$/;
const TIMES = /(^time$|_time$|^decided$|^due$|_due$|^until$|^from$|^to$|_at$|^at$|^since$|^reviewed$)/;
const HASHES = /^(old|new|commit|policy|landed|sha256|people|tip)$/;
const BAD = /^(fail|no|open|overdue|difference|different|mismatch|violation|actual|unmet|failure)$/i;
const GOOD = /^(pass|yes|done|equal|same|reconciled|met|reviewed|reviewed in time|none|success)$/i;
const UNSURE = /^(unknown|pending|potential|undecided|unexplained)$/i;
const STATE = /^(result|state|status|standing|outcome|equal|agree|agrees|reviewed|kind_of|in_time|match|matches)$/;

const kindOf = (name, rows, at) => WIDE.test(name) ? "what" :
    HASHES.test(name) ? "commit" : TIMES.test(name) ? "when" :
    STATE.test(name) ? "state" :
    rows.slice(0, 50).every(r => /^-?[0-9]{0,15}$/.test(r[at] ?? "")) &&
	rows.length > 0 ? "num" : "text";

const cell = (kind, text) => {
	if (text === "")
		return "";
	if (kind === "when")
		return when(text);
	if (kind === "commit")
		return hash(text);
	if (kind === "state" && text in OUTCOMES)
		return outcome(text);
	if (kind === "state")
		return mark(BAD.test(text) ? "bad" : GOOD.test(text) ? "good" :
		    UNSURE.test(text) ? "amber" : "plain", line(text, 60));
	return line(text, 400);
};

/* A column that is empty in every row only takes room. */
const usedColumns = ({columns, rows}) => columns.map((name, i) => ({name, i}))
    .filter(({i}) => rows.length === 0 || rows.some(r => r[i]));

const gridOf = (name, table, open) => {
	const {empty} = SECTIONS[name] ?? {empty: "There is nothing."};
	const columns = usedColumns(table).map(({name: column, i}) => {
		const kind = kindOf(column, table.rows, i);
		return {label: title(column), kind, num: kind === "num",
		    opens: column === "change",
		    text: r => r[i] ?? "",
		    show: r => cell(kind, r[i] ?? "")};
	});
	/* How it stands is seen without going sideways. */
	const first = Math.max(1, columns.findIndex(c => c.opens) + 1);
	columns.splice(0, columns.length, ...columns.slice(0, first),
	    ...columns.slice(first).filter(c => c.kind === "state"),
	    ...columns.slice(first).filter(c => c.kind !== "state"));
	if (!columns.some(c => c.opens) && columns.length > 0)
		Object.assign(columns[0], {opens: true,
		    kind: columns[0].kind === "num" ? "text" :
			columns[0].kind});
	const grid = new Grid({label: SECTIONS[name]?.name ?? title(name),
	    columns, empty, open: row => open(name, table, row)});
	if (columns.length > 6)
		grid.el.classList.add("many");
	grid.add(table.rows);
	return grid;
};

/* A section of its own, with its count in the head. */
const sectionOf = (name, heading, note) => {
	const number = h("span", {className: "count"});
	const section = h("section", {id: name, tabIndex: -1,
	    "aria-labelledby": `${name}-title`},
	h("h2", {id: `${name}-title`}, heading, " ", number),
	note && h("p", {className: "note"}, note));
	return {section, count: number};
};

const notCovered = (host, about) => {
	const told = about.not_covered ?? [];
	host.append(h("ul", {className: "sentences"}, [...told.map(
	    s => h("li", {}, whole(String(s), "span"))),
	h("li", {}, "Whoever wrote and approved a change in league: no record " +
	    "tells that."),
	h("li", {}, "Whether this page is the one that was made. A page that " +
	    "lies could lie about itself: its SHA-256 stands in the signed " +
	    "manifest of the pack, and VERIFY.txt needs no browser."),
	h("li", {}, "Whether the key that sealed the records is the right " +
	    "one: compare its fingerprint above."),
	h("li", {}, "When a record was written, beyond what the clock of the " +
	    "server said and the order of the records shows."),
	]));
};
