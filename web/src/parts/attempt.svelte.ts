import { type Trouble, troubleOf } from "../api/trouble";

/** What is asked of the server: whether it is under way, and what went wrong with the last of it. */
export class Attempt {
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);

  async run(work: () => Promise<unknown>): Promise<void> {
    this.trouble = null;
    this.busy = true;
    try {
      await work();
    } catch (error) {
      this.trouble = troubleOf(error);
    } finally {
      this.busy = false;
    }
  }
}
