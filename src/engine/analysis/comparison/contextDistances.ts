/** Logits of some contexts over the matched vocabulary, row-major [rows, cols]; column j is the same token in both. */
export interface LogitRows {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

/** Of each context; nats. */
export interface ContextDistances {
  /** JS(p, p') ≤ log 2. */
  readonly js: Float64Array;
  /** KL(left ‖ right). */
  readonly kl: Float64Array;
  /** KL(right ‖ left). */
  readonly klBackward: Float64Array;
  /** 1 where both put the same token first; the first of equals. */
  readonly sameTop: Uint8Array;
}

/**
 * Distances between the softmax of two sets of logits, renormalised on the matched vocabulary, in float64. Equal rows
 * give exactly 0. With t = log p' − log p and m the mean of p and p',
 * log m − log p = log((1 + eᵗ)/2), written so that no digits are lost for t of either sign.
 * @throws RangeError when the shapes differ
 */
export function contextDistances(left: LogitRows, right: LogitRows): ContextDistances {
  const { rows, cols } = left;
  if (right.rows !== rows || right.cols !== cols) {
    throw new RangeError(`logits of ${rows}×${cols} beside ${right.rows}×${right.cols}`);
  }
  const out = emptyDistances(rows);
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    const [topL, topR] = [largestIn(left, start), largestIn(right, start)];
    const [normL, normR] = [logNormaliser(left, start, topL), logNormaliser(right, start, topR)];
    let [js, kl, klBackward] = [0, 0, 0];
    for (let k = start; k < start + cols; k++) {
      const a = left.data[k]! - normL;
      const b = right.data[k]! - normR;
      const t = b - a;
      if (t === 0) continue;
      const p = Math.exp(a);
      const q = Math.exp(b);
      const rest = Math.log1p(Math.exp(-Math.abs(t))) - Math.LN2;
      js -= p * (rest + Math.max(t, 0)) + q * (rest - Math.min(t, 0));
      kl -= p * t;
      klBackward += q * t;
    }
    // Nearly equal rows may come out a rounding error below zero, opposite ones above log 2.
    out.js[i] = Math.min(Math.LN2, Math.max(0, js / 2));
    out.kl[i] = Math.max(0, kl);
    out.klBackward[i] = Math.max(0, klBackward);
    out.sameTop[i] = topL === topR ? 1 : 0;
  }
  return out;
}

/** One after the other. */
export function joinDistances(parts: readonly ContextDistances[]): ContextDistances {
  const out = emptyDistances(parts.reduce((rows, part) => rows + part.js.length, 0));
  let at = 0;
  for (const part of parts) {
    out.js.set(part.js, at);
    out.kl.set(part.kl, at);
    out.klBackward.set(part.klBackward, at);
    out.sameTop.set(part.sameTop, at);
    at += part.js.length;
  }
  return out;
}

function emptyDistances(rows: number): ContextDistances {
  return {
    js: new Float64Array(rows),
    kl: new Float64Array(rows),
    klBackward: new Float64Array(rows),
    sameTop: new Uint8Array(rows),
  };
}

/** Position in the data of the largest logit of the row that starts at `start`. */
function largestIn({ data, cols }: LogitRows, start: number): number {
  let top = start;
  for (let k = start + 1; k < start + cols; k++) if (data[k]! > data[top]!) top = k;
  return top;
}

/** log Σ exp, without overflow. */
function logNormaliser({ data, cols }: LogitRows, start: number, top: number): number {
  const largest = data[top]!;
  let sum = 0;
  for (let k = start; k < start + cols; k++) sum += Math.exp(data[k]! - largest);
  return largest + Math.log(sum);
}
