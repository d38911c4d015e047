/*
 * Does an Ed25519 signature hold (RFC 8032)?
 *
 * The browser's own cryptography is asked where it knows the algorithm; else
 * it is computed here, slowly and in the open: nothing in it is secret.
 */
const P25519 = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const fieldOf = n => (n % P25519 + P25519) % P25519;

const powerOf = (base, exponent) => {
	let out = 1n;
	for (; exponent > 0n; exponent >>= 1n) {
		if (exponent & 1n)
			out = out * base % P25519;
		base = base * base % P25519;
	}
	return out;
};

const inverseOf = n => powerOf(n, P25519 - 2n);
const CURVE_D = fieldOf(-121665n * inverseOf(121666n));
const ROOT_M1 = powerOf(2n, (P25519 - 1n) / 4n);

const littleEndian = bytes => bytes.reduceRight(
    (sum, byte) => sum << 8n | BigInt(byte), 0n);

/* A point is [X, Y, Z, T] with x = X/Z, y = Y/Z, x * y = T/Z. */
const NEUTRAL = [0n, 1n, 1n, 0n];

const addPoints = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
	const a = fieldOf((y1 - x1) * (y2 - x2));
	const b = fieldOf((y1 + x1) * (y2 + x2));
	const c = fieldOf(2n * t1 * t2 * CURVE_D);
	const d = fieldOf(2n * z1 * z2);
	const e = b - a, f = d - c, g = d + c, h = b + a;
	return [fieldOf(e * f), fieldOf(g * h), fieldOf(f * g), fieldOf(e * h)];
};

const timesPoint = (n, point) => {
	let out = NEUTRAL;
	for (; n > 0n; n >>= 1n) {
		if (n & 1n)
			out = addPoints(out, point);
		point = addPoints(point, point);
	}
	return out;
};

/* null: no point has this encoding. */
const readPoint = bytes => {
	const all = littleEndian(bytes);
	const sign = all >> 255n, y = all & ((1n << 255n) - 1n);
	if (y >= P25519)
		return null;
	const u = fieldOf(y * y - 1n), v = fieldOf(CURVE_D * y * y + 1n);
	const v3 = fieldOf(v * v * v);
	let x = fieldOf(u * v3 *
	    powerOf(fieldOf(u * v3 * v3 * v), (P25519 - 5n) / 8n));
	if (fieldOf(v * x * x) !== u)
		x = fieldOf(x * ROOT_M1);
	if (fieldOf(v * x * x) !== u || (x === 0n && sign === 1n))
		return null;
	if ((x & 1n) !== sign)
		x = P25519 - x;
	return [x, y, 1n, fieldOf(x * y)];
};

const BASE = readPoint(Uint8Array.from({length: 32},
    (_, i) => i === 0 ? 0x58 : 0x66));

const samePoint = ([x1, y1, z1], [x2, y2, z2]) =>
    fieldOf(x1 * z2 - x2 * z1) === 0n && fieldOf(y1 * z2 - y2 * z1) === 0n;

const ed25519Plain = (key, signature, message) => {
	const r = readPoint(signature.slice(0, 32)), a = readPoint(key);
	const s = littleEndian(signature.slice(32));
	if (signature.length !== 64 || r === null || a === null || s >= ORDER)
		return false;
	const all = new Uint8Array(64 + message.length);
	all.set(signature.slice(0, 32));
	all.set(key, 32);
	all.set(message, 64);
	const k = littleEndian(sha512(all)) % ORDER;
	return samePoint(timesPoint(s, BASE), addPoints(r, timesPoint(k, a)));
};

/* {holds, by}: `by` says whose arithmetic it was. */
const ed25519 = async (key, signature, message) => {
	try {
		const own = await crypto.subtle.importKey("raw", key,
		    {name: "Ed25519"}, false, ["verify"]);
		const holds = await crypto.subtle.verify({name: "Ed25519"},
		    own, signature, message);
		return {holds, by: "the browser's own cryptography"};
	} catch {
		return {holds: ed25519Plain(key, signature, message),
		    by: "this page's own arithmetic"};
	}
};
