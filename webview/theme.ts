import { brightnessOf } from "./figures/colourScale";
import type { Brightness } from "./figures/colourScale";
import type { Ink } from "./figures/scene";

/** The editor's colours, for what is drawn on a canvas; the rest of the page uses CSS variables. */
export interface Theme {
  readonly brightness: Brightness;
  readonly highContrast: boolean;
  readonly background: string;
  readonly inks: Readonly<Record<Ink, string>>;
  readonly fontFamily: string;
}

/** Each ink's variable is defined in base.css; SVG takes it from there. */
export function currentTheme(): Theme {
  return (cached ??= readTheme());
}

/** Reading styles makes the browser lay the page out, so it is done once a theme. */
let cached: Theme | null = null;

function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  const background = variable("--vscode-editor-background") || "#ffffff";
  const ink = (name: Ink) => variable(`--ink-${name}`) || "gray";
  return {
    brightness: brightnessOf(background),
    highContrast: document.body.className.includes("vscode-high-contrast"),
    background,
    inks: {
      foreground: ink("foreground"),
      muted: ink("muted"),
      accent: ink("accent"),
      accentBand: ink("accentBand"),
      contrast: ink("contrast"),
      third: ink("third"),
      fourth: ink("fourth"),
      line: ink("line"),
      band: ink("band"),
      strong: ink("strong"),
    },
    fontFamily: variable("--vscode-font-family") || "sans-serif",
  };
}

/** VS Code writes its variables on the root element and the theme's id and kind on the body. */
export function onThemeChange(changed: () => void): void {
  let waiting = false;
  const observer = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      cached = null;
      changed();
    });
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
}
