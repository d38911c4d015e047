/*
 * SHA-256 and SHA-512 (FIPS 180-4).
 *
 * Synchronous, and there also where a page has no crypto.subtle (plain http).
 * The constants are made as the standard says: the first bits of the
 * fractional parts of roots of the first primes.
 */
const PRIMES = (() => {
	const found = [];
	for (let n = 2; found.length < 80; n++)
		if (found.every(p => n % p))
			found.push(n);
	return found;
})();

/* The first 64 bits of the fraction of the k-th root of n. */
const rootBits = (n, k) => {
	const target = BigInt(n) << BigInt(64 * k);
	let low = 0n, high = 1n << 70n;
	while (high - low > 1n) {
		const middle = (low + high) >> 1n;
		if (middle ** BigInt(k) <= target)
			low = middle;
		else
			high = middle;
	}
	return BigInt.asUintN(64, low);
};

const K512 = PRIMES.map(p => rootBits(p, 3));
const H512 = PRIMES.slice(0, 8).map(p => rootBits(p, 2));
const first32 = wide => Number(wide >> 32n) | 0;
const K256 = Int32Array.from(K512.slice(0, 64), first32);
const H256 = Int32Array.from(H512, first32);

const sha256Words = new Int32Array(64);
const sha256State = new Int32Array(8);

const sha256Block = (data, at) => {
	const w = sha256Words, s = sha256State;
	for (let i = 0; i < 16; i++, at += 4)
		w[i] = data[at] << 24 | data[at + 1] << 16 |
		    data[at + 2] << 8 | data[at + 3];
	for (let i = 16; i < 64; i++) {
		const x = w[i - 15], y = w[i - 2];
		const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
		const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^
		    y >>> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1 | 0;
	}
	let a = s[0], b = s[1], c = s[2], d = s[3];
	let e = s[4], f = s[5], g = s[6], h = s[7];
	for (let i = 0; i < 64; i++) {
		const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^
		    (e >>> 25 | e << 7);
		const t1 = h + s1 + (g ^ e & (f ^ g)) + K256[i] + w[i] | 0;
		const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^
		    (a >>> 22 | a << 10);
		const t2 = s0 + (a & b | c & (a | b)) | 0;
		h = g;
		g = f;
		f = e;
		e = d + t1 | 0;
		d = c;
		c = b;
		b = a;
		a = t1 + t2 | 0;
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
};

const sha256Tail = new Uint8Array(128);

/* Of data[from, to); 32 bytes. */
const sha256 = (data, from = 0, to = data.length) => {
	const len = to - from;
	const whole = from + (len & ~63);
	sha256State.set(H256);
	let at = from;
	for (; at < whole; at += 64)
		sha256Block(data, at);
	const tail = sha256Tail.fill(0);
	for (let i = 0; at < to; i++, at++)
		tail[i] = data[at];
	const rest = len & 63, size = rest < 56 ? 64 : 128;
	tail[rest] = 0x80;
	const view = new DataView(tail.buffer);
	view.setUint32(size - 8, Math.floor(len / 0x20000000));
	view.setUint32(size - 4, len << 3);
	sha256Block(tail, 0);
	if (size === 128)
		sha256Block(tail, 64);
	const out = new Uint8Array(32), words = new DataView(out.buffer);
	for (let i = 0; i < 8; i++)
		words.setInt32(4 * i, sha256State[i]);
	return out;
};

/* For short texts only: it counts in whole numbers of any size. */
const sha512 = data => {
	const size = Math.ceil((data.length + 17) / 128) * 128;
	const all = new Uint8Array(size), view = new DataView(all.buffer);
	const wide = n => BigInt.asUintN(64, n);
	const turn = (x, n) => wide(x >> BigInt(n) | x << BigInt(64 - n));
	all.set(data);
	all[data.length] = 0x80;
	view.setBigUint64(size - 8, BigInt(data.length) * 8n);
	let state = H512.slice();
	for (let at = 0; at < size; at += 128) {
		const w = [];
		for (let i = 0; i < 16; i++)
			w.push(view.getBigUint64(at + 8 * i));
		for (let i = 16; i < 80; i++) {
			const x = w[i - 15], y = w[i - 2];
			w.push(wide(w[i - 16] + w[i - 7] +
			    (turn(x, 1) ^ turn(x, 8) ^ x >> 7n) +
			    (turn(y, 19) ^ turn(y, 61) ^ y >> 6n)));
		}
		let [a, b, c, d, e, f, g, h] = state;
		for (let i = 0; i < 80; i++) {
			const t1 = h + (turn(e, 14) ^ turn(e, 18) ^
			    turn(e, 41)) + (g ^ e & (f ^ g)) + K512[i] + w[i];
			const t2 = (turn(a, 28) ^ turn(a, 34) ^ turn(a, 39)) +
			    (a & b | c & (a | b));
			[h, g, f, e, d, c, b, a] =
			    [g, f, e, wide(d + t1), c, b, a, wide(t1 + t2)];
		}
		state = [a, b, c, d, e, f, g, h]
		    .map((n, i) => wide(n + state[i]));
	}
	const out = new Uint8Array(64), words = new DataView(out.buffer);
	state.forEach((n, i) => words.setBigUint64(8 * i, n));
	return out;
};
