/*
 * The table of changes: what it shows, how it is searched.
 */
const SEARCHED = ["change", "description", "requester", "contributors",
	"approvers", "lander", "ref", "new", "approved_commits", "findings",
	"emergency", "rollback_plan", "outcome"];

/* A getter by column name; a table that lacks it has empty cells. */
const cellOf = (columns, name) => {
	const at = columns.indexOf(name);
	return at < 0 ? () => "" : row => row[at] ?? "";
};

class Changes {
	constructor(host, open) {
		this.host = host;
		this.open = open;
		this.get = new Proxy({}, {get: () => () => ""});
		this.flagged = new Map(); /* change -> exceptions of it */
		this.people = new Set();
		this.places = {repository: new Set(), gate: new Set(),
			outcome: new Set()};
	}

	/* The first block says which columns there are. */
	begin(columns) {
		const get = name => cellOf(columns, name);
		const all = Object.fromEntries(columns.map(c => [c, get(c)]));
		this.columns = columns;
		this.get = new Proxy(all, {get: (of, name) =>
		    of[name] ?? (() => "")});
		const g = this.get;
		const flags = row => this.flagged.get(g.change(row));
		this.grid = new Grid({
			label: "Changes",
			empty: "No change landed in this period.",
			open: row => this.open(row),
			columns: [
				{label: "Landed", kind: "when", text: g.time,
				    show: r => when(g.time(r))},
				{label: "Change", kind: "what", opens: true,
				    text: r => g.description(r) || g.change(r),
				    show: r =>
				    line(g.description(r) || g.change(r), 160)},
				{label: "Repository", kind: "place",
				    text: g.repository,
				    show: r => line(g.repository(r))},
				{label: "Gate", kind: "gate", desk: true,
				    text: g.gate,
				    show: r => line(g.gate(r))},
				{label: "Requester", kind: "who",
				    text: g.requester,
				    show: r => line(g.requester(r))},
				{label: "Approved by", kind: "who",
				    text: g.approvers, show: r =>
				    g.approvers(r) ? line(g.approvers(r)) :
				    h("span", {className: "soft"}, "nobody")},
				{label: "Landed by", kind: "who", text: g.lander,
				    show: r => line(g.lander(r))},
				{label: "Commit", kind: "commit", desk: true,
				    text: g.new,
				    show: r => hash(g.new(r))},
				{label: "Outcome", kind: "state",
				    text: r => `${flags(r) ? 0 : 1}` +
					g.outcome(r),
				    show: r => flags(r) ? [outcome(g.outcome(r)),
					" ", mark("bad", plural(flags(r),
					"exception"))] : outcome(g.outcome(r))},
			],
		});
		this.buildTools();
		this.host.append(this.tools, this.said, this.grid.el);
		this.grid.onchange = () => this.say();
	}

	buildTools() {
		const again = () => this.filter();
		let waiting;
		const typed = () => {
			clearTimeout(waiting);
			waiting = setTimeout(again, 120);
		};
		this.search = h("input", {type: "search", id: "search",
		    autocomplete: "off", spellcheck: false,
		    placeholder: "Words, people, commits",
		    on: {input: typed}});
		this.selects = Object.fromEntries(Object.keys(this.places).map(
		    name => [name, h("select", {id: `pick-${name}`,
			on: {change: again}},
		    h("option", {value: ""}, "all"))]));
		this.since = h("input", {type: "date", id: "pick-since",
		    on: {change: again}});
		this.until = h("input", {type: "date", id: "pick-until",
		    on: {change: again}});
		this.only = h("input", {type: "checkbox", id: "pick-only",
		    on: {change: again}});
		const field = (label, input) => h("div", {className: "field"},
		    h("label", {htmlFor: input.id}, label), input);
		this.tools = h("form", {className: "tools", role: "search",
		    "aria-label": "Find changes",
		    on: {submit: e => e.preventDefault(), reset: () =>
			setTimeout(again, 0)}},
		field("Search", this.search),
		Object.entries(this.selects).map(([name, el]) =>
		    field(title(name), el)),
		field("From", this.since), field("To", this.until),
		h("div", {className: "field check"}, this.only,
		    h("label", {htmlFor: "pick-only"}, "with exceptions")),
		h("button", {type: "reset", className: "plain"}, "Clear"));
		this.said = h("p", {className: "said", role: "status"});
	}

	add({columns, rows}) {
		if (!this.grid)
			this.begin(columns);
		const g = this.get;
		for (const row of rows)
			for (const [name, seen] of Object.entries(this.places))
				if (!seen.has(g[name](row)))
					this.offer(name, g[name](row));
		this.grid.add(rows);
	}

	offer(name, value) {
		this.places[name].add(value);
		if (this.places[name].size > 500)
			return;
		const select = this.selects[name], chosen = select.value;
		const options = [...this.places[name]].filter(Boolean).sort();
		select.replaceChildren(h("option", {value: ""}, "all"),
		    ...options.map(v => h("option", {value: v},
			OUTCOMES[v]?.[1] ?? cut(v, 60))));
		select.value = chosen;
	}

	/* Which of them an exception names. */
	flag(changes) {
		for (const id of changes)
			this.flagged.set(id, (this.flagged.get(id) ?? 0) + 1);
		this.grid?.refresh();
	}

	filter() {
		const g = this.get;
		const words = this.search.value.toLowerCase().split(/\s+/)
		    .filter(Boolean);
		const picked = Object.entries(this.selects)
		    .filter(([, el]) => el.value !== "")
		    .map(([name, el]) => [g[name], el.value]);
		const since = this.since.value, until = this.until.value;
		const only = this.only.checked;
		if (!words.length && !picked.length && !since && !until && !only)
			return this.grid.choose(null);
		const texts = SEARCHED.map(name => g[name]);
		this.hay ??= [];
		this.grid.choose((row, i) => {
			for (const [get, value] of picked)
				if (get(row) !== value)
					return false;
			const time = g.time(row).slice(0, 10);
			if ((since && time < since) || (until && time > until))
				return false;
			if (only && !this.flagged.has(g.change(row)))
				return false;
			if (!words.length)
				return true;
			this.hay[i] ??= texts.map(t => t(row)).join("\n")
			    .toLowerCase();
			return words.every(w => this.hay[i].includes(w));
		});
	}

	say() {
		const {length, rows} = this.grid;
		this.said.textContent = length === rows.length ?
		    plural(rows.length, "change") :
		    `${number(length)} of ${plural(rows.length, "change")}`;
	}
}
