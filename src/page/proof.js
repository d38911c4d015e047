/*
 * The proof of one record: the hashes that lead from it to the sealed root.
 */
const showProof = answer => {
	if (answer.failed || answer.line === null)
		return h("p", {className: "soft"}, answer.failed ??
		    `Record ${answer.seq} is not in this page.`);
	const facts = h("dl", {className: "facts"},
	    fact("SHA-256 of the line", fullHash(answer.digest)),
	    fact("Leaf", fullHash(answer.leaf)));
	if (answer.why)
		return h("div", {}, facts, mark("amber",
		    `There is no proof: ${answer.why}.`));
	return h("div", {className: "proof"}, facts,
	    h("ol", {className: "path"}, answer.path.map(p => h("li", {},
		p.side === "left" ? "left of it " : "right of it ",
		fullHash(p.hash)))),
	    h("p", {}, "Root: ", fullHash(answer.root)),
	    h("p", {}, answer.holds ? mark("good", "This is the root of the " +
		`checkpoint over ${number(answer.size)} records.`) :
		mark("bad", "This is not the root of the checkpoint.")));
};

const proofButton = (seq, ask) => {
	const place = h("div", {"aria-live": "polite"});
	return h("div", {}, h("button", {type: "button", className: "more", on: {
		click: async () => place.replaceChildren(
		    showProof(await ask({what: "proof", seq}))),
	}}, "Show the proof"), place);
};

const STATES = {good: "yes", amber: "not provable", bad: "no",
	wait: "not looked at yet"};

class Evidence {
	constructor(host, ask) {
		this.steps = h("ul", {className: "steps"});
		this.key = h("div", {});
		const seq = h("input", {type: "text", inputMode: "numeric",
		    id: "record-number", pattern: "[0-9]{1,15}",
		    autocomplete: "off"});
		const place = h("div", {"aria-live": "polite"});
		const find = async e => {
			e.preventDefault();
			const n = Number(seq.value);
			if (!Number.isSafeInteger(n) || n < 1)
				return;
			const answer = await ask({what: "proof", seq: n});
			place.replaceChildren(showProof(answer),
			    answer.line ? rawRecord(answer.line) : "");
		};
		host.append(this.steps, this.key,
		    h("form", {className: "tools", on: {submit: find}},
		    h("div", {className: "field"}, h("label",
			{htmlFor: "record-number"}, "Record"), seq),
		    h("button", {type: "submit", className: "plain"},
			"Show it with its proof")), place);
	}

	state(told, about) {
		this.steps.replaceChildren(...Object.entries(STEP_NAMES).map(
		    ([key, name]) => {
			const step = told.steps[key];
			return h("li", {className: step.state},
			    mark(step.state, h("strong", {}, name), h("span",
			    {className: "unheard"}, `: ${STATES[step.state]}`)),
			    step.text && h("p", {}, line(step.text, 600)));
		    }));
		if (told.key && !this.fingerprint)
			this.showKey(told, about);
	}

	/* Whose seal it is, only the reader can tell. */
	showKey(told, about) {
		this.fingerprint = told.key;
		const answer = h("p", {role: "status"});
		const input = h("input", {type: "text", id: "fingerprint",
		    autocomplete: "off", spellcheck: false, on: {input: () => {
			const given = input.value.toLowerCase()
			    .replace(/[^0-9a-f]/g, "");
			answer.replaceChildren(given === "" ? "" :
			    given === told.key ?
			    mark("good", "It is this key.") :
			    given.length < 64 ?
			    mark("amber", `${given.length} of 64 digits.`) :
			    mark("bad", "It is another key: this page was " +
				"not sealed by whom you expect."));
		    }}});
		this.key.replaceChildren(h("h3", {}, "Whose seal it is"),
		    h("p", {}, "The seal shows that whoever holds this key " +
			"vouched for these records. That it is the right key " +
			"you can only learn elsewhere",
			about.published ? [": ", line(about.published)] : "",
			"."),
		    h("p", {}, fullHash(told.key)),
		    h("div", {className: "field wide"}, h("label",
			{htmlFor: "fingerprint"},
			"Fingerprint that you were given"), input), answer);
	}
}

const STEP_NAMES = {
	whole: "The file is whole, as it was written",
	chain: "Each record names the one before it",
	root: "The records are those that were sealed",
	signature: "The seal holds",
	rows: "The tables say what the records say",
	complete: "Nothing in the records is missing from the tables",
};
