import assert from "node:assert/strict";
import test from "node:test";
import { followable, shown, userIdOf } from "../src/showcase/links.ts";

test("web addresses are followed as they are", () => {
  assert.equal(followable("https://example.org/a?b=c"), "https://example.org/a?b=c");
  assert.equal(followable("http://example.org"), "http://example.org/");
});

test("nothing that runs is followed", () => {
  const others = [
    "", "javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://x/1",
    "file:///etc/passwd", "//example.org", "/local", "x",
  ];
  for (const url of others) assert.equal(followable(url), "");
});

test("a person reads host and path", () => {
  assert.equal(shown("https://www.example.org/"), "example.org");
  assert.equal(shown("https://example.org/a/b?token=c"), "example.org/a/b");
});

test("whose page it is stands in the path", () => {
  assert.equal(userIdOf("/showcase/0190-x"), "0190-x");
  assert.equal(userIdOf("/showcase"), "");
});
