/*
 * How things are shown: elements, texts that stay texts, times, numbers.
 *
 * Nothing told ever becomes markup: text goes in as text nodes, each in an
 * element of its own (bdi) so that its direction ends with it, and characters
 * that cannot be seen are written out.
 */
const byId = id => document.getElementById(id);

const h = (tag, props = {}, ...children) => {
	const el = document.createElement(tag);
	for (const [key, value] of Object.entries(props)) {
		if (value === undefined || value === null || value === false)
			continue;
		if (key === "on")
			for (const [name, act] of Object.entries(value))
				el.addEventListener(name, act);
		else if (key in el && key !== "list" && key !== "role" &&
		    !key.startsWith("aria"))
			el[key] = value;
		else
			el.setAttribute(key, value === true ? "" : value);
	}
	el.append(...children.flat(9).filter(c => c !== null &&
	    c !== undefined && c !== false));
	return el;
};

const SVG = "http://www.w3.org/2000/svg";
const svg = (tag, props = {}, ...children) => {
	const el = document.createElementNS(SVG, tag);
	for (const [key, value] of Object.entries(props))
		el.setAttribute(key, value);
	el.append(...children.flat(9).filter(c => c !== null));
	return el;
};

/* Controls, directions, the invisible; U+10FFxx stands for a byte. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\u{10ff00}-\u{10ffff}]/gu;

const writtenOut = c => {
	const n = c.codePointAt(0);
	return n >= 0x10ff00 ?
	    "\\x" + (n & 0xff).toString(16).toUpperCase().padStart(2, "0") :
	    `\\u{${n.toString(16).toUpperCase().padStart(4, "0")}}`;
};

const piecesOf = text => {
	const out = [];
	let at = 0;
	for (const m of text.matchAll(UNSEEN)) {
		if (m.index > at)
			out.push(text.slice(at, m.index));
		out.push(h("span", {className: "unseen"}, writtenOut(m[0])));
		at = m.index + m[0].length;
	}
	out.push(text.slice(at));
	return out;
};

/* Half of a pair of surrogates is not left behind by a cut. */
const cut = (text, most) => {
	const last = text.charCodeAt(most - 1);
	return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
};

/* One line of it, at most `most` characters. */
const line = (text, most = 240) => {
	const long = text.length > most;
	const one = (long ? cut(text, most) : text).replace(/[\t\n]+/g, " ");
	return h("bdi", {}, piecesOf(one), long && "\u2026");
};

/* All of it, of which much is shown on demand. */
const CLIP = 2000;
const whole = (text, tag = "div") => {
	const long = text.length > CLIP;
	const el = h(tag, {className: "text", dir: "auto"},
	    piecesOf(long ? cut(text, CLIP) : text));
	if (!long)
		return el;
	const more = h("button", {type: "button", className: "more", on: {
		click: () => {
			el.replaceChildren(...piecesOf(text));
			more.remove();
		},
	}}, `Show all ${number(text.length)} characters`);
	return h("div", {}, el, more);
};

const number = n => n.toLocaleString("en");
const plural = (n, one, many = one + "s") =>
    `${number(n)} ${n === 1 ? one : many}`;

/* An instant in UTC, to the minute or second; what is none stays as it is. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?(Z|\+00:00)$/;
const when = (text, seconds = false) => {
	const m = INSTANT.exec(text);
	return m ? h("time", {dateTime: text, title: text},
	    `${m[1]} ${m[2]}${seconds ? (m[3] ?? "").slice(0, 3) : ""}`) :
	    line(text);
};
const day = text => (/^\d{4}-\d{2}-\d{2}/.exec(text ?? "") ?? [""])[0];

/* A hash, short, with all of it for who points at it or copies it. */
const hash = text => /^[0-9a-f]{40,}$/.test(text) ?
    h("code", {className: "hash", title: text}, text.slice(0, 12)) :
    line(text);
const fullHash = text => h("code", {className: "hash full"}, text);

const duration = ms => {
	if (!(ms >= 0))
		return "";
	const minutes = ms / 60000;
	if (minutes < 1)
		return `${Math.round(ms / 1000)} s`;
	if (minutes < 90)
		return `${Math.round(minutes)} min`;
	if (minutes < 48 * 60)
		return `${+(minutes / 60).toFixed(1)} h`;
	return `${+(minutes / 1440).toFixed(1)} d`;
};

/* A word with a sign, so that colour alone never says it. */
const SIGNS = {good: "\u2713", amber: "!", bad: "\u2717", wait: "\u2026",
	plain: ""};
const mark = (state, ...text) => h("span", {className: `mark ${state}`},
    SIGNS[state] && h("span", {className: "sign", "aria-hidden": "true"},
    SIGNS[state]), text);

const OUTCOMES = {
	ADMITTED: ["plain", "admitted"],
	ADMITTED_AS_EMERGENCY: ["amber", "emergency"],
	REFUSED: ["bad", "refused"],
};
const outcome = text => OUTCOMES[text] ? mark(...OUTCOMES[text]) :
    text ? mark("bad", line(text)) : mark("bad", "no decision");

const RESULTS = {
	PASS: ["good", "pass"], FAIL: ["bad", "fail"],
	UNKNOWN: ["amber", "unknown"], NA: ["plain", "n/a"],
	MET: ["good", "met"], UNMET: ["bad", "unmet"],
	UNDECIDED: ["amber", "undecided"], NOT_ASKED: ["plain", "not asked"],
};
const result = text => RESULTS[text] ? mark(...RESULTS[text]) :
    mark("plain", line(text));

const ref = text => line(text.replace(/^refs\/(heads|tags)\//, ""));
const title = name => {
	const spaced = name.replace(/_/g, " ");
	return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
