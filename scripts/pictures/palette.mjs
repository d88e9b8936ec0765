import { decode, encodeIndexed } from "./png.mjs";

const most = 256;

/** A picture of a screen with at most 256 colours, which takes a third of the bytes and looks the same. */
export function withPalette(png) {
  const picture = decode(png);
  const { rgb } = picture;
  const counts = new Map();
  for (let i = 0; i < rgb.length; i += 3) {
    const key = (rgb[i] << 16) | (rgb[i + 1] << 8) | rgb[i + 2];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const colours = [...counts].map(([key, count]) => ({ key, count, rgb: [key >> 16, (key >> 8) & 255, key & 255] }));
  const boxes = medianCut(colours);
  const index = new Map(boxes.flatMap((box, i) => box.map(({ key }) => [key, i])));
  const pixels = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = index.get((rgb[3 * i] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i + 2]);
  }
  return encodeIndexed(picture, pixels, boxes.map(mean));
}

/** Splits the box whose colours differ most, weighed by the pixels that have them, until there are enough. */
function medianCut(colours) {
  const boxes = [measured(colours)];
  while (boxes.length < most) {
    const worst = boxes.reduce((a, b) => (b.error > a.error ? b : a));
    if (worst.error === 0) break;
    boxes.splice(boxes.indexOf(worst), 1, ...halves(worst).map(measured));
  }
  return boxes.map(({ colours }) => colours);
}

function measured(colours) {
  const ranges = [0, 1, 2].map((c) => {
    const values = colours.map(({ rgb }) => rgb[c]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  });
  const channel = ranges.indexOf(Math.max(...ranges));
  // A colour of few pixels, such as a point in a chart, still counts.
  const weight = Math.sqrt(colours.reduce((sum, { count }) => sum + count, 0));
  return { colours, channel, error: ranges[channel] * weight };
}

function halves({ colours, channel }) {
  const sorted = [...colours].sort((a, b) => a.rgb[channel] - b.rgb[channel]);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  const middle = sorted.findIndex(({ count }) => (seen += count) >= total / 2);
  const at = Math.min(Math.max(1, middle + 1), sorted.length - 1);
  return [sorted.slice(0, at), sorted.slice(at)];
}

function mean(colours) {
  const total = colours.reduce((sum, { count }) => sum + count, 0);
  return [0, 1, 2].map((c) => Math.round(colours.reduce((sum, { rgb, count }) => sum + rgb[c] * count, 0) / total));
}
