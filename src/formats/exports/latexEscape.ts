const commands: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  // After the end of a row, a bracket would be taken for its argument.
  "[": "{[}",
  "<": "$<$",
  ">": "$>$",
  "|": "$|$",
  '"': "\\textquotedbl{}",
  "–": "--",
  "—": "---",
  "−": "$-$",
  "×": "$\\times$",
  "·": "$\\cdot$",
  "→": "$\\rightarrow$",
  "≥": "$\\geq$",
  "≤": "$\\leq$",
  "²": "$^2$",
  "⁻": "$^-$",
  "¹": "$^1$",
  "‖": "$\\|$",
  "…": "\\ldots{}",
  "“": "``",
  "”": "''",
  "‘": "`",
  "’": "'",
  "\u00a0": "~",
  "␣": "\\textvisiblespace{}",
};

const greek: Readonly<Record<string, string>> = {
  ...{ α: "alpha", β: "beta", γ: "gamma", δ: "delta", λ: "lambda", μ: "mu", σ: "sigma", ρ: "rho" },
  ...{ Σ: "Sigma", Δ: "Delta", Λ: "Lambda" },
};

/**
 * Text as LaTeX shows it, with signs that pdflatex has no letter for as commands. Letters of other scripts stay as
 * they are: they need a font, and an engine, that has them.
 */
export function escapeLatex(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/./gsu, (sign) => commands[sign] ?? greekCommand(sign) ?? sign);
}

function greekCommand(sign: string): string | undefined {
  const name = greek[sign];
  return name === undefined ? undefined : `$\\${name}$`;
}
