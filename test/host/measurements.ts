/** Every test file is a bundle of its own, so what they share lives on the global object. */
const shared = globalThis as { relationLensMeasurements?: string[] };

/** Notes a measured figure, which the runner prints beside the tests. */
export function note(text: string): void {
  (shared.relationLensMeasurements ??= []).push(text);
}

export function measurements(): readonly string[] {
  return shared.relationLensMeasurements ?? [];
}
