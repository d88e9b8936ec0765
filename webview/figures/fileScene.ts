import type { Ink, Mark } from "./scene";

/** What a canvas draws and scenes on a page do not have; in SVG files alone. */
export type FileMark =
  | { readonly kind: "area"; readonly points: readonly (readonly [x: number, y: number])[]; readonly ink: Ink }
  | {
      readonly kind: "cell";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** Of CSS; null for an outline alone. */
      readonly colour: string | null;
      readonly title: string;
      /** Written into it, in black or white. */
      readonly value: { readonly text: string; readonly colour: string } | null;
      /** Has the sign of a null, of this colour. */
      readonly marked: string | null;
    }
  /** Upwards from a point. */
  | { readonly kind: "turnedText"; readonly x: number; readonly y: number; readonly text: string; readonly ink: Ink };

/** A drawing as an SVG file has it; every scene is one. */
export interface FileScene {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly (Mark | FileMark)[];
}
