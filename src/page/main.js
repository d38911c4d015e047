/*
 * Reads the blocks behind the scripts as they come, shows them, and hands them
 * to the checker.
 */
const data = {
	about: {},
	tables: new Map(),
	changes: null,
	attributes: [], /* texts of blocks, read again when one is asked for */
	attributeAt: new Map(),
	byChange: new Map(), /* table -> change -> rows */

	/* The rows of a table about one change, as [name, cell] pairs. */
	rowsOf(name, column, value) {
		const table = this.tables.get(name);
		const at = table?.columns.indexOf(column) ?? -1;
		if (at < 0)
			return [];
		return table.rows.filter(r => r[at] === value).slice(0, 50)
		    .map(r => table.columns.map((c, i) => [c, r[i] ?? ""]));
	},

	/* [name, result, proof] each; one row each, or all in one row. */
	attributesOf(id) {
		const out = [];
		for (const block of this.attributeAt.get(id) ?? []) {
			const {columns, rows} = JSON.parse(
			    this.attributes[block]);
			const get = name => cellOf(columns, name);
			const long = columns.includes("attribute");
			const proof = ["proof", "field", "evidence", "why"]
			    .find(name => columns.includes(name));
			for (const r of rows) {
				if (get("change")(r) !== id)
					continue;
				if (long)
					out.push([get("attribute")(r),
					    get("result")(r),
					    get(proof)(r)]);
				else
					wideAttributes(columns, r, out);
			}
		}
		return out;
	},
};

const wideAttributes = (columns, row, out) => columns.forEach((name, i) => {
	if (!/^(PASS|FAIL|NA|UNKNOWN)$/.test(row[i] ?? ""))
		return;
	const proof = [`${name}_proof`, `${name}_field`, `${name}_why`]
	    .map(n => columns.indexOf(n)).find(n => n >= 0);
	out.push([name, row[i], proof === undefined ? "" : row[proof]]);
});

/* --- the checker, beside the page where that can be --- */
const waiting = new Map();
let asked = 0;
let checker;
const ask = question => new Promise(done => {
	waiting.set(++asked, done);
	checker({kind: "ask", id: asked, question});
});

const startChecker = () => {
	const hear = told => {
		if (told.kind === "answer") {
			waiting.get(told.id)?.(told.answer);
			waiting.delete(told.id);
		} else if (told.kind === "state")
			showState(told);
		else
			showFailed(told.why);
	};
	try {
		const code = new Blob([byId("checker").textContent],
		    {type: "text/javascript"});
		const worker = new Worker(URL.createObjectURL(code));
		worker.onmessage = e => hear(e.data);
		worker.onerror = e => showFailed(e.message);
		return message => worker.postMessage(message);
	} catch {
		const take = globalThis.foureyesChecker(hear);
		return message => setTimeout(take, 0, message);
	}
};

const VERDICTS = {
	good: ["good", "Evidence holds"],
	amber: ["amber", "Not provable"],
	bad: ["bad", "Evidence does not hold"],
	wait: ["wait", "Checking"],
};

let latest = null;
const verdict = (state, word, why) => {
	const box = byId("verdict"), head = byId("verdict-word");
	box.className = `verdict ${state}`;
	if (!head.textContent.endsWith(word)) {
		head.replaceChildren(mark(state, word));
		byId("verdict-said").textContent = word;
	}
	byId("verdict-why").replaceChildren(...why.map(t =>
	    typeof t === "string" ? line(t, 500) : t));
};

const showFailed = why => {
	latest = {state: "amber"};
	verdict("amber", "Not checked", [`The check could not be done: ${why}`]);
	document.documentElement.dataset.verdict = "amber";
};

const showState = told => {
	const steps = Object.entries(told.steps);
	const of = state => steps.find(([, s]) => s.state === state)?.[1];
	const expected = data.about.records?.last ?? data.about.record ?? 0;
	const state = of("bad") ? "bad" : !told.over ? "wait" :
	    of("amber") || of("wait") ? "amber" : "good";
	latest = {...told, state};
	const records = told.records ?
	    plural(told.records, "record") : "no records yet";
	const bad = told.firstBad ? steps.find(([, s]) =>
	    s.state === "bad" && s.seq === told.firstBad)?.[1] : of("bad");
	const why = state === "bad" ? [told.firstBad ?
	    `Record ${told.firstBad} is the first that fails. ` : "",
	    (bad ?? of("bad")).text] :
	    state === "amber" ? [(of("amber") ?? of("wait")).text] :
	    state === "wait" ? [`${records} read, each hashed here in your ` +
		"browser"] :
	    [`${records}, each hashed here in your browser: chained, sealed ` +
		`by checkpoint ${number(told.checkpoint.size)}, and told by ` +
		"the tables as they are"];
	verdict(...VERDICTS[state], why);
	const bar = byId("bar"), part = told.over ? 100 : expected ?
	    Math.min(99, Math.round(100 * told.last / expected)) : 0;
	bar.hidden = told.over;
	bar.setAttribute("aria-valuenow", String(part));
	byId("bar-fill").style.width = `${part}%`;
	evidence.state(told, data.about);
	if (told.over)
		document.documentElement.dataset.verdict = state;
	pageHeads();
};

/* --- what is read --- */
let overview, life, evidence;
const sections = new Map();

const openById = id => {
	const g = data.changes.get;
	const row = data.changes.grid?.rows.find(r => g.change(r) === id);
	if (row)
		life.open(row);
	return Boolean(row);
};

/* A row of another table: the change it is about, else the row itself. */
const openRow = (name, table, row) => {
	const at = table.columns.indexOf("change");
	if (!(at >= 0 && row[at] && openById(row[at])))
		life.openRow(name, table, row);
};

const takeTable = (name, table, text) => {
	if (name === "changes") {
		data.changes.add(table);
		if (!data.firstTable)
			data.firstTable = performance.now();
	} else if (name === "attributes") {
		const at = table.columns.indexOf("change");
		for (const row of table.rows)
			addTo(data.attributeAt, row[at], data.attributes.length);
		data.attributes.push(text);
	}
	const own = data.tables.get(name);
	if (name !== "attributes" && name !== "changes") {
		if (own)
			for (const row of table.rows)
				own.rows.push(row);
		else
			data.tables.set(name, table);
	}
	drawSoon();
};

const addTo = (map, key, value) => {
	const list = map.get(key);
	if (!list)
		map.set(key, [value]);
	else if (list.at(-1) !== value)
		list.push(value);
};

const blockOf = el => ({...contentOf(el), tag: [...el.attributes]
    .filter(a => a.name !== "data-sum")
    .map(a => `${a.name}="${a.value}"`).join(" ")});

const contentOf = el => {
	const sum = el.dataset.sum, text = el.textContent;
	const name = el.dataset.name ?? el.id;
	if (el.id === "end")
		return {kind: "end", text};
	if (el.id === "about")
		return {kind: "about", what: "about.json", sum, text};
	if (el.className === "table")
		return {kind: "table", name, what: `a part of ${name}`, sum,
		    text};
	if (el.className === "text")
		return {kind: "text", name, what: name, sum, text};
	const first = Number(el.dataset.first), n = Number(el.dataset.count);
	return {kind: "records", first, count: n, sum, text,
	    what: `the block of records ${first} to ${first + n - 1}`};
};

const takeBlock = block => {
	checker(block);
	try {
		if (block.kind === "about") {
			data.about = JSON.parse(block.text);
			overview.head(data.about);
		} else if (block.kind === "table")
			takeTable(block.name, JSON.parse(block.text),
			    block.text);
	} catch {
		/* The checker says what is wrong with it. */
	}
};

const BLOCKS = "script[data-sum], #end";

/* A block is whole when something stands behind it. */
const readBlocks = last => {
	for (const el of document.querySelectorAll(BLOCKS)) {
		if (!last && !el.nextElementSibling)
			break;
		takeBlock(blockOf(el));
		el.remove();
	}
};

let drawing = 0;
const drawSoon = () => {
	drawing ||= setTimeout(() => {
		drawing = 0;
		overview.draw(false);
	}, 60);
};

const showTables = () => {
	const exceptions = data.tables.get("exceptions");
	const at = exceptions?.columns.indexOf("change") ?? -1;
	if (at >= 0)
		data.changes.flag(exceptions.rows.map(r => r[at])
		    .filter(Boolean));
	for (const [name, {host, count: counted}] of sections) {
		const table = data.tables.get(name);
		if (table) {
			host.grid = gridOf(name, table, openRow);
			host.append(host.grid.el);
			counted.textContent = number(table.rows.length);
		} else
			host.append(h("p", {className: "nothing"},
			    `${SECTIONS[name].name}: not part of this pack.`));
	}
};

const layOut = () => {
	const main = byId("main"), nav = [["overview", "Overview"],
		["changes", "Changes"]];
	for (const [name, {name: heading, about}] of Object.entries(SECTIONS)) {
		const {section, count: counted} = sectionOf(name, heading,
		    about);
		sections.set(name, {host: section, count: counted});
		main.append(section);
		nav.push([name, heading]);
	}
	const proof = sectionOf("evidence", "Evidence", "What your browser " +
	    "found out itself, from the records in this file. It asked nobody.");
	evidence = new Evidence(proof.section, ask);
	const limits = sectionOf("not-covered", "What this does not show");
	main.append(proof.section, limits.section);
	nav.push(["evidence", "Evidence"], ["not-covered", "Limits"]);
	byId("nav").append(...nav.map(([id, name]) => h("li", {},
	    h("a", {href: `#${id}`}, name))));
	return limits.section;
};

/* --- paper: the head of each page says what it is and whether it holds --- */
const quoted = text => `"${text.replace(/[^\x20-\x7e\u00a0-\u024f]/g, "?")
    .replace(/["\\]/g, "\\$&")}"`;
const heads = new CSSStyleSheet();
const pageHeads = () => {
	const {origin = "foureyes", period, record} = data.about;
	const word = latest ? VERDICTS[latest.state]?.[1] ?? "Not checked" :
	    "Not checked";
	const left = `${origin}  ${day(period?.from)} to ${day(period?.to)}` +
	    `  as of record ${record ?? "?"}`;
	heads.replaceSync(`@page { @top-left { content: ${quoted(left)}; }
	@top-right { content: ${quoted(word)}; }
	@bottom-right { content: counter(page) " / " counter(pages); } }`);
};

const onPaper = on => {
	for (const grid of [data.changes.grid,
	    ...[...sections.values()].map(s => s.host.grid)])
		grid?.print(on);
};

/* Damaged data may break one part of the page, never the next one. */
const attempt = step => {
	try {
		step();
	} catch (e) {
		byId("warnings").append(h("p", {className: "warning bad"},
		    mark("bad", "A part of this page cannot be shown: ",
		    line(e.message))));
	}
};

const start = () => {
	document.adoptedStyleSheets = [heads];
	verdict(...VERDICTS.wait, ["reading"]);
	checker = startChecker();
	const limits = layOut();
	data.changes = new Changes(byId("changes"), row => life.open(row));
	overview = new Overview(data);
	life = new Life(byId("life"), data, ask);
	addEventListener("beforeprint", () => onPaper(true));
	addEventListener("afterprint", () => onPaper(false));
	/* Only the page of foureyesd has that part, and no blocks of its own. */
	if (typeof Live !== "undefined")
		new Live(answer => {
			for (const el of answer.querySelectorAll(BLOCKS))
				takeBlock(blockOf(el));
			finish(limits);
		}).start();
	else
		readOwn(() => finish(limits));
};

/* The blocks of this very file, as they come. */
const readOwn = then => {
	let looking = true;
	const look = () => {
		if (!looking)
			return;
		readBlocks(false);
		setTimeout(look, 15);
	};
	look();
	document.addEventListener("DOMContentLoaded", () => {
		looking = false;
		readBlocks(true);
		then();
	});
};

const finish = limits => {
	checker({kind: "finish"});
	if (!data.changes.grid)
		data.changes.host.append(h("p", {className: "nothing"},
		    "There is no table of changes in this page."));
	for (const step of [showTables, () => overview.draw(true),
	    () => notCovered(limits, data.about), foot])
		attempt(step);
	document.documentElement.dataset.read = "yes";
	document.documentElement.dataset.firstTable =
	    String(Math.round(data.firstTable ?? 0));
	const m = /^#change=(.*)$/.exec(location.hash);
	if (m)
		openById(decodeURIComponent(m[1]));
};

const foot = () => byId("foot").append(h("p", {},
    "Made by foureyes. Times are UTC. Names, texts and times are as the " +
    "records have them; characters that cannot be seen are written as ",
    h("code", {}, "\\u{...}"), "."));

start();
