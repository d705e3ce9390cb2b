// Lets the browser draw and listen during long work; whoever works in steps calls it between them.

/** ms of work after which the browser gets its turn. */
const SLICE_MS = 12;

/** Gives a function to await between steps: it takes no time until a slice is used up. */
export function createBreather(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < SLICE_MS) return;
    await turn();
    began = performance.now();
  };
}

/** A message is delivered in a task of its own, and, unlike a timer, is not slowed down. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
