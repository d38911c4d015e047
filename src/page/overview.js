/*
 * The first look: is control working?  Figures, plots, the head of the page.
 */
const tile = (key, name, value, state, ...notes) => h("li", {
    className: `tile ${state}`},
h("a", {href: `#${key}`}, h("span", {className: "name"}, name),
    h("span", {className: "value"}, value),
    h("span", {className: "state"}, mark(state, ...notes))));

const ANSWERS = {yes: "good", no: "bad", unknown: "amber"};

class Overview {
	constructor(data) {
		this.data = data;
		this.lead = [];
		this.tiles = byId("tiles");
		this.plots = byId("plots");
	}

	head(about) {
		byId("title").replaceChildren(line(about.title ??
		    about.origin ?? "foureyes", 120));
		const {period, made = {}} = about;
		const range = period ? [when(period.from), " to ",
		    when(period.to), " UTC, the end not included"] :
		    about.as_of ? ["As of ", when(about.as_of), " UTC"] :
		    ["The period is not told"];
		byId("period").append(...range.flat());
		const program = made.program ?? {};
		byId("made").append(...["As of record ",
		    about.record ? number(about.record) : "?",
		    made.at ? [". Made ", when(made.at), " UTC"] : "",
		    made.by || made.account ? [" by ", line(made.by ??
			made.account)] : "",
		    program.version ? [" with foureyes ",
			line(program.version)] : "",
		    scopeOf(about.scope)].flat(5));
		document.title = `${about.origin ?? "foureyes"}: change ` +
		    `management evidence ${day(period?.from ?? about.as_of)}`;
		byId("warnings").replaceChildren(...this.warnings(about)
		    .map(([state, ...text]) => h("p", {className:
			`warning ${state}`}, mark(state, ...text))));
	}

	warnings(about) {
		const out = [];
		for (const [name, v] of Object.entries(about.verify ?? {}))
			if (v.is === "no")
				out.push(["bad", `When this was made, the ` +
				    `ledger was not ${name}: `,
				    line(v.why ?? "", 400)]);
		if (about.incomplete)
			out.push(["amber", "Incomplete: ", line(
			    typeof about.incomplete === "string" ?
			    about.incomplete : "the period has not ended",
			    400)]);
		if (about.observed)
			out.push(["amber", "Some of it was observed only: " +
			    "what was judged was not enforced."]);
		for (const note of about.notes ?? [])
			out.push(["amber", line(String(note), 600)]);
		return out;
	}

	/* Called again as more is known. */
	draw(over) {
		const {data} = this, about = data.about;
		this.over ||= over;
		const n = name => data.tables.get(name)?.rows.length;
		const changes = data.changes.grid?.rows.length ?? 0;
		const open = this.openExceptions();
		const late = this.lateReviews();
		const emergencies = n("emergencies"), refusals = n("refusals");
		const through = this.letThrough();
		const known = (value, ...rest) => value === undefined ?
		    this.over ? ["\u2013", "amber", "not told"] :
		    ["\u2026", "wait", "being read"] :
		    [number(value), ...rest];
		const share = changes ? 100 * (emergencies ?? 0) / changes : 0;
		this.tiles.replaceChildren(
		    tile("changes", "Changes", number(changes), "plain",
			`to ${plural(data.changes.places.repository.size,
			    "repository", "repositories")}, ` +
			    plural(data.changes.places.gate.size, "gate")),
		    tile("exceptions", "Exceptions", ...known(n("exceptions"),
			open > 0 ? "bad" : n("exceptions") ? "amber" : "good",
			n("exceptions") ? open === null ? "recorded" :
			`${number(open)} open` : "none recorded")),
		    tile("emergencies", "Emergencies", ...known(emergencies,
			late > 0 ? "bad" : emergencies ? "amber" : "good",
			late > 0 ? `${plural(late, "review")} overdue` :
			emergencies ? `${share.toFixed(1)} % of the changes` :
			"0 recorded")),
		    tile("refusals", "Refusals", ...known(
			refusals === undefined ? refusals : refusals - through,
			"plain", through > 0 ?
			`${number(through)} more only observed, let through` :
			"stopped before landing")),
		    this.coverage(about),
		    this.log(about));
		if (over)
			this.drawPlots();
	}

	/* What mode observe would have refused. */
	letThrough() {
		const table = this.data.tables.get("refusals");
		const outcome = cellOf(table?.columns ?? [], "outcome");
		return table?.rows.filter(r =>
		    outcome(r) === "let through").length ?? 0;
	}

	openExceptions() {
		const table = this.data.tables.get("exceptions");
		const at = ["state", "status", "resolved", "closed"].map(
		    name => table?.columns.indexOf(name) ?? -1)
		    .find(i => i >= 0);
		return at === undefined ? null : table.rows.filter(r =>
		    !r[at] || /^(open|no|overdue)$/i.test(r[at])).length;
	}

	lateReviews() {
		const table = this.data.tables.get("emergencies");
		return (table?.rows ?? []).filter(r =>
		    r.some(c => /^(overdue|late)$/i.test(c))).length;
	}

	coverage({coverage}) {
		if (!coverage?.gated)
			return tile("reconciliation", "Coverage", "\u2013",
			    "amber", coverage ? "nothing landed" : "not told");
		const {gated, covered} = coverage;
		const rate = 100 * covered / gated;
		const shown = covered === gated ? "100 %" :
		    `${Math.min(99.99, rate).toFixed(rate < 99 ? 1 : 2)} %`;
		return tile("reconciliation", "Coverage", shown,
		    covered === gated ? "good" : "bad", covered === gated ?
		    `all ${number(gated)} commits were in an approved change` :
		    `${number(gated - covered)} commits in no approved change`);
	}

	log({verify, live}) {
		if (!verify)
			return tile("evidence", "Log", "\u2013", "amber",
			    "not told");
		/* Of the live page nobody compared the repositories. */
		const name = live ? ["unaltered", "uncut"] :
		    ["unaltered", "uncut", "complete"];
		const all = name.map(one => verify[one]?.is ?? "unknown");
		const no = all.indexOf("no"), unsure = all.indexOf("unknown");
		return no >= 0 ? tile("evidence", "Log", "Not " + name[no],
		    "bad", "when this was made") :
		    unsure >= 0 ? tile("evidence", "Log", "In doubt", "amber",
			`${name[unsure]}: not provable when made`) :
		    tile("evidence", "Log", "In order", "good",
			`${name.join(", ")} when made`);
	}

	drawPlots() {
		const {data} = this, g = data.changes.get;
		const rows = data.changes.grid?.rows ?? [];
		const {period} = data.about;
		const times = rows.map(r => Date.parse(g.time(r)));
		const from = period ? Date.parse(period.from) :
		    times.reduce((a, b) => b < a ? b : a, Infinity);
		const to = period ? Date.parse(period.to) :
		    times.reduce((a, b) => b > a ? b : a, 0) + 1;
		if (!(to > from))
			return;
		const {list, weekly} = bucketsOf(from, to);
		const lead = list.map(() => []), all = list.map(() => 0);
		const some = list.map(() => 0);
		rows.forEach((row, i) => {
			const b = bucketAt(list, times[i]);
			if (b < 0)
				return;
			all[b]++;
			some[b] += g.outcome(row) === "ADMITTED_AS_EMERGENCY";
			const given = itemsOf(g.approved_times(row))
			    .map(t => Date.parse(t)).filter(t => t <= times[i]);
			if (given.length)
				lead[b].push(times[i] - Math.max(...given));
		});
		this.plots.replaceChildren(leadPlot(list, lead),
		    sharePlot(list, all, some),
		    stackPlot(list, this.refusals(list)));
		this.plots.setAttribute("data-by", weekly ? "week" : "month");
	}

	/* Control -> count, for each stretch of time. */
	refusals(list) {
		const out = list.map(() => new Map());
		const table = this.data.tables.get("refusals");
		if (!table)
			return out;
		const time = cellOf(table.columns, "time");
		const codes = ["codes", "code", "findings", "finding", "reason"]
		    .find(name => table.columns.includes(name));
		const told = cellOf(table.columns, codes);
		const times = cellOf(table.columns, "count");
		for (const row of table.rows) {
			const b = bucketAt(list, Date.parse(time(row)));
			if (b < 0)
				continue;
			const controls = new Set((told(row).match(
			    /[a-z]+\.[a-z0-9-]+/g) ?? ["other."]).map(
			    code => code.split(".")[0]));
			for (const control of controls)
				out[b].set(control, (out[b].get(control) ?? 0) +
				    (Number(times(row)) || 1));
		}
		return out;
	}
}

const scopeOf = scope => {
	const names = [...scope?.repositories ?? [], ...scope?.gates ?? []];
	return names.length ? [". Asked for ", names.map((name, i) =>
	    [i ? ", " : "", line(name)]), " only"] : "";
};
