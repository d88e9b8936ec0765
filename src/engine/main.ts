import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type CancellationToken,
} from "vscode-jsonrpc/node";
import { partsOf } from "../formats/reportParts";
import {
  methods,
  type AnalyzeAnswer,
  type AnalyzeOutcome,
  type AnalyzeParams,
  type AssessAnswer,
  type CheckWordsParams,
  type CompareRelationsParams,
  type CompareReportsParams,
  type OpenedReport,
  type ModelParams,
  type ModelsParams,
  type OpenReportParams,
  type Outcome,
  type SimulateParams,
  type SimulationNotification,
  type SteerParams,
  type SubjectsParams,
  type LogNotification,
  type Progress,
  type ProgressNotification,
  type WriteTwinParams,
} from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import {
  analyze,
  compareRelations,
  compareReports,
  describe,
  models,
  simulate,
  steer,
  subjects,
  writeTwin,
} from "./engine";
import { checkWords } from "./checkWords";
import { bytesOf, FigureSender } from "./figureSender";
import { assessment } from "./report/assessment";
import { digest } from "./report/digest";
import { openSavedReport } from "./report/savedReport";

/** The engine process: JSON-RPC over the channel of the process that forked it. */
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));

const log = (level: LogNotification["level"], message: string) => {
  void connection.sendNotification(methods.log, { level, message } satisfies LogNotification);
};

/** Progress of a request whose answer comes whole. */
const progressOf =
  (id: number) =>
  ({ phase, detail, fraction, download }: Progress) =>
    void connection.sendNotification(methods.progress, {
      phase,
      detail,
      fraction,
      ...(download === undefined ? {} : { download }),
      id,
    } satisfies ProgressNotification);

connection.onRequest(methods.analyze, (params: AnalyzeParams & { id: number }, token: CancellationToken) =>
  answer(token, async (signal): Promise<AnalyzeAnswer> => {
    const sender = new FigureSender(connection, params.id);
    const onProgress = (progress: Progress) => sender.progress(progress);
    return sent(await analyze(params, { signal, onProgress, onLog: log }), sender, signal);
  }),
);

connection.onRequest(methods.assess, (params: AnalyzeParams & { id: number }, token: CancellationToken) =>
  answer(token, async (signal): Promise<AssessAnswer> => {
    const outcome = await analyze(params, { signal, onProgress: progressOf(params.id), onLog: log }, true);
    return outcome.ok ? { ...outcome, value: assessment(outcome.value) } : outcome;
  }),
);

/** A report on its way to another process. */
async function sent(outcome: AnalyzeOutcome, sender: FigureSender, signal: AbortSignal): Promise<AnalyzeAnswer> {
  if (!outcome.ok) return outcome;
  const { value, problems } = outcome;
  const whole = { report: partsOf(bytesOf(value)), model: value.model.id, digest: digest(value) };
  return { ok: true, value: await sender.report(whole, signal), problems };
}

connection.onRequest(methods.model, (params: ModelParams & { id: number }, token: CancellationToken) =>
  answer(token, (signal) => describe(params, { signal, onProgress: progressOf(params.id), onLog: log })),
);

connection.onRequest(methods.models, (params: ModelsParams, token: CancellationToken) =>
  answer(token, (signal) => models(params, { signal, onProgress: () => undefined, onLog: log })),
);

connection.onRequest(methods.subjects, (params: SubjectsParams, token: CancellationToken) =>
  answer(token, () => subjects(params)),
);

connection.onRequest(methods.checkWords, (params: CheckWordsParams, token: CancellationToken) =>
  answer(token, () => Promise.resolve(checkWords(params))),
);

connection.onRequest(methods.openReport, ({ file, id }: OpenReportParams & { id: number }, token: CancellationToken) =>
  answer(token, async (signal): Promise<Outcome<OpenedReport>> => {
    const opened = await openSavedReport(file);
    const sender = new FigureSender(connection, id);
    return { ok: true, value: opened.kind === "report" ? await sender.report(opened, signal) : opened, problems: [] };
  }),
);

connection.onRequest(methods.steer, (params: SteerParams, token: CancellationToken) =>
  answer(token, (signal) => steer(params, { signal, onProgress: () => undefined, onLog: log })),
);

connection.onRequest(
  methods.compareReports,
  (params: CompareReportsParams & { id: number }, token: CancellationToken) =>
    answer(token, async (signal): Promise<AnalyzeAnswer> =>
      sent(await compareReports(params), new FigureSender(connection, params.id), signal),
    ),
);

connection.onRequest(
  methods.compareRelations,
  (params: CompareRelationsParams & { id: number }, token: CancellationToken) =>
    answer(token, (signal) =>
      compareRelations(params, {
        signal,
        onProgress: progressOf(params.id),
        onLog: log,
      }),
    ),
);

connection.onRequest(methods.writeTwin, (params: WriteTwinParams & { id: number }, token: CancellationToken) =>
  answer(token, (signal) =>
    writeTwin(params, {
      signal,
      onProgress: progressOf(params.id),
      onLog: log,
    }),
  ),
);

connection.onRequest(methods.simulate, (params: SimulateParams & { id: number }, token: CancellationToken) =>
  answer(token, (signal) =>
    simulate(params, {
      signal,
      onCheckpoint: (checkpoint, fraction) =>
        void connection.sendNotification(methods.simulation, {
          id: params.id,
          checkpoint,
          fraction,
        } satisfies SimulationNotification),
    }),
  ),
);

/** Turns every failure into a value, so that a front end never sees a stack trace; the trace goes to the log. */
async function answer<T>(
  token: CancellationToken,
  run: (signal: AbortSignal) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  try {
    return await run(controller.signal);
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    if (controller.signal.aborted) {
      return {
        ok: false,
        problems: [
          {
            kind: "usage",
            code: "cancelled",
            severity: "warning",
            message: "The analysis was cancelled.",
            remedy: "Run it again when you want it.",
          },
        ],
      };
    }
    log("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    return {
      ok: false,
      problems: [
        {
          kind: "internal",
          code: "internal-error",
          severity: "error",
          message: `The analysis stopped because of a fault in Relation Lens: ${error instanceof Error ? error.message : String(error)}.`,
          remedy: "Open the log for details and report it; running again may help.",
        },
      ],
    };
  } finally {
    subscription.dispose();
  }
}

connection.onClose(() => process.exit(0));
process.on("disconnect", () => process.exit(0));
connection.listen();
