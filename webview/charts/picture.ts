import { currentTheme } from "../theme";
import { pictureCanvas, pictureScale } from "./drawing";

const margin = 16;
const titleHeight = 28;

/** Title and drawings, one below the other on the theme's background, as a PNG data URL. */
export function composePicture(title: string, parts: readonly HTMLCanvasElement[]): string {
  const theme = currentTheme();
  const size = (part: HTMLCanvasElement) => ({ width: part.width / pictureScale, height: part.height / pictureScale });
  const width = Math.max(...parts.map((part) => size(part).width)) + 2 * margin;
  const height = parts.reduce((sum, part) => sum + size(part).height, 0) + titleHeight + 2 * margin;
  return pictureCanvas(width, height, (context) => {
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
    context.fillStyle = theme.inks.foreground;
    context.font = `600 13px ${theme.fontFamily}`;
    context.textBaseline = "top";
    context.fillText(title, margin, margin, width - 2 * margin);
    let y = margin + titleHeight;
    for (const part of parts) {
      context.drawImage(part, margin, y, size(part).width, size(part).height);
      y += size(part).height;
    }
  }).toDataURL("image/png");
}
