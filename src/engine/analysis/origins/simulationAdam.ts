/** Running means of the gradient and of its square. */
export interface AdamMoments {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const rate = 0.001;
const firstDecay = 0.9;
const secondDecay = 0.999;
const epsilon = 1e-8;

export const noMoments = (length: number): AdamMoments => ({
  first: new Float64Array(length),
  second: new Float64Array(length),
});

/** Adam with rate 0.001 and the constants of Kingma and Ba (2015); changes its moments in place. */
export class Adam {
  constructor(readonly moments: AdamMoments) {}

  /** @param step from 1 */
  update(values: Float64Array, gradient: Float64Array, step: number): void {
    const { first, second } = this.moments;
    const stepSize = rate / (1 - firstDecay ** step);
    const correction = 1 / Math.sqrt(1 - secondDecay ** step);
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      const m = firstDecay * first[i]! + (1 - firstDecay) * slope;
      const v = secondDecay * second[i]! + (1 - secondDecay) * slope * slope;
      first[i] = m;
      second[i] = v;
      values[i]! -= (stepSize * m) / (Math.sqrt(v) * correction + epsilon);
    }
  }
}
