import js from "@eslint/js";
import boundaries from "eslint-plugin-boundaries";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** Which folder may import which; a folder may always import itself. */
const allowedImports = {
  extension: ["formats", "protocol"],
  cli: ["engine", "models", "prompts", "analysis", "formats", "exports", "protocol"],
  engine: ["models", "prompts", "analysis", "linalg", "formats", "exports", "protocol"],
  models: ["formats", "protocol"],
  prompts: ["models", "protocol"],
  analysis: ["linalg"],
  linalg: [],
  // Texts made from a report: pure, so that the panel and the command line make the same.
  exports: ["protocol"],
  formats: ["protocol"],
  protocol: [],
  webview: ["exports", "protocol"],
};

/** The first that matches counts. */
const folders = {
  extension: "src/extension/**",
  cli: "src/cli/**",
  models: "src/engine/models/**",
  prompts: "src/engine/prompts/**",
  analysis: "src/engine/analysis/**",
  linalg: "src/engine/linalg/**",
  engine: "src/engine/**",
  exports: "src/formats/exports/**",
  formats: "src/formats/**",
  protocol: "src/protocol/**",
  webview: "webview/**",
};

export default tseslint.config(
  { ignores: ["dist/", "out-test/", ".cache/", "coverage/", "test/fixtures/", "training/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./webview/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["src/**", "webview/**"],
    plugins: { boundaries },
    settings: {
      "import/resolver": { typescript: { project: ["./tsconfig.json", "./webview/tsconfig.json"] } },
      "boundaries/elements": Object.entries(folders).map(([type, pattern]) => ({ type, pattern, partialMatch: false })),
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: Object.entries(allowedImports).map(([from, to]) => ({
            from: { element: { type: from } },
            allow: [{ to: { element: { type: [from, ...to] } } }],
          })),
        },
      ],
    },
  },
  {
    files: ["src/**"],
    ignores: ["src/extension/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "vscode", message: "Only src/extension may use the editor's API." }] },
      ],
    },
  },
  {
    files: ["src/extension/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...["callee.name", "callee.property.name"].map((name) => ({
          selector: `CallExpression[${name}=/Sync$/]`,
          message: "The editor's extensions share one thread: wait for the system without blocking it.",
        })),
      ],
    },
  },
  {
    // Indices of dense arrays are within bounds by construction; checks there would cost more than they catch.
    files: ["src/engine/linalg/**", "src/engine/analysis/**", "src/engine/geometry/**", "test/**"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: {
        process: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        performance: "readonly",
        URL: "readonly",
        URLSearchParams: "readonly",
      },
    },
  },
  prettier,
);
