/*
 * page.js JSON [ROUNDS] - seconds from the opening of the auditor's page over
 * 50,000 changes until its first rows stand there, in Chromium.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const work = fs.mkdtempSync("/tmp/foureyes-bench.");
process.env.TEST_DIR = work;
const pages = path.join(__dirname, "..", "page");
const {World} = require(path.join(pages, "world.js"));
const {write, start, open} = require(path.join(pages, "browser.js"));

const main = async () => {
	const taken = [];
	const file = write(new World({changes: 50000, lean: true}).pack());
	await start();
	for (let i = 0; i < Number(process.argv[3] || 3); i++) {
		const page = await open(file);
		await page.waitForSelector("#changes tbody .open");
		taken.push(await page.evaluate(() => performance.now()) / 1000);
		await page.context().close();
	}
	fs.writeFileSync(process.argv[2], JSON.stringify(
	    {figures: {"page.first_table.s": taken}}, null, 1) + "\n");
	console.log(`first rows of 50,000 changes after ${taken.map(
	    s => s.toFixed(2)).sort().join(", ")} s`);
};

main().then(() => 0, e => {
	console.error(e.stack);
	return 1;
}).then(status => {
	fs.rmSync(work, {recursive: true});
	process.exit(status);
});
