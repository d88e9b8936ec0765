/** @throws Error always: a twin knows nothing but what the model itself was asked */
export function unrecorded(what: string): never {
  throw new Error(`a twin was asked for ${what}, which the model itself was not`);
}
