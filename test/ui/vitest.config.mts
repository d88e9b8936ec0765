import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/ui/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // One editor at a time: timings are measured.
    fileParallelism: false,
  },
});
