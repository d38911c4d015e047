/*
 * A table of any length: only the rows in sight are in the document.
 *
 * It is searched, filtered and sorted; arrow keys go from row to row, Enter
 * opens one.  On paper all rows stand that the reader has chosen.
 */
const ROOMY = matchMedia("(min-width: 700px)");

class Grid {
	/*
	 * columns: {name, label, wide, show(row), text(row), num}; `open` is
	 * what a row does when it is chosen, or null.
	 */
	constructor({label, columns, open = null, empty}) {
		Object.assign(this, {label, columns, open, empty});
		this.rows = [];
		this.view = null; /* indices into rows; null: all, in order */
		this.keep = null; /* (row, i) => boolean */
		this.sorted = null; /* {column, down} */
		this.from = -1;
		this.to = -1;
		this.onchange = () => {};
		this.build();
	}

	build() {
		this.body = h("tbody", {role: "rowgroup"});
		this.heads = this.columns.map((c, i) => h("th",
		    {scope: "col", role: "columnheader",
			className: `${c.kind ?? ""}`,
			"aria-sort": "none"},
		    h("button", {type: "button", className: "sort",
			on: {click: () => this.sortBy(i)}}, c.label,
		    h("span", {className: "arrow", "aria-hidden": "true"}))));
		this.table = h("table", {role: "table"},
		    h("caption", {className: "unheard"}, this.label),
		    h("colgroup", {}, this.columns.map(c => h("col",
			{className: `w-${c.kind ?? "text"}`}))),
		    h("thead", {role: "rowgroup"},
		    h("tr", {role: "row"}, this.heads)), this.body);
		this.box = h("div", {className: "grid", tabIndex: 0,
		    role: "region", "aria-label": `Table: ${this.label}`, on: {
			scroll: () => this.soon(),
			keydown: e => this.key(e),
		    }}, this.table);
		/* On a phone a row is a card: wide cells, then two by two. */
		const wide = this.columns.filter(c => c.kind === "what").length;
		const rest = this.columns.filter(c => !c.desk).length - wide;
		this.card = 17 + 24 * (wide + Math.ceil(rest / 2));
		this.box.style.setProperty("--card-height", `${this.card}px`);
		this.nothing = h("p", {className: "nothing", hidden: true});
		this.el = h("div", {className: "grid-whole"}, this.box,
		    this.nothing);
		new ResizeObserver(() => this.soon()).observe(this.box);
		ROOMY.addEventListener("change", () => this.refresh());
	}

	get height() {
		return ROOMY.matches ? 37 : this.card;
	}

	get length() {
		return this.view ? this.view.length : this.rows.length;
	}

	rowAt(n) {
		return this.rows[this.view ? this.view[n] : n];
	}

	/* More rows, as they are read. */
	add(rows) {
		const before = this.rows.length;
		for (const row of rows)
			this.rows.push(row);
		if (this.sorted)
			this.later();
		else if (this.view)
			for (let i = before; i < this.rows.length; i++)
				if (this.keep(this.rows[i], i))
					this.view.push(i);
		this.from = -1;
		this.soon();
		this.onchange();
	}

	later() {
		clearTimeout(this.waiting);
		this.waiting = setTimeout(() => this.choose(this.keep), 200);
	}

	choose(keep) {
		this.keep = keep;
		let view = null;
		if (keep || this.sorted) {
			view = [];
			for (let i = 0; i < this.rows.length; i++)
				if (!keep || keep(this.rows[i], i))
					view.push(i);
		}
		if (this.sorted)
			this.sort(view);
		this.view = view;
		this.refresh();
		this.onchange();
	}

	sort(view) {
		const {column, down} = this.sorted;
		const {text, num} = this.columns[column];
		const keys = new Array(this.rows.length);
		for (const i of view)
			keys[i] = num ? Number(text(this.rows[i])) || 0 :
			    text(this.rows[i]);
		const sign = down ? -1 : 1;
		view.sort((a, b) => keys[a] < keys[b] ? -sign :
		    keys[a] > keys[b] ? sign : a - b);
	}

	/* Up, down, and back to the order of the log. */
	sortBy(i) {
		const now = this.sorted;
		if (now?.column !== i)
			this.sorted = {column: i, down: false};
		else
			this.sorted = now.down ? null : {column: i, down: true};
		this.heads.forEach((head, n) => head.setAttribute("aria-sort",
		    this.sorted?.column !== n ? "none" :
		    this.sorted.down ? "descending" : "ascending"));
		this.choose(this.keep);
	}

	refresh() {
		this.from = -1;
		this.box.scrollTop = Math.min(this.box.scrollTop,
		    this.length * this.height);
		this.draw();
	}

	soon() {
		if (this.drawing)
			return;
		this.drawing = true;
		requestAnimationFrame(() => {
			this.drawing = false;
			this.draw();
		});
	}

	draw() {
		if (this.printing)
			return;
		const tall = this.height, all = this.length;
		const seen = Math.ceil((this.box.clientHeight || 600) / tall);
		const top = Math.max(0,
		    Math.floor(this.box.scrollTop / tall) - 8);
		const end = Math.min(all, top + seen + 16);
		if (top === this.from && end === this.to)
			return;
		const focused = this.body.contains(document.activeElement) ?
		    document.activeElement.closest("tr")?.dataset.at : null;
		this.from = top;
		this.to = end;
		const made = [];
		for (let n = top; n < end; n++)
			made.push(this.draw1(n));
		this.body.replaceChildren(this.space(top * tall), ...made,
		    this.space((all - end) * tall));
		this.table.setAttribute("aria-rowcount", String(all + 1));
		this.nothing.hidden = all > 0;
		this.box.hidden = all === 0;
		if (all === 0)
			this.nothing.textContent = this.rows.length === 0 ?
			    this.empty : "Nothing fits what you ask for.";
		if (focused !== null && focused !== undefined)
			this.focus(Number(focused), false);
	}

	space(height) {
		const td = h("td", {colSpan: this.columns.length});
		const tr = h("tr", {className: "space", role: "presentation",
		    "aria-hidden": "true"}, td);
		td.style.height = `${height}px`;
		tr.hidden = height === 0;
		return tr;
	}

	draw1(n) {
		const row = this.rowAt(n);
		return h("tr", {role: "row", "aria-rowindex": String(n + 2),
		    "data-at": String(n),
		    className: `${n % 2 ? "odd" : ""}${this.open ?
			" opens" : ""}`,
		    on: this.open ? {click: e => {
			if (!e.target.closest("button, a") &&
			    !String(getSelection()))
				this.open(row);
		    }} : {}},
		this.columns.map(c => h("td", {role: "cell",
		    className: `${c.kind ?? ""}${c.desk ? " desk" : ""}`,
		    "data-label": c.label},
		c.opens && this.open ? h("button", {type: "button",
		    className: "open", on: {click: () => this.open(row)}},
		c.text(row) === "" ? "(none)" : c.show(row)) : c.show(row))));
	}

	focus(n, scroll = true) {
		if (n < 0 || n >= this.length)
			return;
		const tall = this.height;
		if (scroll) {
			const top = n * tall, box = this.box;
			const head = ROOMY.matches ? tall : 0;
			if (top < box.scrollTop)
				box.scrollTop = top;
			else if (top + tall + head > box.scrollTop +
			    box.clientHeight)
				box.scrollTop = top + tall + head -
				    box.clientHeight;
			this.draw();
		}
		this.body.querySelector(`tr[data-at="${n}"] .open`)
		    ?.focus({preventScroll: true});
	}

	key(e) {
		const at = Number(e.target.closest("tr")?.dataset.at ?? -1);
		const page = Math.max(1,
		    Math.floor(this.box.clientHeight / this.height) - 2);
		const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0,
			End: this.length - 1, PageDown: at + page,
			PageUp: at - page}[e.key];
		if (to === undefined || !this.open || e.ctrlKey || e.altKey)
			return;
		e.preventDefault();
		this.focus(Math.min(this.length - 1, Math.max(0, to)));
	}

	/* Paper takes all that is chosen. */
	print(on) {
		this.printing = on;
		if (!on)
			return this.refresh();
		const made = [];
		for (let n = 0; n < this.length; n++)
			made.push(this.draw1(n));
		this.body.replaceChildren(...made);
	}
}
