/*
 * The formats of the evidence: a ledger's line, the tree over the lines, the
 * signed checkpoint, the key.  Read as strictly as the program reads them.
 */
const utf8 = new TextEncoder();
const strictText = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true});

const hexOf = bytes => {
	let out = "";
	for (const b of bytes)
		out += (b < 16 ? "0" : "") + b.toString(16);
	return out;
};
const bytesOfHex = hex => Uint8Array.from(hex.match(/../g) ?? [],
    two => parseInt(two, 16));
const sameBytes = (a, b) => a.length === b.length &&
    a.every((byte, i) => byte === b[i]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/* null for what is not canonical base64. */
const bytesOfBase64 = text => {
	if (!BASE64.test(text))
		return null;
	const raw = atob(text), out = new Uint8Array(raw.length);
	for (let i = 0; i < raw.length; i++)
		out[i] = raw.charCodeAt(i);
	return out;
};

const HEAD = /^\{"v":1,"seq":([1-9][0-9]{0,15}),"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)","prev":"([0-9a-f]{64})",(?="type":"[a-z]+")/;

/* {seq, time, prev}, or null when the line is not one of ours. */
const readHead = text => {
	const m = HEAD.exec(text.slice(0, 240));
	return m && {seq: Number(m[1]), time: m[2], prev: m[3]};
};

/* A leaf is SHA-256 of 0x00 and the line. */
const lineBuffer = {bytes: new Uint8Array(65536)};
const hashLine = line => {
	if (lineBuffer.bytes.length < line.length + 1)
		lineBuffer.bytes = new Uint8Array(2 * line.length + 1);
	const all = lineBuffer.bytes;
	all[0] = 0;
	all.set(line, 1);
	return {
		digest: sha256(all, 1, line.length + 1),
		leaf: sha256(all, 0, line.length + 1),
	};
};

const nodeBuffer = new Uint8Array(65);
const joinNodes = (left, right) => {
	nodeBuffer[0] = 1;
	nodeBuffer.set(left, 1);
	nodeBuffer.set(right, 33);
	return sha256(nodeBuffer);
};

/* The largest power of two below n. */
const splitOf = n => {
	let k = 1;
	while (2 * k < n)
		k *= 2;
	return k;
};

/*
 * The tree over `size` records, of which leaf(n) is known from `from` up to
 * `to` (counting from 0) and whole subtrees are given for the rest, by
 * "<begin> <count>".
 */
class Tree {
	constructor(size, from, to, leaf, given) {
		Object.assign(this, {size, from, to, leaf, given});
	}

	/* The root over [low, high), or null where something is missing. */
	root(low, high) {
		const given = this.given.get(`${low} ${high - low}`);
		if (given)
			return given;
		if (high - low === 1)
			return low >= this.from && low < this.to ?
			    this.leaf(low) : null;
		const middle = low + splitOf(high - low);
		const left = this.root(low, middle);
		const right = left && this.root(middle, high);
		return right && joinNodes(left, right);
	}

	/* From the leaf up: what stands beside it at each level. */
	path(n, low = 0, high = this.size) {
		if (high - low === 1)
			return [];
		const middle = low + splitOf(high - low);
		if (n < middle)
			return [...this.path(n, low, middle),
			    {side: "right", hash: this.root(middle, high)}];
		return [...this.path(n, middle, high),
		    {side: "left", hash: this.root(low, middle)}];
	}
}

const climb = (leaf, path) => path.reduce((at, {side, hash}) =>
    side === "left" ? joinNodes(hash, at) : joinNodes(at, hash), leaf);

/*
 * range.txt.  Throws for anything but the subtrees that there must be: the
 * given ones never stand for a record that is here.
 */
const readRange = text => {
	const out = {given: new Map()};
	const lines = text.split("\n");
	if (lines.pop() !== "")
		throw new Error("range.txt does not end with a newline");
	for (const name of ["first", "last", "size"]) {
		const m = /^([a-z]+) (0|[1-9][0-9]{0,14})$/.exec(
		    lines.shift() ?? "");
		if (!m || m[1] !== name)
			throw new Error(`range.txt does not say its ${name}`);
		out[name] = Number(m[2]);
	}
	const wanted = [
		...fullSubtrees("before", 0, out.first - 1),
		...fullSubtrees("after", out.last, out.size),
	];
	for (const {side, at, count} of wanted) {
		const m = /^([a-z]+) ([0-9]+) ([0-9]+) ([0-9a-f]{64})$/.exec(
		    lines.shift() ?? "");
		if (!m || m[1] !== side || m[2] !== String(at) ||
		    m[3] !== String(count))
			throw new Error("range.txt lacks the subtree at " +
			    `${at} of ${count} records`);
		out.given.set(`${at} ${count}`, bytesOfHex(m[4]));
	}
	if (lines.length > 0)
		throw new Error("range.txt says more than it should");
	return out;
};

const fullSubtrees = (side, from, to) => {
	const out = [];
	for (let at = from; at < to;) {
		let count = 1;
		while (at % (2 * count) === 0 && at + 2 * count <= to)
			count *= 2;
		out.push({side, at, count});
		at += count;
	}
	return out;
};

const SPKI = "302a300506032b6570032100"; /* Ed25519, as DER begins */

/* {raw, fingerprint} of a PEM, or null. */
const readKey = pem => {
	const m = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]+)\n-----END PUBLIC KEY-----\n$/.exec(pem);
	const der = m && bytesOfBase64(m[1]);
	if (!der || der.length !== 44 || hexOf(der.slice(0, 12)) !== SPKI)
		return null;
	return {raw: der.slice(12), fingerprint: hexOf(sha256(der))};
};

/*
 * A signed note that is a checkpoint: {origin, size, root, text, signatures}.
 * Throws with the reason.
 */
const readCheckpoint = note => {
	const cut = note.indexOf("\n\n\u2014 ");
	if (cut < 0)
		throw new Error("the checkpoint has no signature");
	const text = note.slice(0, cut + 1);
	const m = /^([^\n]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/.exec(text);
	if (!m)
		throw new Error("the checkpoint does not say origin, size " +
		    "and root");
	const lines = note.slice(cut + 2).split("\n");
	if (lines.pop() !== "")
		throw new Error("the checkpoint is cut short");
	const signatures = lines.map(line => {
		const s = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
		const bytes = s && bytesOfBase64(s[2]);
		if (!bytes || bytes.length < 5)
			throw new Error("a signature of the checkpoint is " +
			    "malformed");
		return {name: s[1], id: hexOf(bytes.slice(0, 4)),
		    bytes: bytes.slice(4)};
	});
	return {origin: m[1], size: Number(m[2]), root: bytesOfBase64(m[3]),
	    text, signatures};
};

/* {holds, by, why} */
const checkpointHolds = async (checkpoint, key) => {
	const name = utf8.encode(checkpoint.origin + "\n\u0001");
	const full = new Uint8Array(name.length + 32);
	full.set(name);
	full.set(key.raw, name.length);
	const id = hexOf(sha256(full).slice(0, 4));
	const own = checkpoint.signatures.find(s => s.id === id &&
	    s.name === checkpoint.origin && s.bytes.length === 64);
	if (!own)
		return {holds: false,
		    why: "no signature of it is by the sealing key"};
	const answer = await ed25519(key.raw, own.bytes,
	    utf8.encode(checkpoint.text));
	return {...answer, why: answer.holds ? "" :
	    "the signature does not hold"};
};

/* Throws for a block that is damaged or larger than any writer makes. */
const BLOCK_MAX = 16 << 20;
const gunzip = async bytes => {
	const stream = new Blob([bytes]).stream()
	    .pipeThrough(new DecompressionStream("gzip"));
	const reader = stream.getReader(), parts = [];
	let total = 0;
	for (;;) {
		const {done, value} = await reader.read();
		if (done)
			break;
		total += value.length;
		if (total > BLOCK_MAX) {
			reader.cancel();
			throw new Error("a block is larger than allowed");
		}
		parts.push(value);
	}
	const out = new Uint8Array(total);
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
};
