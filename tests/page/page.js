/*
 * The auditor's page in a real browser: what it shows, what it proves, what
 * turns it red.
 */
"use strict";
const {spawnSync} = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const {World, CHANGES, sha256} = require("./world.js");
const {check, equal, write, start, open, verdict, judged, violations, finish,
	out, work} = require("./browser.js");

const world = options => new World({changes: 200, ...options});
const copy = pack => structuredClone(pack);
const column = name => CHANGES.indexOf(name);
const tableOf = (pack, name) => pack.tables.find(t => t[0] === name)[2];

const looks = async (file, pack) => {
	const page = await open(file);
	const {state, text} = await verdict(page);
	equal("an unaltered page is green", state, "good");
	check("and says how many records were hashed",
	    text.includes(`${pack.records.length} records`), text);
	equal("the script complains of nothing", page.errors, []);
	equal("nothing was asked of any network",
	    page.asked.filter(url => !/^(file|blob):/.test(url)), []);
	equal("each question has its answer", await page.$$eval(".steps li",
	    list => list.map(li => li.className)), Array(6).fill("good"));
	const tiles = await page.$$eval(".tile .value",
	    list => list.map(t => t.textContent));
	equal("the figures are those of the tables", tiles, ["200",
	    ...["exceptions", "emergencies", "refusals"].map(
		name => String(tableOf(pack, name).length)), "100 %",
	    "In order"]);
	equal("three plots", await page.locator("svg.plot").count(), 3);
	equal("a table without rows says so",
	    await page.innerText("#separation .nothing"),
	    "0: no pair of duties met in one person.");
	check("axe finds nothing on a desk", ...(f => [f.length === 0,
	    f.join("\n")])(await violations(page)));
	await page.screenshot({path: path.join(out, "desktop.png")});
	await page.screenshot({path: path.join(out, "desktop-all.png"),
		fullPage: true});
	return page;
};

const shown = page => page.innerText(".said");
const firstCells = (page, kind) => page.$$eval(
    `#changes tbody tr:not(.space) td.${kind}`,
    list => list.slice(0, 3).map(td => td.textContent));

const finds = async (page, pack) => {
	const rows = tableOf(pack, "changes");
	const fees = rows.filter(r => r[column("description")] ===
	    "Lower the fee");
	await page.fill("#search", "LOWER fee");
	await page.waitForTimeout(300);
	equal("search finds words in any case", await shown(page),
	    `${fees.length} of 200 changes`);
	await page.selectOption("#pick-repository", "payments");
	equal("a filter narrows it", await shown(page), `${fees.filter(r =>
	    r[column("repository")] === "payments").length} of 200 changes`);
	await page.fill("#search", "nothing like this");
	await page.waitForTimeout(300);
	equal("nothing found is said",
	    await page.innerText("#changes .nothing"),
	    "Nothing fits what you ask for.");
	await page.click("text=Clear");
	await page.waitForTimeout(100);
	equal("all of it again", await shown(page), "200 changes");
	await page.check("#pick-only");
	equal("only those with exceptions", await shown(page),
	    `${tableOf(pack, "exceptions").filter(r => r[0]).length} of 200 ` +
	    "changes");
	await page.uncheck("#pick-only");
	await page.fill("#pick-since", "2026-06-01");
	const late = rows.filter(r => r[1] >= "2026-06-01").length;
	equal("from a day on", await shown(page), `${late} of 200 changes`);
	await page.fill("#pick-since", "");
	const heading = page.locator("#changes th.when .sort");
	await heading.click();
	await heading.click();
	equal("sorted, newest first", (await firstCells(page, "when"))[0],
	    rows.at(-1)[1].slice(0, 16).replace("T", " "));
	equal("and a screen reader is told", await page.getAttribute(
	    "#changes th.when", "aria-sort"), "descending");
	await heading.click();
};

const opens = async (page, pack) => {
	const rows = tableOf(pack, "changes");
	await page.focus("#changes tbody .open");
	for (let i = 0; i < 40; i++)
		await page.keyboard.press("ArrowDown");
	equal("arrow keys go down the rows, out of sight too",
	    await page.evaluate(() => document.activeElement.closest("tr")
		?.getAttribute("aria-rowindex")), "42");
	await page.keyboard.press("Enter");
	await page.waitForSelector("#life .life > li");
	const text = await page.innerText("#life");
	const row = rows[40];
	check("a change opens with who did what", row[column("emergency")] !==
	    "" && [row[column("requester")], row[column("new")],
	    row[column("emergency")], "pushed 1 commit", "Landed on main",
	    "as an emergency"].every(t => text.includes(t)), text);
	await page.click("#life .life > li:last-child summary");
	check("its record stands there as it is", (await page.innerText(
	    "#life .life pre")).includes(`"decision": ${row[
	    column("decision_seq")]}`));
	await page.click("#life .life > li:last-child button.more");
	await page.waitForSelector("#life .proof");
	check("and is proved", (await page.innerText("#life .proof")).includes(
	    "This is the root of the checkpoint"));
	check("axe finds nothing in it", ...(f => [f.length === 0,
	    f.join("\n")])(await violations(page)));
	await page.screenshot({path: path.join(out, "life.png")});
	await page.keyboard.press("Escape");
	equal("Escape closes it", await page.locator("#life[open]").count(), 0);
	equal("and the row has the keyboard again", await page.evaluate(
	    () => document.activeElement.className), "open");
	await page.click("#refusals .open >> nth=0");
	await page.waitForSelector("#life pre");
	check("any other row opens with its record", (await page.innerText(
	    "#life pre")).includes("\"outcome\": \"REFUSED\""));
	await page.keyboard.press("Escape");
	await page.fill("#fingerprint", "00".repeat(32));
	check("another fingerprint is another key", (await page.innerText(
	    "#evidence")).includes("another key"));
	const raw = crypto.createPublicKey(pack.texts["seal-pub"])
	    .export({format: "der", type: "spki"});
	await page.fill("#fingerprint", sha256(raw).toString("hex")
	    .replace(/(..)/g, "$1:"));
	check("the right one is recognised, however it is written",
	    (await page.innerText("#evidence")).includes("It is this key"));
};

const sizes = async file => {
	for (const [name, options] of [
		["phone", {viewport: {width: 360, height: 780}, isMobile: true,
			hasTouch: true}],
		["phone-dark", {viewport: {width: 360, height: 780},
			colorScheme: "dark"}],
		["desktop-dark", {colorScheme: "dark"}],
	]) {
		const page = await open(file, options);
		await verdict(page);
		if (name !== "phone")
			check(`axe finds nothing: ${name}`, ...(f => [
			    f.length === 0, f.join("\n")])(
			    await violations(page)));
		equal(`nothing is wider than the screen: ${name}`,
		    await page.evaluate(() =>
			document.documentElement.scrollWidth <= innerWidth),
		    true);
		await page.screenshot({path: path.join(out, `${name}.png`),
			fullPage: name === "phone"});
		if (name === "phone") {
			await page.tap("#changes .open");
			await page.waitForSelector("#life .life > li");
			await page.screenshot({
				path: path.join(out, "phone-life.png")});
		}
		await page.context().close();
	}
};

const paper = async (file, pack) => {
	const page = await open(file);
	await verdict(page);
	const pdf = path.join(out, "print.pdf");
	await page.pdf({path: pdf, format: "A4", preferCSSPageSize: true});
	await page.context().close();
	const text = spawnSync("pdftotext", ["-layout", pdf, "-"],
	    {encoding: "utf8", maxBuffer: 1 << 28}).stdout;
	const sheets = text.split("\f").slice(0, -1);
	const rows = tableOf(pack, "changes");
	equal("paper has every change", rows.filter(r => !text.includes(
	    r[column("new")].slice(0, 12))).length, 0);
	check("each sheet says what it is of, whether it holds, and its number",
	    sheets.length > 3 && sheets.every((s, i) =>
		s.includes("example.com/books") &&
		s.includes("Evidence holds") &&
		s.includes(`${i + 1} / ${sheets.length}`)), sheets[1]);
	spawnSync("pdftoppm", ["-r", "70", "-png", "-l", "2", pdf,
		path.join(out, "print")]);
};

const HOSTILE = [
	"<script>window.hacked = 1</script>",
	"</script><img src=x onerror=\"window.hacked = 1\"><!--<script>",
	"\u202egnp.exe \u0007\u{10fffe}\u001b[31mred\u2028line \u200bzero",
	"\u05d0\u05d1\u05d2 (right to left) \u05d3",
	"=HYPERLINK(\"http://example.com\")",
	"&lt;b&gt; &amp;amp; ${7*7} {{7*7}}",
	"\u{1f4a9}".repeat(200),
];

const hostile = async () => {
	const long = "A long tale. ".repeat(80000);
	const pack = world({changes: 60, odd: [...HOSTILE.map(
	    subject => ({subject})), {subject: "Tale", description: long}]})
	    .pack();
	pack.about.title = HOSTILE[1];
	pack.about.not_covered = [HOSTILE[0]];
	const page = await open(write(pack));
	const {state} = await verdict(page);
	equal("hostile texts leave it green", [state, page.errors],
	    ["good", []]);
	const told = await page.innerText("#changes tbody");
	equal("markup in a text stays text", [await page.evaluate(
	    () => window.hacked ?? null), told.includes(HOSTILE[0]),
	    told.includes(HOSTILE[5]), await page.locator("img").count()],
	    [null, true, true, 0]);
	check("what cannot be seen is written out",
	    told.includes("\\u{202E}gnp.exe") && told.includes("\\u{2028}") &&
	    told.includes("\\xFE") &&
	    !/[\u0000\u001b\u202e\u2028\u200b]/.test(told), told);
	await page.fill("#search", "tale");
	await page.waitForTimeout(300);
	await page.click("#changes .open");
	await page.waitForSelector("#life .life > li");
	check("much text is clipped", (await page.innerText("#life")).length <
	    30000);
	await page.click("#life button.more >> nth=0");
	check("and shown when asked for", (await page.innerText("#life"))
	    .length > 1000000);
	await page.context().close();
};

/* What somebody does to a pack before the page is written of it. */
const spoilLine = (pack, n, from, to) => {
	const changed = pack.records[n][1].replace(from, to);
	if (changed === pack.records[n][1])
		throw new Error("nothing was changed");
	pack.records[n][1] = changed;
};
const spoilCell = (pack, table, row, at, cell) => {
	tableOf(pack, table)[row][at] = cell;
};
const decisionOf = (pack, row) =>
    Number(tableOf(pack, "changes")[row][column("decision_seq")]) -
    pack.records[0][0];

const FORGERIES = [
	["one byte of a record", p => spoilLine(p, 20, "}", "} "),
	    p => p.records[20][0]],
	["a record's approver", p => spoilLine(p, decisionOf(p, 7),
	    /"person":"[a-z]+","commit"/, "\"person\":\"trudy\",\"commit\""),
	    p => decisionOf(p, 7) + p.records[0][0]],
	["the newest record", p => spoilLine(p, p.records.length - 1,
	    "after", "later")],
	["a record's number", p => spoilLine(p, 30, `"seq":${p.records[30][0]}`,
	    `"seq":${p.records[30][0] + 1}`), p => p.records[30][0]],
	["two records that changed places", p => {
		const [a, b] = [p.records[40][1], p.records[41][1]];
		p.records[40][1] = b;
		p.records[41][1] = a;
	}, p => p.records[40][0]],
	["a record taken away", p => p.records.splice(50, 1)],
	["the first records taken away", p => p.records.splice(0, 10)],
	["the last records taken away", p => p.records.splice(-10)],
	["the checkpoint's root", p => {
		p.texts.checkpoint = p.texts.checkpoint.replace(
		    /\n[A-Za-z0-9+/]{4}/, "\nAAAA");
	}],
	["the checkpoint's signature", p => {
		p.texts.checkpoint = p.texts.checkpoint.replace(
		    /(.)(.{6})\n$/, (_, c, end) =>
			`${c === "A" ? "B" : "A"}${end}\n`);
	}],
	["the checkpoint's count", p => {
		p.texts.checkpoint = p.texts.checkpoint.replace(
		    /\n(\d+)\n/, (_, n) => `\n${Number(n) - 1}\n`);
	}],
	["another key", p => {
		p.texts["seal-pub"] = crypto.generateKeyPairSync("ed25519")
		    .publicKey.export({format: "pem", type: "spki"});
	}],
	["a subtree of the range", p => {
		p.texts.range = p.texts.range.replace(/[0-9a-f]{8}\n/,
		    "00000000\n");
	}],
	["another ledger's checkpoint", p => {
		p.about.origin = "example.com/other";
	}],
	...["change", "time", "repository", "gate", "ref", "old", "new",
		"requester", "contributors", "approvers", "approved_commits",
		"description", "emergency", "outcome", "findings", "lander",
		"policy", "decided", "approved_times", "mode", "rollback_plan",
		"staging", "includes", "deployed"].map(name => [
		`a row's ${name}`, p => {
			const cell = tableOf(p, "changes")[3][column(name)];
			spoilCell(p, "changes", 3, column(name), /^\d{4}-/
			    .test(cell) ? cell.replace(/^2026/, "2025") :
			    name === "findings" ? "peer.none" :
			    name === "approvers" ? "trudy" : cell + "x");
		}]),
	["a deployment that nobody told of", p => {
		const row = tableOf(p, "changes")[3];
		spoilCell(p, "changes", 3, column("deployed"),
		    row[column("time")]);
	}],
	["a row that names another decision", p => {
		const rows = tableOf(p, "changes");
		spoilCell(p, "changes", 3, column("decision_seq"),
		    rows[4][column("decision_seq")]);
	}],
	["a change left out", p => tableOf(p, "changes").splice(9, 1)],
	["a change that stands there twice", p => tableOf(p, "changes")
	    .push(tableOf(p, "changes")[5])],
	["an emergency left out", p => tableOf(p, "emergencies").pop()],
	["a deployment left out", p => tableOf(p, "deployments").pop()],
	["a drift that is no exception", p => tableOf(p, "exceptions").pop()],
	["a refusal left out", p => tableOf(p, "refusals").splice(1, 1)],
	["a refusal's repository", p => spoilCell(p, "refusals", 0, 1, "none")],
];

const forgeries = async pack => {
	for (const [what, spoil, wanted] of FORGERIES) {
		const spoilt = copy(pack);
		spoil(spoilt);
		const {state, text} = await judged(spoilt);
		const seq = typeof wanted === "function" && wanted(pack);
		check(`red: ${what}`, state === "bad" && (!seq ||
		    text.includes(`Record ${seq} is the first`)),
		    `${state}: ${text}`);
	}
};

/* Whoever changes the file itself, and not what it is made of. */
const damages = async file => {
	const whole = fs.readFileSync(file);
	const begin = whole.indexOf("<script type=");
	const name = path.join(work, "damaged.html");
	const blocks = [...whole.toString("latin1").matchAll(
	    /<script type="[^>]*>/g)].map(m => m.index);
	const places = [...blocks.map(at => whole.indexOf(">", at) + 9),
		...blocks.slice(0, 6).map(at => whole.indexOf("data-sum", at) +
		    12), whole.length - 60];
	for (let i = 0; i < 12; i++)
		places.push(begin + Math.floor((whole.length - begin - 30) *
		    (i + .37) / 12));
	const passed = [];
	for (const at of places) {
		const spoilt = Buffer.from(whole);
		spoilt[at] = spoilt[at] === 0x41 ? 0x42 : 0x41;
		fs.writeFileSync(name, spoilt);
		const {state} = await judged(name);
		if (state !== "bad")
			passed.push(`byte ${at}: ${state}: ${whole.subarray(
			    at - 30, at + 30)}`);
	}
	check(`red: any of ${places.length} bytes of the data`,
	    passed.length === 0, passed.join("\n"));
	fs.writeFileSync(name, whole.subarray(0, whole.length * .9));
	equal("red: a file cut short", (await judged(name)).state, "bad");
	const script = whole.indexOf("Evidence holds");
	const spoilt = Buffer.from(whole);
	spoilt[script] = 0x45 ^ 1;
	fs.writeFileSync(name, spoilt);
	const page = await open(name);
	await page.waitForTimeout(300);
	check("a changed script is not run, and nothing is said to hold",
	    (await page.innerText("#verdict")).includes("Not checked"));
	await page.context().close();
};

const doubts = async pack => {
	const newest = world().pack({size: pack.records.at(-1)[0] - 20});
	const half = await judged(newest);
	check("amber: records that are newer than the checkpoint",
	    half.state === "amber" && half.text.includes("not sealed yet"),
	    half.text);
	for (const [what, first, last] of [["early", 30, 0],
	    ["late", 0, 30]]) {
		const cut = world();
		cut.first += first;
		cut.last -= last;
		cut.cut();
		const found = await judged(cut.pack());
		check(`amber: ${what} records left out with their rows`,
		    found.state === "amber" &&
		    found.steps.includes("cannot be told"), found.steps);
	}
	const none = copy(pack);
	none.texts = {};
	equal("amber: no checkpoint", (await judged(none)).state, "amber");
	const scoped = copy(pack);
	scoped.about.scope = {repositories: ["payments"]};
	for (const name of ["changes", "refusals"]) {
		const table = scoped.tables.find(t => t[0] === name);
		const at = table[1].indexOf("repository");
		table[2] = table[2].filter(r => r[at] === "payments");
	}
	equal("green: a pack of one repository lacks the others' rows",
	    (await judged(scoped)).state, "good");
	const elsewhere = copy(pack);
	spoilCell(elsewhere, "changes", 0, column("decision_seq"), "3");
	spoilCell(elsewhere, "changes", 0, column("landing_seq"), "");
	check("not green: a row that rests on a record elsewhere",
	    (await judged(elsewhere)).state !== "good");
	const empty = new World({changes: 0}).pack();
	const page = await open(write(empty));
	equal("green: a period without changes", (await verdict(page)).state,
	    "good");
	const said = await page.innerText("#main");
	check("and each nought is said", said.includes("No change landed") &&
	    said.includes("0: no emergency change landed"), said);
	await page.context().close();
};

/* Browsers that lack something. */
const lacking = async file => {
	const plain = await open(file, {before: () => {
		delete globalThis.Worker;
		Object.defineProperty(crypto, "subtle", {value: undefined});
	}});
	equal("without workers and WebCrypto: green by its own arithmetic",
	    [(await verdict(plain)).state, (await plain.innerText(".steps"))
		.includes("this page's own arithmetic")], ["good", true]);
	await plain.context().close();
	const poor = await open(file, {before: () => {
		delete globalThis.Worker;
		delete globalThis.DecompressionStream;
	}});
	const {state, text} = await verdict(poor);
	check("a browser that cannot unpack says so, and is not green",
	    state === "amber" && text.includes("cannot"), text);
	await poor.context().close();
	const dull = await open(file, {javaScriptEnabled: false});
	check("without scripts nothing is said to hold",
	    (await dull.innerText("#verdict")).includes("Not checked"));
	await dull.context().close();
};

const warnings = async pack => {
	const doubtful = copy(pack);
	doubtful.about.verify.unaltered = {is: "no",
		why: "record 14 does not follow record 13"};
	doubtful.about.incomplete = true;
	const page = await open(write(doubtful));
	await verdict(page);
	const text = await page.innerText("body");
	check("what was found wrong when it was made stands at the top",
	    text.includes("not unaltered: record 14") &&
	    text.includes("Incomplete") && text.includes("Not unaltered"));
	await page.context().close();
};

const load = async () => {
	const file = write(new World({changes: 50000, lean: true}).pack());
	const page = await open(file);
	await page.waitForSelector("#changes tbody .open");
	const first = await page.evaluate(() => Math.round(performance.now()));
	await page.waitForSelector("html[data-read]", {state: "attached",
		timeout: 60000});
	equal("50,000 changes are all there", await shown(page),
	    "50,000 changes");
	const inside = await page.locator("#changes tbody tr").count();
	check("of which the document holds those in sight", inside < 120,
	    inside);
	const took = await page.evaluate(async () => {
		const grid = document.querySelector("#changes .grid");
		const begun = performance.now();
		grid.scrollTop = grid.scrollHeight;
		await new Promise(done => requestAnimationFrame(() =>
		    requestAnimationFrame(done)));
		return Math.round(performance.now() - begun);
	});
	const last = await page.getAttribute(
	    "#changes tbody tr:not(.space):nth-last-child(2)",
	    "aria-rowindex");
	equal("the last is reached by scrolling", last, "50001");
	await page.fill("#search", "lower fee");
	await page.waitForTimeout(600);
	check("search goes through all of them",
	    /^4,\d\d\d of 50,000 changes$/.test(await shown(page)),
	    await shown(page));
	console.log(`# ${Math.round(fs.statSync(file).size / 1048576)} MiB; ` +
	    `first rows after ${first} ms, to the end in ${took} ms`);
	if (process.env.WHOLE)
		console.log(`# verdict ${(await verdict(page)).state} after ` +
		    `${await page.evaluate(() => Math.round(
			performance.now()))} ms`);
	await page.context().close();
};

/* How long each part took, for who wonders. */
const timed = async (what, part) => {
	const begun = Date.now();
	await part;
	console.log(`# ${what}: ${Date.now() - begun} ms`);
};

const main = async () => {
	await start();
	const pack = world().pack(), file = write(pack);
	fs.copyFileSync(file, path.join(out, "page.html"));
	const page = await looks(file, pack);
	await timed("finding", finds(page, pack));
	await timed("opening", opens(page, pack));
	await page.context().close();
	await timed("sizes", sizes(file));
	await timed("paper", paper(file, pack));
	await timed("hostile texts", hostile());
	await timed("forgeries", forgeries(world({changes: 60}).pack()));
	await timed("damages", damages(write(world({changes: 20}).pack())));
	await timed("doubts", doubts(pack));
	await timed("lacking", lacking(file));
	await timed("warnings", warnings(pack));
	await timed("load", load());
};

main().catch(e => check("the tests went through", false, e.stack))
    .finally(finish);
