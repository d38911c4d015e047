/*
 * The page as foureyesd serves it: the data come from /api, for whoever has a
 * reader's token.  It is kept for this tab alone, and sent in a header only.
 */
const TOKEN = "foureyes-token";
const PERIODS = [7, 30, 90, 365];

class Live {
	constructor(opened) {
		this.opened = opened;
		this.input = h("input", {type: "password", id: "token",
		    autocomplete: "off", spellcheck: false, required: true,
		    "aria-describedby": "token-said"});
		this.said = h("p", {id: "token-said", role: "status"});
		this.form = h("form", {on: {submit: e => {
			e.preventDefault();
			this.load(this.input.value.trim());
		    }}},
		h("div", {className: "tools"}, h("div", {className: "field"},
		    h("label", {htmlFor: "token"}, "Reader's token"),
		    this.input),
		h("button", {type: "submit", className: "plain"}, "Open")),
		this.said);
		this.door = h("main", {className: "door"}, this.form);
	}

	/* The page shows nothing but the door until it is open. */
	start() {
		this.show(false);
		byId("main").before(this.door);
		const kept = sessionStorage.getItem(TOKEN);
		if (kept)
			this.load(kept);
		else
			this.wait("Whoever runs foureyesd gives one to who " +
			    "may read.");
	}

	show(open) {
		for (const el of [byId("main"), document.querySelector(".nav"),
		    byId("verdict-more"), document.querySelector(".skip")])
			el.hidden = !open;
		this.door.hidden = open;
	}

	wait(text) {
		this.said.textContent = text;
		verdict("wait", "Not open", ["A reader's token opens this page."]);
		byId("verdict-word").textContent = "Not open";
		this.input.value = "";
		this.input.focus();
	}

	static days() {
		const asked = new URLSearchParams(location.search).get("days");
		return /^[1-9][0-9]{0,3}$/.test(asked ?? "") ? asked : "90";
	}

	async load(token) {
		/* What a header cannot hold is no token. */
		if (!/^[\x21-\x7e]+$/.test(token))
			return this.wait("That is no token.");
		this.said.textContent = "Asking\u2026";
		let answer, text;
		try {
			answer = await fetch(`/api/v1/page?days=${Live.days()}`, {
				headers: {Authorization: `Bearer ${token}`},
				credentials: "omit", redirect: "error",
				cache: "no-store"});
			text = await answer.text();
		} catch (e) {
			return this.wait(`foureyesd cannot be reached: ${e.message}`);
		}
		if (answer.status === 401) {
			sessionStorage.removeItem(TOKEN);
			return this.wait("That token opens nothing.");
		}
		if (!answer.ok)
			return this.wait(`foureyesd answered ${answer.status}: ` +
			    cut(text, 300));
		sessionStorage.setItem(TOKEN, token);
		this.show(true);
		this.tools();
		this.opened(new DOMParser().parseFromString(text, "text/html"));
	}

	/* Another period, once more, or out. */
	tools() {
		const days = Live.days();
		const chosen = PERIODS.includes(Number(days)) ? PERIODS :
		    [...PERIODS, Number(days)];
		const pick = h("select", {id: "days", on: {change: () => {
			location.search = `?days=${pick.value}`;
		}}}, chosen.map(n => h("option", {value: String(n),
		    selected: String(n) === days}, `${n} days`)));
		byId("main").prepend(h("div", {className: "tools live"},
		    h("div", {className: "field"},
		    h("label", {htmlFor: "days"}, "Newest"), pick),
		    h("button", {type: "button", className: "plain",
			on: {click: () => location.reload()}}, "Look again"),
		    h("button", {type: "button", className: "plain",
			on: {click: () => {
				sessionStorage.removeItem(TOKEN);
				location.reload();
			}}}, "Forget the token")));
	}
}
