/**
 * A report, or some of its fields, on its way: JSON in UTF-8, as parts to be put together. It may have millions of
 * numbers, and what lies between the engine and the page passes them on without reading them, a part in each turn of its
 * event loop: memory that is touched for the first time, once for every copy, costs more than the copying. Where a message
 * has figures in parts, all but the last go ahead of it, and the message brings the last.
 */
export type ReportBytes = readonly Uint8Array[];
