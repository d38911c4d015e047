/*
 * A change from its first push to production: who did what, when, and the
 * records that say so.
 */
const who = actor => {
	if (!actor)
		return "somebody unknown";
	if (typeof actor === "string")
		return line(actor, 80);
	const name = actor.person ?? actor.login ?? actor.written;
	return name ? line(name, 80) : "somebody unknown";
};

/* A gate, and the ref where it has another name. */
const gateAndRef = (gate, name) => [line(gate || "no gate", 80),
	name.replace(/^refs\/(heads|tags)\//, "") === gate ? "" :
	h("span", {className: "soft"}, " ", ref(name))];

const at = record => [" on ", gateAndRef(record.gate ?? "",
    record.ref ?? "")];

/* A forge or a tool that told it, where one did. */
const atSource = r => r.source ? [" at ", line(r.source, 80)] : "";
const teller = r => r.who || r.person || r.pusher || !r.source ?
	[who(r.who ?? r.person ?? r.pusher), atSource(r)] : line(r.source, 80);

/* [state, head, what stands below it] of one record. */
const TOLD = {
	observation: r => ({
		push: () => ["plain", [who(r.pusher), " pushed ",
		    plural((r.commits ?? []).length, "commit"), " to ",
		    (r.refs ?? []).slice(0, 3).map((name, i) =>
			[i ? ", " : "", ref(name)])]],
		approval: () => [r.decision === "approve" ? "good" : "amber",
		    [who(r.who ?? r.person ?? r.pusher), " ",
		    {approve: "approved ", object: "objected to ",
			withdraw: "withdrew approval of ",
			emergency: "declared an emergency for "}[r.decision] ??
			"told of ", hash(r.commit ?? ""), " for ",
		    (r.targets ?? []).map((t, i) => [i ? ", " : "", ref(t)]),
		    atSource(r)]],
		deployment: () => [r.result === "success" ? "good" : "bad",
		    [teller(r), " told that ",
		    hash(r.commit ?? ""), " was deployed to ",
		    line(r.environment ?? "", 80), ": ",
		    line(r.result ?? "", 40)]],
		status: () => [{success: "good", pending: "plain"}[r.result] ??
		    "bad", [teller(r), " told of ", line(r.context ?? "", 80),
		    " on ", hash(r.commit ?? ""), ": ",
		    line(r.result ?? "", 40)]],
		request: () => ["plain", ["Request ", line(r.request ?? "", 20),
		    " to ", ref(r.target ?? ""), " is ",
		    line(r.state ?? "", 20), atSource(r), ", its head ",
		    hash(r.head ?? "")]],
		comment: () => ["plain", [teller(r), " wrote on request ",
		    line(r.request ?? "", 20)], r.text &&
		    h("p", {className: "soft"}, line(r.text, 300))],
		"verdict-told": () => [{success: "good", pending: "amber"}[
		    r.state] ?? "bad", ["Told ", line(r.source ?? "", 80), " as ",
		    line(r.context ?? "", 80), ": ", line(r.state ?? "", 20)],
		    h("p", {className: "soft"}, line(r.description ?? "", 300))],
	}[r.kind] ?? (() => ["plain", ["Told: ", line(r.kind ?? "", 60)]]))(),
	decision: r => {
		const fell = (r.findings ?? []).filter(f =>
		    f.standing === "UNMET" || f.standing === "UNDECIDED");
		const head = {ADMITTED: ["good", "Admitted"],
			ADMITTED_AS_EMERGENCY: ["amber",
			    "Admitted as an emergency"]}[r.outcome] ??
		    ["bad", "Refused"];
		return [head[0], [head[1], at(r), ", pushed by ",
		    who(r.pusher), r.mode === "observe" ?
			", observed only" : ""],
		fell.length > 0 && h("ul", {className: "plainlist"},
		    fell.slice(0, 12).map(f => h("li", {}, h("code", {},
			line(f.code ?? "", 80)), " ", line(f.text ?? ""))))];
	},
	landing: r => ["good", ["Landed", at(r), ", moved by ",
	    who(r.lander), "; seen by ", line(r.witness ?? "", 40)]],
	drift: r => ["bad", ["Drift: the ref moved as nothing allowed,",
	    at(r)]],
	adopted: r => ["amber", ["Taken as it was, not reviewed,", at(r)]],
	explained: r => ["amber", ["Explained", at(r), ": ",
	    line(r.reason ?? "")]],
};

const inWords = record => {
	try {
		const told = TOLD[record.type]?.(record);
		return told ?? ["plain", [line(title(record.type ?? "?"), 60)]];
	} catch {
		return ["amber", ["A record of another form"]];
	}
};

const rawRecord = text => {
	let shown = text;
	try {
		shown = JSON.stringify(JSON.parse(text), null, 2);
	} catch { /* it is shown as it is */ }
	return whole(shown, "pre");
};

const fact = (name, ...value) => [h("dt", {}, name), h("dd", {}, value)];
const none = () => h("span", {className: "soft"}, "none");
const listOf = (cell, show) => {
	const items = itemsOf(cell);
	return items.length === 0 ? none() : items.slice(0, 40).map(
	    (item, i) => [i ? ", " : "", show(item)]).concat(
	    items.length > 40 ? ` and ${items.length - 40} more` : []);
};
const itemsOf = cell => cell.split(/\s*;\s*/).filter(Boolean);

class Life {
	constructor(dialog, data, ask) {
		Object.assign(this, {dialog, data, ask});
		dialog.addEventListener("click", e => {
			if (e.target === dialog)
				dialog.close();
		});
		dialog.addEventListener("close", () => {
			this.shown = null;
			if (location.hash.startsWith("#change="))
				history.replaceState(null, "", "#changes");
		});
	}

	show(row, heading, below, ...parts) {
		this.shown = row;
		this.dialog.replaceChildren(h("article", {},
		    h("header", {}, h("div", {},
			h("h2", {id: "life-title", tabIndex: -1}, heading),
			h("p", {className: "soft"}, below)),
		    h("button", {type: "button", className: "close",
			on: {click: () => this.dialog.close()}}, "Close")),
		    parts));
		if (!this.dialog.open)
			this.dialog.showModal();
		this.dialog.scrollTop = 0;
		this.dialog.querySelector("#life-title").focus();
	}

	/* A row of any table, all of each cell, and its record. */
	async openRow(name, {columns}, row) {
		const told = Object.fromEntries(columns.map(
		    (column, i) => [column, row[i] ?? ""]));
		const seq = Number(told.seq || told.landing_seq ||
		    told.decision_seq || told.record || 0);
		const place = h("div", {});
		this.show(row, SECTIONS[name]?.name ?? title(name),
		    line(row[0] ?? ""), h("dl", {className: "facts"},
			columns.map((column, i) => row[i] &&
			    fact(title(column), whole(row[i])))), place);
		if (!(seq > 0))
			return;
		const {line: text} = await this.ask({what: "record", seq});
		if (this.shown === row)
			place.replaceChildren(h("h3", {},
			    `Record ${number(seq)}`), text ? rawRecord(text) :
			    h("p", {className: "soft"}, "It is not in this page."),
			text ? proofButton(seq, this.ask) : "");
	}

	async open(row) {
		const g = this.data.changes.get;
		const records = h("div", {className: "soft", role: "status"},
		    "Reading the records\u2026");
		this.show(row, line(g.description(row) || g.change(row), 300),
		    line(g.change(row)),
		    this.facts(row),
		    this.flags(row),
		    this.text("Rollback plan", g.rollback_plan(row),
			"None is recorded."),
		    g.description(row).length > 200 && this.text("Description",
			g.description(row)),
		    h("h3", {}, "From first push to production"), records,
		    this.findings = h("div", {}),
		    this.attributes(row));
		history.replaceState(null, "",
		    `#change=${encodeURIComponent(g.change(row))}`);
		const answer = await this.ask({what: "life",
		    change: g.change(row),
		    commits: [g.new(row), ...itemsOf(g.approved_commits(row))]
			.filter(c => /^[0-9a-f]{40,64}$/.test(c)),
		    seqs: [g.decision_seq(row), g.landing_seq(row)]
			.filter(Boolean).map(Number)});
		if (this.shown === row)
			records.replaceWith(this.records(row, answer));
	}

	facts(row) {
		const g = this.data.changes.get;
		const approved = itemsOf(g.approved_commits(row));
		const same = approved.length > 0 &&
		    approved.every(c => c === g.new(row));
		return h("dl", {className: "facts"},
		    fact("Outcome", outcome(g.outcome(row)),
			g.mode(row) === "observe" ?
			mark("amber", "observed only") : ""),
		    fact("Landed", when(g.time(row)), " UTC"),
		    fact("Repository", line(g.repository(row))),
		    fact("Gate", gateAndRef(g.gate(row), g.ref(row))),
		    fact("Requester", listOf(g.requester(row), line)),
		    fact("Contributors", listOf(g.contributors(row), line)),
		    fact("Approved by", listOf(g.approvers(row), line)),
		    fact("Landed by", listOf(g.lander(row), line)),
		    fact("Approved commit", approved.length ?
			approved.map(c => fullHash(c)) : none()),
		    fact("Landed commit", fullHash(g.new(row)), " ",
			same ? mark("good", "the approved one") : ""),
		    fact("Before it", fullHash(g.old(row) || "\u2013")),
		    fact("Staging", g.staging(row) ? line(g.staging(row)) :
			none()),
		    fact("Emergency", g.emergency(row) ?
			mark("amber", line(g.emergency(row))) : none()),
		    g.deployed(row) && fact("Deployed", line(g.deployed(row)),
			" ", g.deployer(row) && ["by ", line(g.deployer(row))]),
		    g.includes(row) && fact("Brings", listOf(g.includes(row),
			line)));
	}

	text(name, text, otherwise) {
		return [h("h3", {}, name), text ? whole(text) :
		    h("p", {className: "soft"}, otherwise)];
	}

	flags(row) {
		const id = this.data.changes.get.change(row);
		const found = this.data.rowsOf("exceptions", "change", id);
		return found.length > 0 && h("div", {className: "flagged"},
		    h("h3", {}, "Exceptions"), found.map(cells =>
		    h("dl", {className: "facts"}, cells.map(([name, value]) =>
			value && name !== "change" &&
			fact(title(name), line(value))))));
	}

	attributes(row) {
		const id = this.data.changes.get.change(row);
		const found = this.data.attributesOf(id);
		if (found.length === 0)
			return null;
		return [h("h3", {}, "Attributes"), h("ul",
		    {className: "attributes"}, found.map(([name, value, proof]) =>
			h("li", {}, result(value), " ", line(title(name)),
			    proof && h("span", {className: "soft"}, " ",
			    line(proof)))))];
	}

	records(row, answer) {
		const id = this.data.changes.get.change(row);
		if (answer.failed)
			return h("p", {className: "soft"},
			    `The records cannot be read: ${answer.failed}`);
		const own = answer.records.filter(r => r.line !== null);
		const away = answer.records.length - own.length;
		const parsed = own.map(r => ({...r,
		    record: JSON.parse(r.line)}));
		const decision = parsed.find(r => r.record.type === "decision" &&
		    String(r.seq) ===
		    this.data.changes.get.decision_seq(row));
		if (decision)
			this.findings.replaceChildren(
			    ...this.showFindings(decision.record, id));
		return h("div", {}, h("ol", {className: "life"},
		    parsed.map(r => this.step(r))),
		away > 0 && h("p", {className: "soft"}, plural(away,
		    "record"), " of it lie outside this page, which has " +
		    `records ${answer.first} to ${answer.last}.`),
		answer.more && h("p", {className: "soft"},
		    "There are more records than are shown here."));
	}

	showFindings(record, id) {
		const own = (record.findings ?? []).filter(f => !f.change ||
		    f.change === id);
		return [h("h3", {}, "Findings"), h("ul",
		    {className: "attributes"}, own.map(f => h("li", {},
			result(f.standing ?? ""), " ",
			h("code", {}, line(f.code ?? "", 80)), " ",
			h("span", {className: "soft"}, line(f.text ?? "")))))];
	}

	step({seq, line: text, record}) {
		const [state, head, below] = inWords(record);
		const holder = h("div", {});
		const details = h("details", {on: {toggle: () => {
			if (details.open && !holder.firstChild)
				holder.append(rawRecord(text),
				    proofButton(seq, this.ask));
		}}}, h("summary", {}, `Record ${number(seq)}`), holder);
		return h("li", {className: state},
		    h("p", {className: "moment"},
			when(record.time ?? "", true)),
		    h("div", {}, h("p", {}, mark(state), " ", head), below,
			details));
	}
}
