import type { ReportDigest, SampleDigest } from "../../protocol/digest";
import type { SampleInText } from "./textContents";

const finders = new WeakMap<
  ReportDigest,
  (written: Pick<SampleInText, "subject" | "object">) => SampleDigest | undefined
>();

/** Finds what a report says of a sample as it is written, wherever it stands; nothing once its object is another. */
export function sampleFinder(digest: ReportDigest) {
  const known = finders.get(digest);
  if (known !== undefined) return known;
  const bySubject = new Map(digest.samples.map((sample) => [sample.subject, sample]));
  const find = ({ subject, object }: Pick<SampleInText, "subject" | "object">) => {
    const sample = bySubject.get(subject);
    return sample?.object === object ? sample : undefined;
  };
  finders.set(digest, find);
  return find;
}
