import { h } from "../dom";
import { strings } from "../strings";

const themes = ["vscode-light", "vscode-dark"] as const;

/** In a saved page: light or dark, as the system has it until a person chooses. */
export function themeSwitch(): HTMLElement {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const buttons = themes.map((theme, i) =>
    h(
      "button",
      { type: "button", "data-testid": `theme-${theme}`, onclick: () => choose(theme) },
      i === 0 ? strings.lightTheme : strings.darkTheme,
    ),
  );
  const follow = () => show(system.matches ? "vscode-dark" : "vscode-light");
  system.addEventListener("change", follow);
  follow();
  return h("div", { class: "segmented", role: "group", "aria-label": strings.themeLabel }, ...buttons);

  function choose(theme: (typeof themes)[number]): void {
    system.removeEventListener("change", follow);
    show(theme);
  }

  function show(theme: (typeof themes)[number]): void {
    document.body.classList.remove(...themes);
    document.body.classList.add(theme);
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(themes[i] === theme)));
  }
}
