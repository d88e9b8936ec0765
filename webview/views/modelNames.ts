/** Names of two models, told apart where they are the same. */
export const modelNames = (left: string, right: string): readonly [string, string] =>
  left === right ? [`${left} (1)`, `${right} (2)`] : [left, right];
