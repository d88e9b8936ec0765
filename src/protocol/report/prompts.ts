export interface Token {
  readonly id: number;
  readonly text: string;
}

export interface PromptResult {
  readonly template: string;
  readonly subject: string;
  readonly object: string | null;
  readonly text: string;
  /** First token of the object after the prompt; without an object, the model's own top answer. */
  readonly answerToken: Token;
  /** Natural log of p(answerToken | text). */
  readonly logProbability: number;
  /** Sum over all tokens of the object; equals logProbability for one-token objects. */
  readonly answerLogProbability: number | null;
  /** 1 = the model's top answer. */
  readonly rank: number;
  readonly predictedToken: Token;
  readonly topTokens: readonly (Token & { readonly logProbability: number })[];
}
