/** How the worker shares its time: long work is done in stretches, between which it hears what it is asked. */

/** For so long the worker works at a stretch; an edit that comes meanwhile waits so long at most. */
const STRETCH_MS = 8;

const { port1: here, port2: there } = new MessageChannel();
const waiting: (() => void)[] = [];
here.onmessage = () => waiting.shift()?.();

/** Lets the worker do what it has been asked meanwhile: messages are heard in the order in which they were sent. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    there.postMessage(null);
  });
}

/** Does nothing for so long. */
export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** To be called between small pieces of long work: pauses when a stretch is over. */
export function inStretches(): () => Promise<void> | undefined {
  let until = performance.now() + STRETCH_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return pause().then(() => void (until = performance.now() + STRETCH_MS));
  };
}

/** True at most once in each interval. */
export function seldom(milliseconds: number): () => boolean {
  let next = 0;
  return () => {
    const now = performance.now();
    if (now < next) return false;
    next = now + milliseconds;
    return true;
  };
}
