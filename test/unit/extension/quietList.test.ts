import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { QuietList } from "../../../src/extension/trees/quietList";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listOf(read: () => Promise<string[]>) {
  const redraw = vi.fn();
  return { redraw, list: new QuietList(read, (items) => items.join(), redraw) };
}

it("has the view draw anew only where something else would be shown", async () => {
  let items = ["a"];
  const { list, redraw } = listOf(() => Promise.resolve(items));
  expect(await list.list()).toEqual(["a"]);
  list.refresh();
  await vi.runAllTimersAsync();
  expect(redraw).not.toHaveBeenCalled();
  items = ["a", "b"];
  list.refresh();
  await vi.runAllTimersAsync();
  expect(redraw).toHaveBeenCalledTimes(1);
});

it("looks once after several changes, and never before the view has asked", async () => {
  const read = vi.fn(() => Promise.resolve(["a"]));
  const { list } = listOf(read);
  list.refresh();
  await vi.runAllTimersAsync();
  expect(read).not.toHaveBeenCalled();
  await list.list();
  for (let i = 0; i < 5; i++) list.refresh();
  await vi.runAllTimersAsync();
  expect(read).toHaveBeenCalledTimes(2);
});

it("leaves what cannot be read to the view", async () => {
  let broken = false;
  const { list, redraw } = listOf(() => (broken ? Promise.reject(new Error("gone")) : Promise.resolve(["a"])));
  await list.list();
  broken = true;
  list.refresh();
  await vi.runAllTimersAsync();
  expect(redraw).toHaveBeenCalledTimes(1);
});
