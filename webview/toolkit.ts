/** The only module that touches the webview toolkit: it is archived upstream, and this is where it would be replaced. */
import "./nonce";
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
  vsCodeCheckbox,
} from "@vscode/webview-ui-toolkit";
import { custom } from "./dom";
import type { Attributes } from "./dom";

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
  vsCodeCheckbox(),
);

export function button(
  label: string,
  onclick: () => void,
  attributes: Attributes & { readonly appearance?: "primary" | "secondary" } = {},
): HTMLElement {
  return custom("vscode-button", { appearance: "secondary", ...attributes, onclick }, label);
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function dropdown(
  attributes: Attributes & { readonly id: string; readonly "aria-label": string },
  options: readonly Option[],
  selected: string,
  onChoice: (value: string) => void,
): HTMLElement {
  const onchange = (event: Event) => {
    const target: EventTarget & { value?: unknown } = event.target ?? new EventTarget();
    if (typeof target.value === "string" && target.value !== selected) onChoice(target.value);
  };
  return custom(
    "vscode-dropdown",
    { ...attributes, onchange },
    ...options.map(({ value, label }) => custom("vscode-option", { value, selected: value === selected }, label)),
  );
}

export function textField(
  attributes: Attributes & { readonly "aria-label": string },
  onInput: (value: string) => void,
): HTMLElement {
  const field = custom("vscode-text-field", {
    ...attributes,
    oninput: (event) => {
      const target: EventTarget & { value?: unknown } = event.target ?? new EventTarget();
      if (typeof target.value === "string") onInput(target.value);
    },
  });
  // The component calls itself "Text field" once it is in the page.
  queueMicrotask(() => field.setAttribute("aria-label", attributes["aria-label"]));
  return field;
}

export function checkbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
  attributes: Attributes = {},
): HTMLElement {
  return custom(
    "vscode-checkbox",
    {
      ...attributes,
      checked,
      onchange: (event) => {
        const target: EventTarget & { checked?: unknown } = event.target ?? new EventTarget();
        onChange(target.checked === true);
      },
    },
    label,
  );
}
