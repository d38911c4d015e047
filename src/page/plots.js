/*
 * Plots over time, drawn here as SVG.  Each has its numbers as a table too.
 */
const PLOT = {width: 360, height: 150, left: 54, right: 8, top: 10, bottom: 22};

/* A week or a month each, so that there are some twenty of them. */
const bucketsOf = (from, to) => {
	const weekly = to - from < 190 * 86400000;
	const out = [];
	let at = new Date(from);
	at.setUTCHours(0, 0, 0, 0);
	if (!weekly)
		at.setUTCDate(1);
	while (at.getTime() < to && out.length < 400) {
		const next = new Date(at);
		if (weekly)
			next.setUTCDate(next.getUTCDate() + 7);
		else
			next.setUTCMonth(next.getUTCMonth() + 1);
		out.push({from: at.getTime(), to: next.getTime(),
		    label: at.toISOString().slice(0, weekly ? 10 : 7)});
		at = next;
	}
	return {weekly, list: out};
};

const bucketAt = (list, time) => {
	let low = 0, high = list.length - 1;
	if (!list.length || !(time >= list[0].from) || time >= list[high].to)
		return -1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (list[middle].from <= time)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
};

/* A round number at or above n, and where lines are drawn below it. */
const scaleOf = n => {
	if (!(n > 0))
		return {top: 1, lines: [0, 1]};
	const power = 10 ** Math.floor(Math.log10(n));
	const top = [1, 2, 4, 5, 10].map(k => k * power).find(t => t >= n);
	return {top, lines: [0, top / 2, top]};
};
/* Of things that are counted there is no half. */
const scaleOfCounts = n => scaleOf(Math.max(4, n));

const quantile = (sorted, q) => sorted.length === 0 ? null :
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

const frame = ({label, buckets, scale, unit, draw}) => {
	const {width, height, left, right, top, bottom} = PLOT;
	const inner = {width: width - left - right,
	    height: height - top - bottom};
	const step = inner.width / Math.max(1, buckets.length);
	const x = i => left + i * step;
	const y = v => top + inner.height * (1 - v / scale.top);
	const named = buckets.length < 3 ? buckets.map((_, i) => i) :
	    [0, Math.floor((buckets.length - 1) / 2), buckets.length - 1];
	return svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img",
	    "aria-label": label, class: "plot"},
	scale.lines.map(v => [
	    svg("line", {x1: left, x2: width - right, y1: y(v), y2: y(v),
		class: "rule"}),
	    svg("text", {x: left - 6, y: y(v) + 3.5, class: "tick end"},
		unit(v))]),
	draw({x, y, step}),
	named.map((i, n) => svg("text", {
	    x: n === 0 ? x(0) : n === named.length - 1 ? width - right :
		x(i) + step / 2,
	    y: height - 6,
	    class: `tick ${["start", "middle", "end"][
		n === named.length - 1 && n > 0 ? 2 : n]}`},
	buckets[i].label)));
};

/* The same as numbers. */
const numbers = (heads, rows) => h("details", {className: "numbers"},
    h("summary", {}, "Numbers"),
    h("div", {className: "scroll", tabIndex: 0, role: "region",
	"aria-label": "Numbers of the plot"},
    h("table", {}, h("thead", {}, h("tr", {}, heads.map(t =>
	h("th", {scope: "col"}, t)))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {},
	h("th", {scope: "row"}, first), rest.map(t => h("td", {}, t))))))));

const figure = (name, caption, plot, table, key) => h("figure", {},
    h("figcaption", {}, h("strong", {}, name), " ",
	h("span", {className: "soft"}, caption)),
    plot, key, table);

const leadPlot = (buckets, each) => {
	const rows = buckets.map((b, i) => {
		const sorted = each[i].slice().sort((p, q) => p - q);
		return {half: quantile(sorted, .5), most: quantile(sorted, .9),
		    n: sorted.length};
	});
	const highest = Math.max(0, ...rows.map(r => r.most ?? 0));
	const unitMs = highest > 3 * 86400000 ? 86400000 :
	    highest > 5400000 ? 3600000 : highest > 120000 ? 60000 : 1000;
	const unit = {86400000: "d", 3600000: "h", 60000: "min",
		1000: "s"}[unitMs];
	const scale = scaleOf(highest / unitMs);
	const plot = frame({buckets, scale, unit: v => `${+v.toFixed(2)} ${unit}`,
	    label: "Time from the last approval to the landing: median " +
		"and nine tenths, over time",
	    draw: ({x, y, step}) => rows.map((r, i) => r.half === null ? null :
		[svg("rect", {x: x(i) + step * .2, width: step * .6,
		    y: y(r.most / unitMs), class: "band",
		    height: Math.max(1, y(0) - y(r.most / unitMs))}),
		svg("rect", {x: x(i) + step * .2, width: step * .6,
		    y: y(r.half / unitMs) - 1, height: 2, class: "line"})]
	    ).filter(Boolean)});
	return figure("Approval to landing",
	    "median (line), nine in ten (bar)", plot,
	    numbers(["From", "Changes", "Median", "Nine in ten"],
	    rows.map((r, i) => [buckets[i].label, number(r.n),
		r.half === null ? "\u2013" : duration(r.half),
		r.most === null ? "\u2013" : duration(r.most)])));
};

const sharePlot = (buckets, all, some) => {
	const share = all.map((n, i) => n ? 100 * some[i] / n : 0);
	const scale = scaleOf(Math.max(5, ...share));
	const plot = frame({buckets, scale, unit: v => `${+v.toFixed(1)} %`,
	    label: "Share of emergency changes among all, over time",
	    draw: ({x, y, step}) => share.map((v, i) => all[i] === 0 ? null :
		svg("rect", {x: x(i) + step * .2, width: step * .6,
		    y: v ? y(v) : y(0) - 1, class: v ? "warn" : "nought",
		    height: v ? y(0) - y(v) : 1})).filter(Boolean)});
	return figure("Emergencies", "share of the changes", plot,
	    numbers(["From", "Changes", "Emergencies", "Share"],
	    buckets.map((b, i) => [b.label, number(all[i]), number(some[i]),
		all[i] ? `${share[i].toFixed(1)} %` : "\u2013"])));
};

const HUES = 5;
const stackPlot = (buckets, each) => {
	const totals = new Map();
	for (const counts of each)
		for (const [control, n] of counts)
			totals.set(control, (totals.get(control) ?? 0) + n);
	const controls = [...totals.keys()].sort(
	    (a, b) => totals.get(b) - totals.get(a) || (a < b ? -1 : 1));
	const shown = controls.slice(0, HUES - 1);
	const other = controls.slice(HUES - 1);
	const value = (i, control) => control === null ?
	    other.reduce((n, c) => n + (each[i].get(c) ?? 0), 0) :
	    each[i].get(control) ?? 0;
	const layers = other.length ? [...shown, null] : shown;
	const sums = buckets.map((_, i) =>
	    layers.reduce((n, c) => n + value(i, c), 0));
	const scale = scaleOfCounts(Math.max(0, ...sums));
	const plot = frame({buckets, scale, unit: v => number(v),
	    label: "Refusals by control, over time",
	    draw: ({x, y, step}) => buckets.flatMap((_, i) => {
		let below = 0;
		return layers.map((control, k) => {
			const n = value(i, control);
			below += n;
			return n === 0 ? null : svg("rect", {
			    x: x(i) + step * .15, width: step * .7,
			    y: y(below), height: y(0) - y(n),
			    class: `hue${k}`});
		});
	    }).filter(Boolean)});
	const key = h("ul", {className: "key"}, layers.map((control, k) =>
	    h("li", {}, h("span", {className: `swatch hue${k}`,
		"aria-hidden": "true"}), control === null ? "others" :
		line(control), ` ${number(control === null ?
		other.reduce((n, c) => n + totals.get(c), 0) :
		totals.get(control))}`)));
	return figure("Refusals", "by the control that refused", plot,
	    numbers(["From", ...layers.map(c => c ?? "others")],
	    buckets.map((b, i) => [b.label,
		...layers.map(c => number(value(i, c)))])), key);
};
