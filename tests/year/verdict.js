/* verdict.js PAGE...: prints what each page finds of itself: good, bad, ... */
"use strict";
const {start, judged, open, verdict} = require("../page/browser.js");

(async () => {
	const browser = await start();
	if (process.argv[2] === "--picture") {
		const page = await open(process.argv[4], {
			viewport: {width: 1200, height: 1180}});
		await verdict(page);
		await page.screenshot({path: process.argv[3]});
	} else {
		for (const file of process.argv.slice(2))
			console.log((await judged(file)).state);
	}
	await browser.close();
})();
