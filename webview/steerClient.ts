import type { SteerOutcome, SteerParams } from "../src/protocol/engine";
import type { FromPanel } from "../src/protocol/panel";

type Show = (outcome: SteerOutcome) => void;

/** Asks the host to steer. A slider asks faster than a model answers: one request is under way, the latest waits. */
export interface SteerClient {
  request(params: SteerParams, show: Show): void;
  receive(id: number, outcome: SteerOutcome): void;
  /** What is under way will not be answered: another analysis began. */
  reset(): void;
}

export function steerClient(post: (message: Extract<FromPanel, { type: "steer" }>) => void): SteerClient {
  let lastId = 0;
  let underWay: { readonly id: number; readonly show: Show } | null = null;
  let waiting: { readonly params: SteerParams; readonly show: Show } | null = null;

  function send(params: SteerParams, show: Show): void {
    underWay = { id: ++lastId, show };
    post({ type: "steer", id: lastId, params });
  }

  return {
    request: (params, show) => {
      if (underWay === null) send(params, show);
      else waiting = { params, show };
    },
    receive: (id, outcome) => {
      if (underWay?.id !== id) return;
      const { show } = underWay;
      const next = waiting;
      underWay = waiting = null;
      if (next) send(next.params, next.show);
      // An answer on the way to a later one is shown too: the picture follows the slider.
      show(outcome);
    },
    reset: () => {
      underWay = waiting = null;
    },
  };
}
