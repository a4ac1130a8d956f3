"use strict";
// What the page carries, unpacked, and which systems pass the filters.
async function unpacked(id) {
  const text = atob(document.getElementById(id).textContent), packed = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) packed[at] = text.charCodeAt(at);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}
const inMm = value => value == null ? "" : value.toFixed(value >= 1 ? 1 : 2);
class Atlas {
  constructor(facts) {
    Object.assign(this, facts);
    this.n = this.columns.system.length;
    this.place = new Map(this.symbols.map((symbol, at) => [symbol.toLowerCase(), at]));
    this.row = new Map(this.columns.system.map((system, at) => [system, at]));
    this.hasChances = this.columns.chance_bulk.some(value => value != null);
    let maps = 0;
    this.mapAt = this.columns.map_top_mm.map(top => top == null ? -1 : maps++);
  }
  // "Zr Al -Be" as the elements that are wanted, those that are not, and words that are no element of the atlas.
  parsed(text) {
    const query = {wanted: new Set(), refused: new Set(), unknown: []};
    for (const [, sign, word] of text.replace(/[−–]/g, "-").matchAll(/(^-|[\s,;]-)?([\p{L}\d]+)/gu)) {
      const known = this.place.get(word.toLowerCase());
      const parts = known != null ? [word] : word.match(/\p{Lu}\p{Ll}?|[\p{L}\d]+/gu);
      for (const part of parts) {
        const at = this.place.get(part.toLowerCase());
        if (at == null) query.unknown.push(part); else query[sign ? "refused" : "wanted"].add(at);
      }
    }
    return query;
  }
  passes(at, choice) {
    const c = this.columns, members = c.members[at];
    for (const one of choice.query.wanted) if (!members.includes(one)) return false;
    for (const one of members) if (choice.query.refused.has(one)) return false;
    return !(choice.query.unknown.length || choice.isNew && !c.is_new[at] || choice.isAllowed && c.excluded[at]
      || choice.dmax && !(c.dmax_mm[at] >= choice.dmax) || choice.chance && !(c.chance_bulk[at] >= choice.chance));
  }
  // The best ternary of each pair of elements (and of each element, on the diagonal); trusted ones go first.
  bestOfPairs(choice, measure) {
    const n = this.symbols.length, best = new Int32Array(n * n).fill(-1), c = this.columns, values = c[measure];
    const better = (at, other) => other < 0 || c.is_trusted[at] > c.is_trusted[other]
      || c.is_trusted[at] === c.is_trusted[other] && values[at] > values[other];
    for (let at = 0; at < this.n; at++) {
      const members = c.members[at];
      if (members.length !== 3 || !this.passes(at, choice)) continue;
      for (const a of members) for (const b of members) if (better(at, best[a * n + b])) best[a * n + b] = at;
    }
    return best;
  }
  colour(value, measure) {
    const [low, high] = this.scales[measure], share = high > low ? (value - low) / (high - low) : 1;
    return this.colours[Math.round(Math.min(1, Math.max(0, share)) * (this.colours.length - 1))];
  }
  shown(at, measure) {
    const value = this.columns[measure][at];
    return measure === "chance_bulk" ? inPercent(value) : measure === "dmax_mm" ? `${inMm(value)} mm` : value.toFixed(2);
  }
  interval(at) {
    const {interval_low_mm: low, interval_high_mm: high} = this.columns;
    return low[at] == null || high[at] == null ? "no interval" : `interval ${low[at].toFixed(2)} to ${high[at].toFixed(2)} mm`;
  }
  inWords(at) {
    if (!this.columns.is_trusted[at]) return TOO_FAR;
    const first = this.hasChances ? `chance ${this.shown(at, "chance_bulk")}` : `score ${this.shown(at, "score")}`;
    return `${first}, expected D_max ${this.shown(at, "dmax_mm")} (${this.interval(at)})`;
  }
}
