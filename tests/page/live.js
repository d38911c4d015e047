/*
 * The page that foureyesd serves, in a real browser:
 *
 *	node live.js ADDRESS TOKEN-FILE WANTED-FILE
 *
 * WANTED-FILE is JSON: `change` and, of its life, texts that must be `told`;
 * `count`, how many changes there are; `state`, the verdict that is due.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const {check, equal, start, verdict, violations, finish, out} =
    require("./browser.js");

const [address, tokenFile, wantedFile] = process.argv.slice(2);
const token = fs.readFileSync(tokenFile, "utf8").trim();
const wanted = JSON.parse(fs.readFileSync(wantedFile, "utf8"));

const tab = async browser => {
	const context = await browser.newContext({
		viewport: {width: 1280, height: 900}});
	const page = await context.newPage();
	page.errors = [];
	page.asked = [];
	page.on("pageerror", e => page.errors.push(e.message));
	page.on("console", m => m.type() === "error" &&
	    page.errors.push(m.text()));
	page.on("request", r => page.asked.push(r));
	return page;
};

const axe = async (page, where) => check(`axe finds nothing ${where}`,
    ...(f => [f.length === 0, f.join("\n")])(await violations(page)));

const open = async (page, word) => {
	await page.fill("#token", word);
	await page.click("button:text-is('Open')");
};

const door = async page => {
	await page.goto(address);
	await page.waitForSelector("#token");
	check("nothing is shown without a token",
	    !await page.isVisible("#main") && !await page.isVisible(".nav"));
	equal("and nothing asked for", page.asked.map(r => r.url())
	    .filter(url => url.includes("/api")), []);
	await axe(page, "at the door");
	await page.screenshot({path: path.join(out, "live-door.png")});
	await open(page, "x".repeat(40));
	await page.waitForSelector("#token-said:has-text('opens nothing')");
	check("a wrong token opens nothing", !await page.isVisible("#main"));
	equal("and is not kept", await page.evaluate(
	    () => sessionStorage.length), 0);
	/* The browser itself tells of the 401. */
	page.errors = page.errors.filter(e => !/401/.test(e));
};

const secret = async page => {
	check("the token is in no address", page.asked.every(
	    r => !r.url().includes(token)) && !page.url().includes(token));
	equal("it is kept for this tab alone", await page.evaluate(
	    word => [Object.values(sessionStorage).includes(word),
		localStorage.length, document.cookie], token), [true, 0, ""]);
	check("only foureyesd was asked", page.asked.every(
	    r => r.url().startsWith(address) || r.url().startsWith("blob:")),
	    page.asked.map(r => r.url()).join("\n"));
};

const shows = async page => {
	await open(page, token);
	const {state, steps, text} = await verdict(page);
	equal("what was found is what is due", state, wanted.state);
	check("records were hashed here", /records/.test(text), text);
	check("the tables say what the records say, and lack nothing",
	    (await page.$$eval(".steps li", list => list.map(
		li => li.className))).filter(c => c === "bad").length === 0,
	    steps);
	equal("all changes are there", await page.innerText(".said"),
	    wanted.count === 1 ? "1 change" : `${wanted.count} changes`);
	await axe(page, "on the live page");
	await page.screenshot({path: path.join(out, "live.png")});
	await secret(page);
};

const life = async page => {
	await page.goto(`${address}/#change=${encodeURIComponent(
	    wanted.change)}`);
	await page.reload();
	await verdict(page);
	await page.waitForSelector("#life .life > li");
	const text = await page.innerText("#life");
	for (const one of wanted.told)
		check(`its life tells: ${one}`, text.includes(one), text);
	await axe(page, "in a life");
	await page.screenshot({path: path.join(out, "live-life.png")});
	await page.keyboard.press("Escape");
};

const leaves = async page => {
	await page.selectOption("#days", "7");
	await page.waitForURL(/days=7/);
	await verdict(page);
	equal("another period is asked for", await page.inputValue("#days"),
	    "7");
	await page.click("button:text-is('Forget the token')");
	await page.waitForSelector("#token", {state: "visible"});
	equal("the token is forgotten", await page.evaluate(
	    () => sessionStorage.length), 0);
	equal("the script complains of nothing", page.errors, []);
};

(async () => {
	const page = await tab(await start());
	try {
		await door(page);
		await shows(page);
		await life(page);
		await leaves(page);
	} catch (e) {
		check("the page was looked at", false, e.stack);
	}
	await finish();
})();
