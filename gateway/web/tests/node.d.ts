/** The little of Node that the tests use; its own types are no dependency of the app. */
declare module "node:test" {
  export default function test(name: string, run: () => void | Promise<void>): void;
}

declare module "node:assert/strict" {
  const assert: {
    equal<T>(actual: T, expected: T): void;
    deepEqual<T>(actual: T, expected: T): void;
    rejects(promise: Promise<unknown>, expected: RegExp): Promise<void>;
  };
  export default assert;
}
