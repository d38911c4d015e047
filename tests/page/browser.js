/*
 * What the cases of page.js stand on: pages made of packs, a browser that
 * looks at them, TAP.
 */
"use strict";
const {spawnSync} = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
const built = path.join(root, "build", process.env.VARIANT ?? "release");
const out = path.join(root, "build", "page");
const work = process.env.TEST_DIR ?? fs.mkdtempSync("/tmp/foureyes-page.");
const modules = path.join(out, "node_modules");
const {chromium} = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"),
    "utf8");
const {lines} = require("./world.js");

let tests = 0, failed = 0;
const check = (what, fine, why = "") => {
	console.log(`${fine ? "ok" : "not ok"} ${++tests} - ${what}`);
	if (fine)
		return;
	failed++;
	console.log(String(why).replace(/^/gm, "# "));
};

const equal = (what, got, wanted) => check(what,
    JSON.stringify(got) === JSON.stringify(wanted),
    `is:     ${JSON.stringify(got)}\nshould: ${JSON.stringify(wanted)}`);

let pages = 0;
/* The page of a pack, as a file's name. */
const write = pack => {
	const name = path.join(work, `page-${++pages}.html`);
	const input = `${name}.in`;
	const fd = fs.openSync(input, "w"), all = lines(pack);
	for (let i = 0; i < all.length; i += 5000)
		fs.writeSync(fd, all.slice(i, i + 5000).join("\n") + "\n");
	fs.closeSync(fd);
	const made = spawnSync(path.join(built, "test", "page_writer"), [], {
		stdio: [fs.openSync(input, "r"), fs.openSync(name, "w"),
		    "inherit"]});
	fs.rmSync(input);
	if (made.status !== 0)
		throw new Error("the writer failed");
	return name;
};

let browser;
const start = async () => {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-dev-shm-usage",
		    "--disable-gpu"]});
	return browser;
};

/* A tab with the file open; everything it complains of is in `errors`. */
const open = async (file, options = {}) => {
	const context = await browser.newContext({
		viewport: {width: 1280, height: 900}, ...options});
	const page = await context.newPage();
	page.errors = [];
	page.asked = [];
	page.on("pageerror", e => page.errors.push(e.message));
	page.on("console", m => m.type() === "error" &&
	    page.errors.push(m.text()));
	page.on("request", r => page.asked.push(r.url()));
	if (options.before)
		await page.addInitScript(options.before);
	await page.goto(`file://${file}`, {waitUntil: "commit"});
	return page;
};

/* Waits for the answer; {state, text}. */
const verdict = async page => {
	await page.waitForSelector("html[data-verdict]",
	    {state: "attached", timeout: 60000});
	await page.waitForSelector("html[data-read]", {state: "attached"});
	return {state: await page.getAttribute("html", "data-verdict"),
		text: await page.innerText("#verdict"),
		steps: await page.innerText(".steps")};
};

/* The verdict on a pack or file, and no more; one tab serves them all. */
let judge;
const judged = async packOrFile => {
	const file = typeof packOrFile === "string" ? packOrFile :
	    write(packOrFile);
	if (judge)
		await judge.goto(`file://${file}`, {waitUntil: "commit"});
	else
		judge = await open(file);
	const found = await verdict(judge);
	if (file !== packOrFile)
		fs.rmSync(file);
	return found;
};

/* What axe-core finds, each in one line. */
const violations = async page => {
	await page.evaluate(axe);
	const {violations: found} = await page.evaluate(() =>
	    globalThis.axe.run(document, {runOnly: ["wcag2a", "wcag2aa",
		"wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}));
	return found.flatMap(v => v.nodes.map(n => `${v.id}: ` +
	    `${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]}`));
};

const finish = async () => {
	await browser?.close();
	console.log(`1..${tests}`);
	process.exitCode = failed ? 1 : 0;
};

module.exports = {check, equal, write, start, open, verdict, judged,
	violations, finish, out, work};
